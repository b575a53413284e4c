"""A story as readers will see it, before they can: as it is saved, or as it stands in the form that is sent here."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from backoffice.models import Story

UNSEEN = {"status", "published_at"}  # what is wrong with these is said when the story is saved


def preview(request, model_admin, pk=None):
    """Render a story, in whichever status, with the public site's template. Nothing is saved."""
    story = get_object_or_404(Story.objects.select_related("section", "author"), pk=pk) if pk else Story()
    if not _may(request, model_admin, story):
        raise PermissionDenied
    if request.method == "POST" and (errors := _fill_in(story, request, model_admin)):
        context = {"status": 400, "title": "No preview yet", "text": errors}
        return render(request, "publicsite/error.html", context, status=400)
    response = render(request, "publicsite/story.html", {"story": story, "preview": True})
    response["X-Robots-Tag"] = "noindex"
    return response


def _may(request, model_admin, story):
    if not story.pk:
        return request.method == "POST" and model_admin.has_add_permission(request)
    if request.method == "POST":
        return model_admin.has_change_permission(request, story)
    return model_admin.has_view_permission(request, story)


def _fill_in(story, request, model_admin):
    """Give `story` what was typed. Return what has to be mended first, in words."""
    data = request.POST.copy()
    data.pop("version", None)  # a preview undoes nobody's save
    form = model_admin.get_form(request, story if story.pk else None, change=bool(story.pk))(data, instance=story)
    if wrong := [name for name in form.errors if name not in UNSEEN]:
        return " ".join(f"{form[name].label if name in form.fields else ''}: {form.errors[name][0]}" for name in wrong)
    story.render()
    story.pk = story.pk or 0  # relations ask for a key before they may be looked at
    related = {"tags": form.cleaned_data["tags"], "corrections": _corrections(story, data, request, model_admin)}
    story._prefetched_objects_cache = related
    return ""


def _corrections(story, data, request, model_admin):
    (formset_class, _), *_ = model_admin.get_formsets_with_inlines(request, story)
    formset = formset_class(data, instance=story)
    if not formset.is_valid():
        return []
    return [form.instance for form in formset if form.instance.text and form not in formset.deleted_forms]
