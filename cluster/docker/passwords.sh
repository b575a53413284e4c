#!/bin/sh
# Passwords come from files, /run/secrets/ROLE_password. This puts them where libpq looks for them ($PGPASSFILE),
# so that none stands in a URL, in the environment, or on a command line. Then it becomes the command it was given.
set -eu

rm -f "$PGPASSFILE"
for file in /run/secrets/*_password; do
    [ -e "$file" ] || continue
    role=${file##*/}
    password=$(sed 's/[\\:]/\\&/g' "$file")
    (umask 077 && printf '*:*:*:%s:%s\n' "${role%_password}" "$password" >>"$PGPASSFILE")
done
# The server's own processes read it too, and they are not root.
if [ "$(id -u)" = 0 ] && [ -e "$PGPASSFILE" ]; then
    chown postgres "$PGPASSFILE"
fi

exec "$@"
