"""What `make run` runs beside the cluster: migrate, load the demo edition, then become gunicorn."""

import os
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo")
    print(f"The Daily Replica: http://127.0.0.1:{os.environ.get('PORT', '8000')}/ (Ctrl-C stops it)", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py"])
