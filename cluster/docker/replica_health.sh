#!/usr/bin/env bash
# A replica is healthy while it replays what streams in. Over TCP, as its clients come.
set -euo pipefail

state=$(psql --no-psqlrc --no-align --tuples-only --host=127.0.0.1 --command="
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'not a replica'
           ELSE coalesce((SELECT status FROM pg_stat_wal_receiver), 'no receiver: see the log') END")
echo "$state"
[[ $state == streaming ]]
