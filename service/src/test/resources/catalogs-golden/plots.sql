insert into languages (id, name, file_extension, runtime_version, documentation_url, description, created)
values ('r', 'R', '.R', null, null, null, '2025-01-01'),
       ('python', 'Python', '.py', '3.14', 'https://docs.python.org', 'a "quoted" word', '2025-01-01');
insert into libraries (id, name, language_id, version, documentation_url, description, framework)
values ('matplotlib', 'Matplotlib', 'python', '3.10.7', 'https://matplotlib.org', 'The first', 'none'),
       ('plotly', 'Plotly', 'python', null, null, null, 'web'),
       ('ggplot2', 'ggplot2', 'r', '4.0.1', null, null, 'none'),
       ('unused', 'Unused', 'r', null, null, null, 'none');
insert into specs (id, title, description, applications, data, notes, created, updated, issue, suggested, tags)
values ('scatter-basic', 'Basic Scatter', 'Points', '{"a use","b, c"}', '{x,y}', '{}', '2025-01-02 03:04:05', null, 12, 'ann',
        '{"plot_type": ["scatter"], "data_type": ["numeric"], "domain": ["science", "finance"], "features": ["basic", "3d"]}'),
       ('bar-basic', 'Basic Bars', null, null, null, null, null, '2025-02-03 04:05:06.789', null, null,
        '{"plot_type": ["bar"], "data_type": [], "domain": ["finance"]}'),
       ('Zed', 'Upper case comes first', null, '{}', '{}', '{}', null, null, null, null, null),
       ('area-unseen', 'No preview yet', null, null, null, null, null, null, null, null, '{"plot_type": ["area"]}'),
       ('empty', 'Nobody drew it', null, null, null, null, null, null, null, null, '{}');
insert into impls (id, spec_id, library_id, language_id, code, preview_url_light, preview_url_dark, preview_html_light,
                   preview_html_dark, python_version, language_version, library_version, quality_score, generated_at, updated,
                   generated_by, review_strengths, review_weaknesses, review_image_description, review_criteria_checklist,
                   review_verdict, impl_tags)
values ('00000000-0000-0000-0000-000000000001', 'scatter-basic', 'matplotlib', 'python', E'import x  # noqa: F401\nplot(x)\n',
        'https://i/s/m/l.png', 'https://i/s/m/d.png', null, null, '3.13', null, '3.10.7', 92.5,
        '2025-03-01 10:00:00', null, 'model-1', '{clear}', null, 'Blue points', '{"score": 9}', 'APPROVED',
        '{"dependencies": [], "techniques": ["colorbar", "subplots"], "patterns": ["data-generation"], "dataprep": ["kde"], "styling": ["minimal-chrome"]}'),
       ('00000000-0000-0000-0000-000000000002', 'scatter-basic', 'plotly', 'python', 'one line',
        'https://i/s/p/l.png', null, 'https://i/s/p/l.html', 'https://i/s/p/d.html', '3.13', '3.14', null, 92.5,
        null, null, null, null, null, null, null, null,
        '{"dependencies": ["pandas"], "techniques": ["colorbar"], "patterns": ["data-generation"]}'),
       ('00000000-0000-0000-0000-000000000003', 'scatter-basic', 'ggplot2', 'r', null,
        null, null, null, null, null, '4.5', '4.0.1', 99, null, null, null, null, null, null, null, 'REJECTED', null),
       ('00000000-0000-0000-0000-000000000004', 'bar-basic', 'ggplot2', 'r', E'bars()\n\n',
        'https://i/b/g/l.png', 'https://i/b/g/d.png', null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, '{"dependencies": ["pandas", "scipy"], "techniques": []}'),
       ('00000000-0000-0000-0000-000000000005', 'Zed', 'matplotlib', 'python', '',
        'https://i/z/m/l.png', null, null, null, null, null, null, 50, null, null, null, null, null, null, null, null, null),
       ('00000000-0000-0000-0000-000000000006', 'area-unseen', 'matplotlib', 'python', 'x', '', null, null, null,
        null, null, null, 10, null, null, null, null, null, null, null, null, '{"techniques": ["hidden"]}');
