select json_build_object(
           'agents', (select json_build_object('total', count(*), 'active', count(*) filter (where is_active)) from {agents}),
           'messages', (select json_build_object('total', count(*)) from {messages}),
           'tasks', (select json_build_object('total', count(*), 'pending', count(*) filter (where status = 'pending'))
                     from {tasks}))
