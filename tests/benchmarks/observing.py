"""Middlewares that say in headers what a page did: statements by database, whom it took the visitor for."""

import json
from collections import Counter
from contextlib import ExitStack

from django.db import connections

from routing.bookmarks.visitor import Visitor
from routing.decision import current_decision


def count_statements(get_response):
    """X-Statements: how many statements went to each database. X-Rows: which were asked for rows of a table, and
    not only how far they are. Outermost: it sees all statements.
    """

    def call(request):
        counts, rows = Counter(), set()

        def counting(alias):
            def wrapper(execute, sql, params, many, context):
                counts[alias] += 1
                if 'FROM "' in sql:
                    rows.add(alias)
                return execute(sql, params, many, context)

            return wrapper

        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(connections[alias].execute_wrapper(counting(alias)))
            response = get_response(request)
        response.headers["X-Statements"] = json.dumps(counts)
        response.headers["X-Rows"] = " ".join(sorted(rows))
        return response

    return call


def name_the_visitor(get_response):
    """X-Visitor: every page looks who is there, as on most sites. X-Waited: milliseconds for a bookmark (ours)."""

    def call(request):
        name = request.user.get_username()
        response = get_response(request)
        response.headers["X-Visitor"] = name
        decision = current_decision()
        if decision and (waited := decision.note(Visitor).waited) is not None:
            response.headers["X-Waited"] = f"{waited:.3f}"
        return response

    return call
