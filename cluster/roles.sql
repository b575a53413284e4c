-- Roles and grants: once, for Docker and for the local cluster. Run on the primary as superuser (PostgreSQL 17 or newer),
-- in the application's database, with psql variables app_password, reader_password, replicator_password, and
-- lab_password for the demo's lab. May be run again: it ends in the same state. What `reader` may select is granted by
-- `manage.py migrate` (publicsite/grants.py), so migrate afterwards.

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY['app', 'reader', 'replicator']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- The application: owns its database and its tests' databases, and is no superuser.
ALTER ROLE app CREATEDB PASSWORD :'app_password';
-- The replicas' aliases. No grant to write is the lock: a read-only setting could be lifted with one SET.
-- Each thread of the site keeps a connection to each replica, and each process has one more that watches. So for all web
-- servers together: processes × (threads + 1) up to 80. The rest of max_connections is for operators and the lab.
ALTER ROLE reader PASSWORD :'reader_password' CONNECTION LIMIT 80;
ALTER ROLE replicator REPLICATION PASSWORD :'replicator_password';

-- Earlier versions granted it. It reads sessions, and the password hashes of people and of roles.
REVOKE pg_read_all_data FROM reader;
-- Without it, pg_stat_wal_receiver.received_tli is NULL.
GRANT pg_read_all_stats TO reader, app;

-- Below max_standby_streaming_delay: a page that is too slow is cancelled before it holds replay back. A session can
-- lift it for itself, which PostgreSQL cannot forbid; for later ones it cannot (ALTER ROLE), for that is a write.
ALTER ROLE reader SET statement_timeout = '1500ms';

-- A reader has nothing to do on a primary, where even a SELECT could lock a table and a role can set its own defaults
-- and password. Who leads changes, so the login asks. (A superuser locked out by a mistake in here connects with
-- options=-cevent_triggers=off.)
CREATE OR REPLACE FUNCTION readers_use_replicas() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF session_user = 'reader' AND NOT pg_is_in_recovery() THEN
        RAISE EXCEPTION 'the role reader may use replicas, and this server is the primary'
            USING HINT = 'Name a replica in REPLICA_URLS.', ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
DROP EVENT TRIGGER IF EXISTS readers_use_replicas;
CREATE EVENT TRIGGER readers_use_replicas ON login EXECUTE FUNCTION readers_use_replicas();

-- What PostgreSQL lets everybody do.
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO app, replicator;
REVOKE TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;

ALTER DATABASE :"DBNAME" OWNER TO app;

\if :{?lab_password}
-- The demo's lab holds replicas back, and may do nothing else. Rights to functions are a database's own: it connects
-- to the database postgres, and has no right to anything in the newspaper's.
SELECT 'CREATE ROLE lab LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lab') \gexec
ALTER ROLE lab PASSWORD :'lab_password' CONNECTION LIMIT 10;
GRANT ALTER SYSTEM ON PARAMETER recovery_min_apply_delay TO lab;
GRANT CONNECT ON DATABASE postgres TO lab;
\connect postgres
GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume(), pg_reload_conf() TO lab;
\endif
