"""The parts in order. Each takes the cluster and the folder for plots, and gives its section of RESULTS.md."""

from . import bookmarks, content, correctness, correctness_table, deciding, page, scale, start


def _story():
    from backoffice.models import Story

    return Story.objects.published().first().get_absolute_url()


PARTS = {
    "correctness": lambda cluster, folder: correctness_table.report(correctness.measure(cluster)),
    "deciding": lambda cluster, folder: deciding.report(deciding.measure()),
    "page": lambda cluster, folder: page.report(page.measure(cluster, _story())),
    "bookmarks": lambda cluster, folder: bookmarks.report(bookmarks.measure(cluster), folder),
    "content": lambda cluster, folder: content.report(content.measure(cluster), folder),
    "scale": lambda cluster, folder: scale.report(scale.measure(cluster, _story()), folder),
    "start": lambda cluster, folder: start.report(start.measure()),
}
