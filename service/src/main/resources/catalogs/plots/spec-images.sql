select s.id as spec_id,
       (select coalesce(json_agg(i order by i.library, i.language), '[]')
        from (select library_id as library, language_id as language, preview_url_light as url,
                     preview_html_light as html
              from {impls}
              where spec_id = s.id and preview_url_light <> '') i) as images
from {specs} s
where s.id = :spec_id and exists (select from {impls} where spec_id = s.id)
