-- Tables and constraints only. Indexes for speed are declared in a DbPerformance and built by the operator.

create table domains (
    id          uuid primary key default gen_random_uuid(),
    slug        text        not null unique,
    title       text        not null,
    description text,
    status      text        not null default 'active',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table topics (
    id          uuid primary key default gen_random_uuid(),
    domain_id   uuid        not null references domains,
    slug        text        not null unique,
    title       text        not null,
    description text,
    status      text        not null default 'active',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table workstreams (
    id          uuid primary key default gen_random_uuid(),
    topic_id    uuid        not null references topics,
    slug        text        not null,
    title       text        not null,
    description text,
    status      text        not null default 'active',
    owner       text,
    due_date    date,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create table tasks (
    id            uuid primary key default gen_random_uuid(),
    workstream_id uuid        not null references workstreams,
    title         text        not null,
    description   text,
    status        text        not null default 'todo',
    priority      text        not null default 'medium',
    needs_human   boolean     not null default false,
    assignee      text,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);

create table decisions (
    id         uuid primary key default gen_random_uuid(),
    topic_id   uuid        not null references topics,
    title      text        not null,
    rationale  text,
    status     text        not null default 'open',
    decided_at timestamptz,
    created_at timestamptz not null default now()
);

create table progress_events (
    id            uuid primary key default gen_random_uuid(),
    topic_id      uuid        not null references topics,
    workstream_id uuid references workstreams,
    kind          text        not null,
    summary       text        not null,
    created_at    timestamptz not null default now()
);

create table managed_repos (
    id         uuid primary key default gen_random_uuid(),
    domain_id  uuid        not null references domains,
    slug       text        not null unique,
    title      text,
    status     text        not null default 'active',
    local_path text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table repo_goals (
    id         uuid primary key default gen_random_uuid(),
    repo_id    uuid        not null references managed_repos,
    title      text        not null,
    status     text        not null default 'open',
    created_at timestamptz not null default now()
);

create table sbom_snapshots (
    id              uuid primary key default gen_random_uuid(),
    repo_id         uuid        not null references managed_repos,
    snapshot_at     timestamptz not null default now(),
    component_count int         not null default 0,
    tool            text        not null,
    document        jsonb       not null default '{}'
);
