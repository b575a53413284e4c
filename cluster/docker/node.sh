#!/usr/bin/env bash
# Entrypoint of each server. It copies the primary unless there is a copy that can catch up, takes an old primary back
# as a replica once another has been promoted (promote.sh), then hands over to the image's own entrypoint. It may be
# killed at any point, and run again.
# The host name of the container is the node's name, and that of its replication slot on the primary. Who the primary
# is, libpq finds out: the one of $NODES that takes writes.
set -euo pipefail
half_made=$PGDATA.part
outdated=$PGDATA.old
primary="host=$NODES target_session_attrs=read-write connect_timeout=3"

say() { echo "node.sh: $*"; }

ask_primary() { # SQL on standard input; :'slot' is our slot, :'system' the system that we are a copy of
    local system=
    [[ ! -s $PGDATA/PG_VERSION ]] ||
        system=$(pg_controldata "$PGDATA" | sed -n 's/^Database system identifier: *//p')
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --set=slot="$HOSTNAME" \
        --set=system="$system" --dbname="$primary user=replicator dbname=postgres"
}

# Is the WAL that we still need gone from the primary? It is if our slot there is lost (max_slot_wal_keep_size), and may
# be if the slot is missing; nothing brings it back. Only the word of the very system we are a copy of counts: should
# an empty primary have taken its place, ours may be the last copy of the data. Nor is a promoted replica outdated.
# If the primary does not answer, what we have is still good to read.
is_outdated() {
    [[ -f $PGDATA/standby.signal ]] || return 1
    [[ $(ask_primary <<'SQL'
SELECT coalesce((SELECT wal_status FROM pg_replication_slots WHERE slot_name = :'slot'), 'lost')
FROM pg_control_system() WHERE system_identifier = :'system';
SQL
    ) == lost ]]
}

# We were the primary, and while we are down another node of the same system takes writes.
is_replaced() {
    [[ -s $PGDATA/PG_VERSION && ! -f $PGDATA/standby.signal ]] || return 1
    [[ $(ask_primary <<<"SELECT 'yes' FROM pg_control_system() WHERE system_identifier = :'system';") == yes ]]
}

# What we alone have is rewound and lost. Slots that we kept for others would keep our log for ever.
rejoin() {
    say "another node is the primary now: rejoining it as a replica"
    rm -f "$PGDATA/postmaster.pid"
    gosu postgres pg_rewind --target-pgdata="$PGDATA" --config-file=/cluster/postgresql.conf \
        --source-server="$primary user=postgres dbname=postgres" || return 1
    rm -rf "$PGDATA"/pg_replslot/*
    make_new_slot
    gosu postgres touch "$PGDATA/standby.signal"
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
    until ask_primary <<<"SELECT" >/dev/null 2>&1; do
        say "waiting for a primary among $NODES"
        sleep 1
    done
    rm -rf "$half_made"
    make_new_slot
    say "copying the primary"
    install --directory --owner=postgres --group=postgres --mode=700 "$(dirname "$half_made")" "$half_made"
    gosu postgres pg_basebackup --pgdata="$half_made" --checkpoint=fast --slot="$HOSTNAME" --no-password \
        --dbname="$primary user=replicator"
    gosu postgres touch "$half_made/standby.signal"
    # A copy appears whole, under its own name, or not at all.
    mv --no-target-directory "$half_made" "$PGDATA"
}

# A replica can also fall behind for good while it runs: paused, asleep with its laptop, cut off. Then it ends, and
# Docker starts this script again.
watch() { # PID of the server
    while sleep 5; do
        if ! /cluster/docker/node_health.sh >/dev/null 2>&1 && is_outdated; then
            say "the WAL that comes next is gone from the primary"
            kill -INT "$1"
        fi
    done
}

# The first primary makes itself, in the image's own entrypoint; unless another has taken over, and its data is gone.
if [[ $HOSTNAME != primary ]] || { [[ ! -d $PGDATA ]] && ask_primary <<<"SELECT" >/dev/null 2>&1; }; then
    is_copy=yes
fi

if [[ -d $PGDATA ]]; then
    if [[ ${is_copy:-} && ! -s $PGDATA/PG_VERSION ]] || is_outdated || { is_replaced && ! rejoin; }; then
        say "what is in $PGDATA cannot catch up any more, or is no whole copy"
        rm -rf "$outdated"
        mv --no-target-directory "$PGDATA" "$outdated"
        is_copy=yes
    fi
fi
[[ -d $PGDATA || ! ${is_copy:-} ]] || copy_primary
rm -rf "$half_made" "$outdated"

(watch $$ &) # this process becomes the server
exec docker-entrypoint.sh "$@" -c primary_slot_name="$HOSTNAME" \
    -c primary_conninfo="$primary user=replicator application_name=$HOSTNAME"
