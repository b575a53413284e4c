#!/usr/bin/env bash
# Entrypoint of a replica: copies the primary unless there is a copy that can catch up, then hands over to the
# image's own entrypoint. It may be killed at any point, and run again.
# The host name of the container is the replica's name, and that of its replication slot on the primary.
set -euo pipefail
half_made=$PGDATA.part
outdated=$PGDATA.old

say() { echo "replica.sh: $*"; }

ask_primary() { # SQL on standard input; :'slot' is our slot
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --set=slot="$HOSTNAME" "$@" \
        --dbname="host=$PRIMARY_HOST user=replicator dbname=postgres connect_timeout=3"
}

# Is the WAL that we still need gone from the primary? It is if our slot there is lost (max_slot_wal_keep_size), and may
# be if the slot is missing; nothing brings it back. Only the word of the very system we are a copy of counts: should
# an empty primary have taken its place, ours may be the last copy of the data. Nor is a promoted replica outdated.
# If the primary does not answer, what we have is still good to read.
is_outdated() {
    local system
    [[ -f $PGDATA/standby.signal ]] || return 1
    system=$(pg_controldata "$PGDATA" | sed -n 's/^Database system identifier: *//p')
    [[ $(ask_primary --set=system="$system" <<'SQL'
SELECT coalesce((SELECT wal_status FROM pg_replication_slots WHERE slot_name = :'slot'), 'lost')
FROM pg_control_system() WHERE system_identifier = :'system';
SQL
    ) == lost ]]
}

# The slot comes before the copy: from then on the primary keeps the WAL that the copy will need. One that is left
# from a copy before this one is of no use, and may still be held by the connection of a container that was killed.
make_new_slot() {
    ask_primary >/dev/null <<'SQL'
SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = :'slot' AND active;
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'slot';
SELECT pg_create_physical_replication_slot(:'slot', true);
SQL
}

copy_primary() {
    until pg_isready --quiet --host="$PRIMARY_HOST"; do
        say "waiting for $PRIMARY_HOST"
        sleep 1
    done
    rm -rf "$half_made"
    make_new_slot
    say "copying $PRIMARY_HOST"
    install --directory --owner=postgres --group=postgres --mode=700 "$(dirname "$half_made")" "$half_made"
    gosu postgres pg_basebackup --pgdata="$half_made" --checkpoint=fast --slot="$HOSTNAME" --no-password \
        --dbname="host=$PRIMARY_HOST user=replicator"
    gosu postgres touch "$half_made/standby.signal"
    # A copy appears whole, under its own name, or not at all.
    mv --no-target-directory "$half_made" "$PGDATA"
}

# A replica can also fall behind for good while it runs: paused, asleep with its laptop, cut off. Then it ends, and
# Docker starts this script again.
watch() { # PID of the server
    while sleep 5; do
        if ! /cluster/docker/replica_health.sh >/dev/null 2>&1 && is_outdated; then
            say "the WAL that comes next is gone from $PRIMARY_HOST"
            kill -INT "$1"
        fi
    done
}

if [[ -d $PGDATA ]] && { [[ ! -s $PGDATA/PG_VERSION ]] || is_outdated; }; then
    say "what is in $PGDATA cannot catch up any more, or is no whole copy"
    rm -rf "$outdated"
    mv --no-target-directory "$PGDATA" "$outdated"
fi
[[ -d $PGDATA ]] || copy_primary
rm -rf "$half_made" "$outdated"

(watch $$ &) # this process becomes the server
exec docker-entrypoint.sh "$@" -c primary_slot_name="$HOSTNAME" \
    -c primary_conninfo="host=$PRIMARY_HOST user=replicator application_name=$HOSTNAME"
