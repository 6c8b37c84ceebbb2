select s.id, s.title, b.preview_url_light, b.preview_url_dark, b.quality_score, s.tags, b.impl_tags
from {specs} s
join (select distinct on (spec_id) spec_id, preview_url_light, preview_url_dark, quality_score, impl_tags
      from {impls}
      order by spec_id,
               (coalesce(preview_url_light, '') <> '' or coalesce(preview_url_dark, '') <> '') desc,
               coalesce(quality_score, 0) desc,
               library_id collate "C" desc,
               language_id collate "C" desc) b on b.spec_id = s.id
order by s.id
