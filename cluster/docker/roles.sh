#!/usr/bin/env bash
# The postgres image runs this once, when it has made an empty primary. psql reads the passwords itself: on a command
# line, everybody on the machine could. Only the demo has a role `lab`.
set -euo pipefail

{
    for role in app reader replicator ${DEMO:+lab}; do
        echo "\\set ${role}_password \`cat /run/secrets/${role}_password\`"
    done
    echo "\\include /cluster/roles.sql"
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$POSTGRES_DB"
