"""What happens to requests, as signals to count: metrics.py does so for Prometheus. Connect yours in AppConfig.ready.

Without a receiver they cost nothing, and statements on replicas aren't watched.
"""

from django.dispatch import Signal

statement_ran = Signal()  # alias, reason, milliseconds: a statement of a request, whether it failed or not
page_repeated = Signal()  # alias: a page is made again, because this database failed it
replica_changed = Signal()  # alias, problem: what this process leaves a replica out for; "": it is back
bookmark_waited = Signal()  # alias, seconds: where a bookmark sent a request, and how long finding that out took

# The events that the layers tell of.
BY_EVENT = {"page repeated": page_repeated, "replica changed": replica_changed, "bookmark waited": bookmark_waited}
