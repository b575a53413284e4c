#!/usr/bin/env bash
# A replica is healthy while it replays what streams in, a primary while it answers. Over TCP, as their clients come:
# on the socket, a server answers while it is still being made.
set -euo pipefail

state=$(psql --no-psqlrc --no-align --tuples-only --host=127.0.0.1 --command="
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'primary'
           ELSE coalesce((SELECT status FROM pg_stat_wal_receiver), 'no receiver: see the log') END")
echo "$state"
[[ $state == streaming || $state == primary ]]
