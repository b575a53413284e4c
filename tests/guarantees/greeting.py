"""A middleware that says, in headers, whom the site takes the visitor for, and which databases it asked."""

from routing.route import current_route
from routing.sql import server_timing


def greet(get_response):
    def call(request):
        name = request.user.get_username()
        response = get_response(request)
        response.headers["X-Visitor"] = name
        if route := current_route():
            response.headers["Server-Timing"] = server_timing(route)
        return response

    return call
