"""gunicorn: a few processes with a few threads each. A thread keeps one connection per database it used."""

import os
import shutil
import tempfile

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
threads = int(os.environ.get("WEB_THREADS", 4))
worker_class = "gthread"
keepalive = 5
# A search text of 10 kB gets its answer in the paper's own clothes. A proxy in front has limits of its own.
limit_request_line = 0
# Nobody may say under which path the site lies: a SCRIPT_NAME in the headers is a 400, and so is any name with a "_".
forwarder_headers = ""
header_map = "refuse"
control_socket_disable = True
# Heartbeat files in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# Each process counts in files of its own, and whichever is asked for /metrics adds them up: see routing/metrics.py.
_counts = None
if os.environ.get("METRICS") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="daily-replica-metrics-")


def child_exit(server, worker):
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server):
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)
