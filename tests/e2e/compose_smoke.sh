#!/usr/bin/env bash
# The Compose stack, as the README starts it: does it end healthy, and does it heal? Needs Docker and Python.
# A project and a port of its own (COMPOSE_PROJECT_NAME, PORT); everything is removed at the end but the image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-daily-replica-smoke} PORT=${PORT:-8190}
export COMPOSE_PROGRESS=plain
data=/var/lib/postgresql/18/docker
log=$(mktemp)
step="docker compose up --build --wait"

pass() { echo "PASS  $* (${SECONDS}s)"; }

finish() {
    local status=$? service
    trap - EXIT
    if ((status)); then
        printf 'FAIL  %s (%ss)\n\n' "$step" "$SECONDS"
        tail -n 20 "$log"
        docker compose ps --all || true
        for service in primary replica1 replica2 migrate demo web; do
            docker compose logs --tail=25 "$service" || true
        done
    fi
    docker compose down --volumes --remove-orphans --timeout=5 >/dev/null 2>&1 || true
    rm -f "$log"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

quietly() { "$@" >"$log" 2>&1; }

sql() { # NODE STATEMENT…
    local node=$1 statement arguments=()
    shift
    for statement; do arguments+=(--command="$statement"); done
    docker compose exec -T "$node" psql --no-align --tuples-only --quiet "${arguments[@]}"
}

both_stream() { # within a minute
    local streaming
    for _ in {1..60}; do
        streaming=$(sql primary "SELECT string_agg(application_name, ' ' ORDER BY application_name)
            FROM pg_stat_replication WHERE state = 'streaming'")
        [[ $streaming != "replica1 replica2" ]] || return 0
        sleep 1
    done
    echo "      streaming: ${streaming:-none}"
    return 1
}

ends_healthy() {
    quietly docker compose up --wait --wait-timeout=120 "$@"
    both_stream
    pass "$step: healthy, and both replicas stream"
}

pages() { python3 tests/e2e/compose_pages.py "http://127.0.0.1:$PORT"; }

docker compose down --volumes --remove-orphans >/dev/null 2>&1 # of an earlier run that was killed
ends_healthy --build
pages

step="the site's image"
docker compose exec -T web sh -c '[ "$(id -u)" != 0 ] && ! touch manage.py && [ ! -e tests ] && [ ! -e .git ]' 2>"$log"
pass "$step: no root, nothing to write, no tests"

step="after docker compose restart"
quietly docker compose restart --timeout=20
ends_healthy
pages

step="after replica2 and its volume were removed"
quietly docker compose rm --stop --force replica2
quietly docker volume rm "${COMPOSE_PROJECT_NAME}_replica2"
ends_healthy

step="after replica1's base backup was killed half-way"
quietly docker compose rm --stop --force replica1
quietly docker volume rm "${COMPOSE_PROJECT_NAME}_replica1"
copy=$(docker compose run --detach --no-deps --entrypoint /cluster/docker/passwords.sh replica1 \
    pg_basebackup --pgdata="$data.part" --max-rate=1M --checkpoint=fast --slot=replica1 \
    --dbname="host=primary user=replicator" 2>"$log")
until docker exec "$copy" test -s "$data.part/PG_VERSION"; do sleep 0.2; done
quietly docker kill "$copy"
quietly docker rm "$copy"
# Nor is a folder without PG_VERSION a database, whoever left it there.
quietly docker compose run --rm --no-deps --entrypoint bash replica1 -c "mkdir $data && touch $data/backup_label"
ends_healthy

step="after the primary dropped WAL that a stopped and a paused replica had yet to see"
quietly docker compose stop replica2
quietly docker compose pause replica1
sql primary "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'" "ALTER SYSTEM SET wal_keep_size = 0" \
    "SELECT pg_reload_conf()" >"$log"
lost() { sql primary "SELECT count(*) FROM pg_replication_slots WHERE wal_status = 'lost'"; }
for _ in {1..10}; do
    [[ $(lost) != 2 ]] || break
    sql primary "SELECT pg_logical_emit_message(false, 'smoke', 'x', true), pg_switch_wal()" CHECKPOINT >"$log"
done
[[ $(lost) == 2 ]]
sql primary "ALTER SYSTEM RESET ALL" "SELECT pg_reload_conf()" >"$log"
quietly docker compose unpause replica1
quietly docker compose start replica2
both_stream
ends_healthy
pages

step="faults"
python3 tests/e2e/compose_faults.py "http://127.0.0.1:$PORT"
step="after everything was stopped and started again, with another primary"
quietly docker compose restart --timeout=20
quietly docker compose up --wait --wait-timeout=120
pass "$step: healthy"
