"""gunicorn: a few processes with a few threads each. A thread keeps one connection per database it used."""

import os
import shutil
import signal
import tempfile

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
threads = int(os.environ.get("WEB_THREADS", 4))
worker_class = "config.worker.BufferingWorker"
graceful_timeout = 8  # seconds for what is under way; Docker kills after ten
control_socket_disable = True
# Heartbeat files in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# Each process counts in files of its own; whichever is asked for /metrics adds them up (routing/observing/metrics.py).
_counts = None
if os.environ.get("METRICS") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="daily-replica-metrics-")


def when_ready(server):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def post_fork(server, worker):
    worker.arbiter = server


def child_exit(server, worker):
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(server):
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)
