"""What no page of the admin sends is a bad request (400). Django's own admin ends in an error 500 at some of it."""

from functools import wraps

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest


class RefusesForgedFields:
    """For a ModelAdmin whose rows have numbers as keys."""

    def get_urls(self):
        addresses = super().get_urls()
        for address in addresses:
            address.callback = _refuses_forged_fields(address.callback)
        return addresses


def _refuses_forged_fields(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        if not all(key.isdecimal() for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A row was chosen that has no number.")
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise BadRequest(f"{TO_FIELD_VAR} is empty.")
        return view(request, *args, **kwargs)

    return inner
