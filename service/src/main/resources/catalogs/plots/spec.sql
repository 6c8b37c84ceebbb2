-- The columns are named one by one: a table that grows a column must not change the answer.
select s.id, s.title, s.description,
       coalesce(s.applications, '{}') as applications,
       coalesce(s.data, '{}') as data,
       coalesce(s.notes, '{}') as notes,
       s.tags, s.issue, s.suggested, s.created, s.updated,
       i.implementations
from {specs} s
cross join lateral (
    select json_agg(one order by one.library_id, one.language) as implementations
    from (select impl.library_id, l.name as library_name, l.language_id as language,
                 impl.preview_url_light, impl.preview_url_dark, impl.preview_html_light, impl.preview_html_dark,
                 impl.preview_url_light as preview_url, impl.preview_html_light as preview_html,
                 impl.quality_score, null::text as code, impl.generated_at, impl.updated, impl.generated_by,
                 impl.python_version,
                 coalesce(nullif(impl.language_version, ''), impl.python_version) as language_version,
                 impl.library_version,
                 coalesce(impl.review_strengths, '{}') as review_strengths,
                 coalesce(impl.review_weaknesses, '{}') as review_weaknesses,
                 impl.review_image_description, impl.review_criteria_checklist, impl.review_verdict, impl.impl_tags
          from {impls} impl
          join {libraries} l on l.id = impl.library_id
          where impl.spec_id = s.id) one) i
where s.id = :spec_id and i.implementations is not null
