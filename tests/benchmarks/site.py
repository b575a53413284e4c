"""The newspaper as it is served, with one contestant's routing."""

from tests.support import gunicorn


def served(cluster, contestant, replicas=("replica1", "replica2"), database="newspaper", **environment):
    """Give a Server. `environment` has more variables for gunicorn."""
    return gunicorn.served(
        {
            "DATABASE_URL": cluster.primary.url("app", database),
            "REPLICA_URLS": ",".join(cluster.node(name).url("reader", database) for name in replicas),
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "CONTESTANT": contestant,
            **environment,
        }
    )
