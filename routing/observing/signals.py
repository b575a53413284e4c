"""What happens to requests, for whoever counts it: metrics.py does, for Prometheus. Connect yours in AppConfig.ready.

With no receiver they cost nothing, and the statements on replicas are not even seen.
"""

from django.dispatch import Signal

statement_ran = Signal()  # alias, reason, milliseconds: a statement of a request, whether it failed or not
page_repeated = Signal()  # alias: a page is made again, because this database failed it
replica_changed = Signal()  # alias, problem: what this process leaves a replica out for; "": it is back
bookmark_waited = Signal()  # alias, seconds: where a bookmark sent a request, and how long finding that out took

# The events that the layers tell of.
BY_EVENT = {"page repeated": page_repeated, "replica changed": replica_changed, "bookmark waited": bookmark_waited}
