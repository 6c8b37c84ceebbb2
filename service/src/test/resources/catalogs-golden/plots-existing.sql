-- The tables as a system that never heard of us made them: in schema public, without line_count, with its own indexes.
create table languages (id varchar(50) primary key, name varchar(100) not null, file_extension varchar(10) not null,
    runtime_version varchar(50), documentation_url varchar(500), description text, created timestamp default now());
create table libraries (id varchar primary key, name varchar not null,
    language_id varchar(50) not null references languages on delete restrict, version varchar, documentation_url varchar,
    description text, framework varchar(20) not null default 'none');
create table specs (id varchar(100) primary key, title varchar(255) not null, description text, applications text[],
    data text[], notes text[], created timestamp, updated timestamp, issue int, suggested varchar(100), tags jsonb,
    updated_at timestamp default now());
create table impls (id uuid primary key, spec_id varchar not null references specs on delete cascade,
    library_id varchar not null references libraries on delete cascade, language_id varchar(50) not null references languages,
    code text, preview_url_light varchar, preview_url_dark varchar, preview_html_light varchar, preview_html_dark varchar,
    python_version varchar, language_version varchar, library_version varchar, tested jsonb, quality_score float,
    generated_at timestamp, updated timestamp, generated_by varchar(100), issue int, workflow_run bigint,
    review_strengths text[], review_weaknesses text[], review_image_description text, review_criteria_checklist jsonb,
    review_verdict varchar(20), impl_tags jsonb, updated_at timestamp default now(),
    constraint uq_impl unique (spec_id, language_id, library_id));
create table feedback (id uuid primary key, message varchar(500) not null, reaction varchar(20), contact varchar(255),
    path varchar(500), spec_id varchar(100), user_agent varchar(500), viewport varchar(20), session_id varchar(64),
    ip_hash varchar(64), status varchar(20) default 'new', created_at timestamp not null default now());
create table alembic_version (version_num varchar(32) primary key);
