"""Who is measured: each way to route, set up as its own documentation recommends."""

from dataclasses import dataclass, field

_REPLICAS = ["replica1", "replica2"]
_REQUEST = "django_middleware_global_request.middleware.GlobalRequestMiddleware"


@dataclass(frozen=True)
class Contestant:
    label: str
    routers: list
    middleware: list = field(default_factory=list)  # takes the place of RoutingMiddleware: the first one
    settings: dict = field(default_factory=dict)
    package: str = ""  # must be installed
    has_replicas: bool = True
    remote_apply: bool = False


_NAIVE = ["tests.support.naive_router.NaiveRouter"]

CONTESTANTS = {
    "none": Contestant("no router, one database", [], has_replicas=False),
    "naive": Contestant("naive router", _NAIVE),
    "docs": Contestant("Django manual's example", ["tests.benchmarks.docs_router.PrimaryReplicaRouter"]),
    "published": Contestant("published router", ["tests.support.published_router.PublishedRouter"], [_REQUEST]),
    "multidb": Contestant(
        "django-multidb-router, pinning",
        ["multidb.PinningReplicaRouter"],
        ["multidb.middleware.PinningRouterMiddleware"],
        {"REPLICA_DATABASES": _REPLICAS},
        package="django-multidb-router",
    ),
    # Its documented defaults, and the override of the admin's path that its documentation has as an example.
    "replicated": Contestant(
        "django-replicated",
        ["django_replicated.router.ReplicationRouter"],
        ["django_replicated.middleware.ReplicationMiddleware"],
        {"REPLICATED_DATABASE_SLAVES": _REPLICAS, "REPLICATED_VIEWS_OVERRIDES": {"/admin/*": "master"}},
        package="django-replicated",
    ),
    # The router that its README marks as recommended.
    "rw": Contestant(
        "django-rw-router, transaction",
        ["django_rw_router.routers.TransactionPrimaryReplicaRouter"],
        ["django_rw_router.middleware.RequestContextMiddleware"],
        {"DJANGO_RW_ROUTER_READ_DBS": _REPLICAS},
        package="django-rw-router",
    ),
    "remote_apply": Contestant("naive router, `remote_apply`", _NAIVE, remote_apply=True),
    "ours": Contestant("this project", ["routing.router.PathRouter"], ["routing.middleware.RoutingMiddleware"]),
}
