"""INCOMPLETE ON PURPOSE: for each site, choose what fits. Run first: it measures what each costs.

"path"     the path rule, with bookmarks: this project
"using"    reads on the primary; a query that may be old asks a replica: .using(), with replica():
"pin"      after a write, the visitor reads the primary for two seconds
"any"      remote_apply, and synchronous_standby_names = 'ANY 1 (replica1, replica2)'
"every"    remote_apply, and synchronous_standby_names = 'ANY 2 (replica1, replica2)'
"""

DECISIONS = {
    # Editors work under /admin/, readers everywhere else. A replica may be 0.5 s late.
    "newspaper": None,
    # Every question, and every change, is a POST to /graphql/.
    "api": None,
    # Whoever posts must see the post on the next page. Others may see it a moment later.
    "forum": None,
    # A seat that is sold must be sold for everyone, at once. A sale may take a second.
    "seats": None,
    # A worker without a request is handed a row's number, and must find the row. It knows nothing of the visitor.
    "worker": None,
}
