-- The best implementation is looked up for each specification by the index of the unique constraint: a dozen rows are
-- sorted at a time, never all of these wide rows. With ix_impls_best of examples/plots.yaml nothing is sorted and one
-- row is read; its expressions have to be those of this order.
select s.id, s.title, b.preview_url_light, b.preview_url_dark, b.quality_score, s.tags, b.impl_tags
from {specs} s
cross join lateral (
    select i.preview_url_light, i.preview_url_dark, i.quality_score, i.impl_tags
    from {impls} i
    where i.spec_id = s.id
    order by (coalesce(i.preview_url_light, '') <> '' or coalesce(i.preview_url_dark, '') <> '') desc,
             coalesce(i.quality_score, 0) desc,
             i.library_id collate "C" desc,
             i.language_id collate "C" desc
    limit 1) b
order by s.id
