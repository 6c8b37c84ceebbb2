insert into agents (id, name, agent_type, persona, config, is_active, created_at, updated_at)
values ('00000000-0000-0000-0000-0000000000a1', '@orchestrator', 'orchestrator', '{"role": "leads", "goal": "ship", "backstory": "none", "capabilities": ["plan", "assign"], "api_key": "k"}',
        '{"model": "m", "temperature": 0.20, "max_tokens": 12345678901234567890, "system_prompt": "secret"}', true,
        '2025-01-01 00:00:00+00', '2025-01-02 00:00:00.5+00'),
       ('00000000-0000-0000-0000-0000000000a2', '@backend', 'specialist', '{}', null, true,
        '2025-01-03 00:00:00+00', '2025-01-03 00:00:00+00'),
       ('00000000-0000-0000-0000-0000000000a3', '@retired', 'specialist', '{}', '{}', false,
        '2025-01-02 00:00:00+00', '2025-01-02 00:00:00+00');
insert into channels (id, name, topic, is_archived, context_cleared_at, channel_type, dm_agent_id, created_at, updated_at)
values ('00000000-0000-0000-0000-0000000000c1', 'general', 'All', false, null, 'public', null,
        '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00'),
       ('00000000-0000-0000-0000-0000000000c2', 'old', null, true, null, 'public', null,
        '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00'),
       ('00000000-0000-0000-0000-0000000000c3', 'dm', null, false, '2025-02-01 00:00:02+00', 'dm',
        '00000000-0000-0000-0000-0000000000a2', '2024-01-01 00:00:00+00', '2025-01-01 00:00:00+00'),
       ('00000000-0000-0000-0000-0000000000c4', 'silent', null, false, null, 'public', null,
        '2025-01-04 00:00:00+00', '2025-01-04 00:00:00+00');
insert into messages (id, channel_id, author_id, author_type, author_name, content, thread_id, metadata, created_at)
values ('00000000-0000-0000-0000-0000000000e1', '00000000-0000-0000-0000-0000000000c1', null, 'user', 'ann', 'first', null,
        '{}', '2025-02-01 00:00:01+00'),
       ('00000000-0000-0000-0000-0000000000e2', '00000000-0000-0000-0000-0000000000c1',
        '00000000-0000-0000-0000-0000000000a2', 'agent', '@backend', 'second', '00000000-0000-0000-0000-0000000000e1',
        '{"k": 1}', '2025-02-01 00:00:02.123456+00'),
       ('00000000-0000-0000-0000-0000000000e3', '00000000-0000-0000-0000-0000000000c1', null, 'user', 'ann', 'third', null,
        null, '2025-02-01 00:00:02.123456+00'),
       ('00000000-0000-0000-0000-0000000000e4', '00000000-0000-0000-0000-0000000000c3', null, 'user', 'ann', 'forgotten', null,
        '{}', '2025-02-01 00:00:02+00'),
       ('00000000-0000-0000-0000-0000000000e5', '00000000-0000-0000-0000-0000000000c3', null, 'user', 'ann', 'kept', null,
        '{}', '2025-02-01 00:00:03+00');
insert into tasks (id, description, assigned_to, status, priority, context, result, created_at, started_at, completed_at)
values ('00000000-0000-0000-0000-0000000000d1', 'one', '00000000-0000-0000-0000-0000000000a2', 'pending', 'high', '{}', null,
        '2025-01-01 00:00:00+00', null, null),
       ('00000000-0000-0000-0000-0000000000d2', 'two', null, 'completed', 'low', '{}', '{"ok": true}',
        '2025-01-02 00:00:00+00', '2025-01-02 00:00:01+00', '2025-01-02 00:00:02+00');
insert into workflows (id, description, orchestrator_id, channel_id, status, execution_strategy, created_at, started_at)
values ('00000000-0000-0000-0000-0000000000f1', 'build it', '00000000-0000-0000-0000-0000000000a1',
        '00000000-0000-0000-0000-0000000000c1', 'executing', 'sequential', '2025-01-01 00:00:00+00', '2025-01-01 00:00:01+00'),
       ('00000000-0000-0000-0000-0000000000f2', 'plan it', '00000000-0000-0000-0000-0000000000a1', null, 'planning', 'parallel',
        '2025-01-02 00:00:00+00', null);
insert into workflow_tasks (id, workflow_id, description, agent_id, order_index, depends_on, status, output, error, created_at)
values ('00000000-0000-0000-0000-0000000000b2', '00000000-0000-0000-0000-0000000000f1', 'step two',
        '00000000-0000-0000-0000-0000000000a2', 1, '["00000000-0000-0000-0000-0000000000b1"]', 'pending', null, null,
        '2025-01-01 00:00:00+00'),
       ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000f1', 'step one',
        '00000000-0000-0000-0000-0000000000a2', 0, '[]', 'completed', '{"files": ["a"]}', null, '2025-01-01 00:00:00+00');
