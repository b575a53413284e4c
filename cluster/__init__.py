"""One PostgreSQL primary and two streaming replicas: in Docker (cluster/docker/), and without it (local.py)."""
