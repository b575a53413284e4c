# The site: gunicorn, as a user without rights. Needs DATABASE_URL, REPLICA_URLS and SECRET_KEY, or DEMO=1.

FROM python:3.13-slim-trixie AS builder
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /venv && /venv/bin/pip install --disable-pip-version-check -r requirements.txt

FROM python:3.13-slim-trixie
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PGPASSFILE=/home/app/.pgpass \
    CACHE_DIR=/var/cache/newspaper \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --uid 10001 --create-home app && install --directory --owner=app /var/cache/newspaper
COPY --from=builder /venv /venv
WORKDIR /app
COPY . .
# Readable, whatever the umask of the checkout. Settings insist on two variables; collectstatic uses neither.
RUN chmod -R a+rX . \
    && SECRET_KEY=none DATABASE_URL=postgres://none python manage.py collectstatic --no-input
USER app
EXPOSE 8000
ENTRYPOINT ["/app/cluster/docker/passwords.sh"]
CMD ["gunicorn", "-c", "config/gunicorn.conf.py"]
