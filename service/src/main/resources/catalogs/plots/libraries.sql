select coalesce(json_agg(l order by l.name, l.id), '[]') as libraries
from (select id, name, language_id as language, framework, version, documentation_url, description
      from {libraries}) l
