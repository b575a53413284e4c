"""One page: the topics there are. A POST adds one."""

from django.http import HttpResponse
from django.urls import path

from routing import replica
from tests.samples.models import Topic


def topics(request):
    if request.method == "POST":
        Topic.objects.create(name=request.POST["name"])
    return HttpResponse(",".join(topic.name for topic in Topic.objects.all()))


@replica()
def report(request):
    return HttpResponse(Topic.objects.count())


urlpatterns = [path("", topics), path("report/", report)]
