-- Tables and constraints only. Indexes for speed are declared in a DbPerformance and built by the operator.

create table languages (
    id                varchar(50) primary key,
    name              varchar(100) not null,
    file_extension    varchar(10)  not null,
    runtime_version   varchar(50),
    documentation_url varchar(500),
    description       text,
    created           timestamp    default now()
);

create table libraries (
    id                varchar primary key,
    name              varchar     not null,
    language_id       varchar(50) not null default 'python' references languages on delete restrict,
    version           varchar,
    documentation_url varchar,
    description       text,
    framework         varchar(20) not null default 'none'
);

create table specs (
    id           varchar(100) primary key,
    title        varchar(255) not null,
    description  text,
    applications text[],
    data         text[],
    notes        text[],
    created      timestamp,
    updated      timestamp,
    issue        int,
    suggested    varchar(100),
    tags         jsonb,
    updated_at   timestamp    not null default now()
);

create table impls (
    id                        uuid primary key default gen_random_uuid(),
    spec_id                   varchar     not null references specs on delete cascade,
    library_id                varchar     not null references libraries on delete cascade,
    language_id               varchar(50) not null default 'python' references languages on delete restrict,
    code                      text,
    preview_url_light         varchar,
    preview_url_dark          varchar,
    preview_html_light        varchar,
    preview_html_dark         varchar,
    python_version            varchar,
    language_version          varchar,
    library_version           varchar,
    tested                    jsonb,
    quality_score             float check (quality_score between 0 and 100),
    generated_at              timestamp,
    updated                   timestamp,
    generated_by              varchar(100),
    issue                     int,
    workflow_run              bigint,
    review_strengths          text[],
    review_weaknesses         text[],
    review_image_description  text,
    review_criteria_checklist jsonb,
    review_verdict            varchar(20) check (review_verdict in ('APPROVED', 'REJECTED')),
    impl_tags                 jsonb,
    updated_at                timestamp   not null default now(),
    -- The code is megabytes; counting its lines on every request would read all of it.
    line_count                int generated always as (length(code) - length(replace(code, E'\n', '')) + 1) stored,
    unique (spec_id, language_id, library_id)
);

create table feedback (
    id         uuid primary key default gen_random_uuid(),
    message    varchar(500) not null,
    reaction   varchar(20) check (reaction in ('thumbs_up', 'thumbs_down', 'bug', 'idea', 'heart')),
    contact    varchar(255),
    path       varchar(500),
    spec_id    varchar(100),
    user_agent varchar(500),
    viewport   varchar(20),
    session_id varchar(64),
    ip_hash    varchar(64),
    status     varchar(20)  not null default 'new',
    created_at timestamp    not null default now()
);
