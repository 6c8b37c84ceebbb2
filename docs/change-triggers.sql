-- Has tables tell of their changes, so that the service's cached answers end within milliseconds of a commit.
--
-- The service does this by itself for tables that its own migrations made. For a database that is not its own to change,
-- somebody who owns the tables runs this once, with the tables that the service's log names:
--
--   psql -v schema=public -v tables='tasks, workstreams' -f change-triggers.sql
--
-- It may be run again; a new table needs another run. Adding a trigger waits for the statements that write to the table,
-- one second at most: run it again when it gave up. Run it again for tables that have the trigger of an older version as
-- well, which tells nothing of replicated writes. To undo it: drop trigger headroom_changed on <table>, the same for
-- headroom_replicated, and then drop function <schema>.headroom_changed().
--
-- PREPARE TRANSACTION fails for a transaction that changed a table with this trigger (PostgreSQL refuses it after NOTIFY):
-- leave out tables that are written to by two-phase commits, and say so to the service: cache.tables-without-trigger.
--
-- Commits that notify go one after another on the whole server, each until it is flushed: leave out tables that are
-- written to by more transactions a second than the disk flushes (docs/decisions/0091).
\set ON_ERROR_STOP on
set lock_timeout = '1s';

create or replace function :"schema".headroom_changed() returns trigger language plpgsql as $$
begin
  -- Once per statement, delivered at commit; equal notices of one transaction are one.
  perform pg_notify('headroom', tg_table_schema || '.' || tg_table_name || ' ' || pg_current_xact_id());
  return null;
end $$;

-- For writes of clients and, by "always", for those under session_replication_role = replica.
select format('create or replace trigger headroom_changed after insert or update or delete or truncate on %1$I.%2$I'
              ' for each statement execute function %1$I.headroom_changed();'
              ' alter table %1$I.%2$I enable always trigger headroom_changed', :'schema', trim(name))
from unnest(string_to_array(:'tables', ',')) name
\gexec

-- For rows of logical replication, which fires no triggers of statements. A partitioned table has no rows: list its partitions.
select format('create or replace trigger headroom_replicated after insert or update or delete on %1$I.%2$I'
              ' for each row execute function %1$I.headroom_changed();'
              ' alter table %1$I.%2$I enable replica trigger headroom_replicated', :'schema', trim(name))
from unnest(string_to_array(:'tables', ',')) name
where (select relkind from pg_class where oid = to_regclass(format('%I.%I', :'schema', trim(name)))) = 'r'
\gexec

-- What was changed before, nobody heard: it counts as changed now.
select pg_notify('headroom', :'schema' || '.' || trim(name) || ' ' || pg_current_xact_id())
from unnest(string_to_array(:'tables', ',')) name;
