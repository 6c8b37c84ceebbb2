-- One row per image: its JSON as answers show it, and the values of each category.
select (select row_to_json(image)
        from (select i.spec_id, i.library_id as library, l.language_id as language, i.quality_score as quality,
                     i.preview_url_light as url_light, i.preview_url_dark as url_dark,
                     i.preview_html_light as html_light, i.preview_html_dark as html_dark,
                     i.preview_url_light as url, i.preview_html_light as html, s.title) image) as item,
       l.language_id as lang, i.library_id as lib, i.spec_id as spec,
       s.tags -> 'plot_type' as plot, s.tags -> 'data_type' as data, s.tags -> 'domain' as dom,
       s.tags -> 'features' as feat,
       i.impl_tags -> 'dependencies' as dep, i.impl_tags -> 'techniques' as tech, i.impl_tags -> 'patterns' as pat,
       i.impl_tags -> 'dataprep' as prep, i.impl_tags -> 'styling' as style
from {impls} i
join {specs} s on s.id = i.spec_id
join {libraries} l on l.id = i.library_id
where i.preview_url_light <> ''
order by i.spec_id collate "C", i.library_id collate "C", i.language_id collate "C"
