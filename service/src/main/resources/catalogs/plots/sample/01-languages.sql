-- As many as there are, at any scale.
insert into {languages} (id, name, file_extension, runtime_version, documentation_url, description, created)
values ('python', 'Python', '.py', '3.14', 'https://docs.python.org', 'Most of the libraries', timestamp '2025-01-01'),
       ('r', 'R', '.R', '4.5', 'https://cran.r-project.org/manuals.html', 'Statistics', timestamp '2025-01-01'),
       ('julia', 'Julia', '.jl', null, 'https://docs.julialang.org', null, timestamp '2025-06-01')
