"""Around each request of the demo: whose router, and the line under each public page."""

from . import lease
from .dispatch import after_a_save, router_of
from .line import add_line, forget_what_was_kept


class LabMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.race_router = router_of(request)
        lease.look()
        return add_line(request, after_a_save(request, self.get_response(request)))

    def process_view(self, request, view, args, kwargs):
        """In the race, every page greets who is logged in, as the pages of most sites do."""
        forget_what_was_kept(request, view)
        if request.race_router:
            str(request.user)
