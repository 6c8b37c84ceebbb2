select l.id as library,
       (select coalesce(json_agg(i order by i.spec_id, i.language), '[]')
        from (select spec_id, library_id as library, language_id as language, preview_url_light as url,
                     preview_html_light as html
              from {impls}
              where library_id = l.id and preview_url_light <> '') i) as images
from {libraries} l
where l.id = :library_id
