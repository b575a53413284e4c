#!/usr/bin/env bash
# Makes this replica the primary: docker compose exec replica1 /cluster/docker/promote.sh
# Stop the old one first, for two primaries would be two newspapers. The other replica follows by itself, and so does
# the site; the old primary rejoins as a replica when it is started again (node.sh).
set -euo pipefail

ask() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --set=nodes="$NODES" --set=own="$HOSTNAME"; }

# The slots first: from then on the new primary keeps what the others will need.
ask >/dev/null <<'SQL'
SELECT pg_create_physical_replication_slot(node, true) FROM unnest(string_to_array(:'nodes', ',')) AS node
WHERE node <> :'own' AND NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = node);
SQL
if [[ $(ask <<<"SELECT pg_promote();") != t ]]; then
    echo "$HOSTNAME is no primary after a minute. See: docker compose logs $HOSTNAME" >&2
    exit 1
fi
echo "$HOSTNAME is the primary now."
