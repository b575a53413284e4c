"""What to type to break a server, and to mend it. The lab may not do it: it controls replicas over SQL alone."""

from django.db import connections

from routing.conf import conf

_CLUSTER = ".venv/bin/python -m cluster"
_COMPOSE = "docker compose"


def commands():
    """Return commands as pairs, of what is before a node's name and after it; and the one that promotes a replica."""
    if connections[conf().replicas[-1]].settings_dict["HOST"].startswith("127."):
        tool, verbs = _CLUSTER, ("freeze", "thaw", "kill", "start")
        promote = (f"{_CLUSTER} promote", "")
    else:
        tool, verbs = _COMPOSE, ("pause", "unpause", "kill", "start")
        promote = (f"{_COMPOSE} exec", " /cluster/docker/promote.sh")
    return [(f"{tool} {verb}", "") for verb in verbs], promote
