"""The newspaper as it is served, on the tests' cluster and database, reading through one of the routers."""

from django.db import connections

from tests.support import gunicorn


def served(cluster, router):
    """Give a Server that reads through `router`: ours, published or naive."""
    database = connections["default"].settings_dict["NAME"]
    replicas = [cluster.node(name).url("reader", database) for name in ("replica1", "replica2")]
    return gunicorn.served(
        {
            "DATABASE_URL": cluster.primary.url("app", database),
            "REPLICA_URLS": ",".join(replicas),
            "DJANGO_SETTINGS_MODULE": "tests.guarantees.settings",
            "ROUTER": router,
        }
    )
