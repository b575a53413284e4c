"""A middleware that says, in headers, whom the site takes the visitor for, and which databases it asked."""

from routing.decision import current_decision
from routing.observing.layer import record_of, server_timing


def greet(get_response):
    def call(request):
        name = request.user.get_username()
        response = get_response(request)
        response.headers["X-Visitor"] = name
        if decision := current_decision():
            response.headers["Server-Timing"] = server_timing(record_of(decision))
        return response

    return call
