"""What `make run` runs beside the cluster: migrate, load the demo edition, then become gunicorn."""

import os
import signal
import socket
import sys

HOST, PORT = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT") or "8000"


def check_port():
    """End with one sentence if the site's port cannot be had."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, int(PORT)))
    except ValueError:
        sys.exit(f"PORT={PORT} is no number. Choose another port: make run PORT=8001")
    except (OSError, OverflowError) as error:
        reason = "is out of range" if isinstance(error, OverflowError) else f"cannot be had: {error.strerror}"
        sys.exit(f"Port {PORT} {reason}. Choose another port: make run PORT=8001")


def main():
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo")
    print(f"The Daily Replica: http://127.0.0.1:{PORT}/ (Ctrl-C stops it)", flush=True)
    # Ctrl-C waits until gunicorn listens to it: see when_ready in gunicorn.conf.py.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py"])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback
    check_port()
    main()
