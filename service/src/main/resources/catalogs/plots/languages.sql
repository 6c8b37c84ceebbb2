select coalesce(json_agg(l order by l.name, l.id), '[]') as languages
from (select id, name, file_extension, runtime_version, documentation_url, description from {languages}) l
