-- Has tables tell of their changes, so that the service's cached answers end within milliseconds of a commit.
--
-- The service does this by itself for tables that its own migrations made. For a database that is not its own to change,
-- somebody who owns the tables runs this once, with the tables that the service's log names:
--
--   psql -v schema=public -v tables='tasks, workstreams' -f change-triggers.sql
--
-- It may be run again; a new table needs another run. Adding a trigger waits for the statements that write to the table,
-- one second at most: run it again when it gave up. To undo it: drop trigger headroom_changed on <table>, and then
-- drop function <schema>.headroom_changed().
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

select format('create or replace trigger headroom_changed after insert or update or delete or truncate on %I.%I'
              ' for each statement execute function %I.headroom_changed()', :'schema', trim(name), :'schema')
from unnest(string_to_array(:'tables', ',')) name
\gexec

-- What was changed before, nobody heard: it counts as changed now.
select pg_notify('headroom', :'schema' || '.' || trim(name) || ' ' || pg_current_xact_id())
from unnest(string_to_array(:'tables', ',')) name;
