-- Tables and constraints only. Indexes for speed are declared in a DbPerformance and built by the operator.

create table agents (
    id              uuid primary key default gen_random_uuid(),
    name            varchar(100) not null unique,
    agent_type      varchar(50)  not null,
    persona         jsonb        not null,
    config          jsonb        default '{}',
    is_active       boolean      default true,
    current_task_id uuid,
    is_busy         boolean      default false,
    created_at      timestamptz  default now(),
    updated_at      timestamptz  default now()
);

create table channels (
    id                 uuid primary key default gen_random_uuid(),
    name               varchar(100) not null unique,
    topic              text,
    is_archived        boolean      default false,
    context_cleared_at timestamptz,
    channel_type       varchar(20)  default 'public',
    dm_agent_id        uuid references agents,
    created_at         timestamptz  default now(),
    updated_at         timestamptz  default now()
);

create table messages (
    id          uuid primary key default gen_random_uuid(),
    channel_id  uuid references channels on delete cascade,
    author_id   uuid,
    author_type varchar(10) not null,
    author_name varchar(100),
    content     text        not null,
    thread_id   uuid references messages,
    metadata    jsonb       default '{}',
    created_at  timestamptz default now()
);

create table tasks (
    id           uuid primary key default gen_random_uuid(),
    description  text        not null,
    assigned_to  uuid references agents,
    status       varchar(50) default 'pending',
    priority     varchar(20) default 'medium',
    context      jsonb       default '{}',
    result       jsonb,
    created_at   timestamptz default now(),
    started_at   timestamptz,
    completed_at timestamptz
);

create table workflows (
    id                 uuid primary key default gen_random_uuid(),
    description        text        not null,
    orchestrator_id    uuid references agents,
    channel_id         uuid references channels,
    status             varchar(50) default 'planning',
    execution_strategy varchar(20) default 'sequential',
    created_at         timestamptz default now(),
    started_at         timestamptz,
    completed_at       timestamptz
);

create table workflow_tasks (
    id           uuid primary key default gen_random_uuid(),
    workflow_id  uuid references workflows on delete cascade,
    description  text        not null,
    agent_id     uuid references agents,
    order_index  int         not null,
    depends_on   jsonb       default '[]',
    status       varchar(50) default 'pending',
    output       jsonb,
    error        text,
    created_at   timestamptz default now(),
    started_at   timestamptz,
    completed_at timestamptz
);
