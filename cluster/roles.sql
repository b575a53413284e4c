-- Roles and grants: once, for Docker and for the local cluster. Run on the primary as superuser, in the
-- application's database, with psql variables app_password, reader_password, replicator_password, lab_password.
-- May be run again: it ends in the same state.

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['app', 'reader', 'replicator', 'lab']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- The application: owns its database and its tests' databases, and is no superuser.
ALTER ROLE app CREATEDB PASSWORD :'app_password';
-- The replicas' aliases. No grant to write is the lock: a read-only setting could be lifted with one SET.
ALTER ROLE reader PASSWORD :'reader_password' CONNECTION LIMIT 60;
ALTER ROLE replicator REPLICATION PASSWORD :'replicator_password';

GRANT pg_read_all_data TO reader;
-- Without it, pg_stat_wal_receiver.received_tli is NULL.
GRANT pg_read_all_stats TO reader, app;

-- Below max_standby_streaming_delay: a page that is too slow is cancelled before it holds replay back.
ALTER ROLE reader SET statement_timeout = '1500ms';

ALTER DATABASE :"DBNAME" OWNER TO app;

-- The demo's lab holds replicas back, and may do nothing else. Rights to functions are a database's own: it connects
-- to the database postgres, and has no right to anything in the newspaper's.
ALTER ROLE lab PASSWORD :'lab_password' CONNECTION LIMIT 10;
GRANT ALTER SYSTEM ON PARAMETER recovery_min_apply_delay TO lab;
\connect postgres
GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume(), pg_reload_conf() TO lab;
