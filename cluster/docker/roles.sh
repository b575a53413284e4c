#!/usr/bin/env bash
# The postgres image runs this once, when it has made an empty primary.
set -euo pipefail

password() {
    printf '%s_password=%s' "$1" "$(<"/run/secrets/$1_password")"
}

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=/cluster/roles.sql --dbname="$POSTGRES_DB" \
    --set="$(password app)" --set="$(password reader)" --set="$(password replicator)" --set="$(password lab)"
