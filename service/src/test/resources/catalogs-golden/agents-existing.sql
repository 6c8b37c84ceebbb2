-- The tables as a system that never heard of us made them: in schema public, with columns more than we know.
create table agents (id uuid primary key, name varchar(100) unique not null, agent_type varchar(50) not null,
    persona jsonb not null, config jsonb default '{}', is_active boolean default true, current_task_id uuid,
    is_busy boolean default false, created_at timestamptz default now(), updated_at timestamptz default now(), extra text);
create table channels (id uuid primary key, name varchar(100) unique not null, topic text, is_archived boolean default false,
    context_cleared_at timestamptz, channel_type varchar(20) default 'public', dm_agent_id uuid references agents,
    created_at timestamptz default now(), updated_at timestamptz default now());
create table messages (id uuid primary key, channel_id uuid references channels on delete cascade, author_id uuid,
    author_type varchar(10) not null, author_name varchar(100), content text not null, thread_id uuid references messages,
    metadata jsonb default '{}', created_at timestamptz default now());
create table tasks (id uuid primary key, description text not null, assigned_to uuid references agents, status varchar(50),
    priority varchar(20), context jsonb, result jsonb, created_at timestamptz default now(), started_at timestamptz,
    completed_at timestamptz);
create table workflows (id uuid primary key, description text not null, orchestrator_id uuid references agents,
    channel_id uuid references channels, status varchar(50), execution_strategy varchar(20), plan jsonb, results jsonb,
    error text, created_at timestamptz default now(), started_at timestamptz, completed_at timestamptz);
create table workflow_tasks (id uuid primary key, workflow_id uuid references workflows on delete cascade,
    task_id uuid references tasks, description text not null, agent_id uuid references agents, order_index int not null,
    depends_on jsonb default '[]', status varchar(50), output jsonb, error text, created_at timestamptz default now(),
    started_at timestamptz, completed_at timestamptz);
