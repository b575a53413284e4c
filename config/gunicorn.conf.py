"""gunicorn: a few processes with a few threads each. A thread keeps one connection per database it used."""

import os

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
threads = int(os.environ.get("WEB_THREADS", 4))
worker_class = "gthread"
keepalive = 5
# A search text of 10 kB gets its answer in the paper's own clothes. A proxy in front has limits of its own.
limit_request_line = 0
control_socket_disable = True
# Heartbeat files in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
