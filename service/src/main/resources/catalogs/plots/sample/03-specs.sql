insert into {specs} (id, title, description, applications, data, notes, created, updated, issue, suggested, tags, updated_at)
select kind.word || '-' || n, 'Plot ' || n || ' of kind ' || kind.word,
       'Shows what a plot of kind ' || kind.word || ' can say about data set ' || n,
       array ['comparing groups', 'finding outliers'], array ['x: numeric', 'y: numeric', 'group: categorical'],
       case when pg_temp.uniform(n, 'spec notes') < 0.7 then array ['keep the axes readable'] end,
       pg_temp.moment(n, :specs, 'spec') at time zone 'UTC',
       case when pg_temp.uniform(n, 'spec updated') < 0.6
            then pg_temp.later(n, :specs, 'spec', 90) at time zone 'UTC' end,
       1000 + n, case when pg_temp.uniform(n, 'spec suggested') < 0.3 then 'person-' || pg_temp.pick(n, 'suggested by', 40) end,
       jsonb_build_object(
           'plot_type', (select jsonb_agg(distinct w) from (select kind.word as w union select 'composite' where n % 7 = 0) x),
           'data_type', (select jsonb_agg(distinct (array ['numeric', 'categorical', 'timeseries', 'geospatial', 'hierarchical',
                            'network', 'text', 'continuous', 'discrete', 'ordinal'])[pg_temp.pick(n, 'data type ' || k, 10)])
                         from generate_series(1, 2) k),
           'domain', (select jsonb_agg(distinct (array ['statistics', 'finance', 'science', 'business', 'healthcare', 'education',
                            'engineering', 'social', 'climate', 'sports', 'general', 'marketing'])[pg_temp.pick(n, 'domain ' || k, 12)])
                      from generate_series(1, 3) k),
           'features', (select jsonb_agg(distinct (array ['basic', '3d', 'interactive', 'animated', 'annotated', 'stacked', 'grouped',
                            'normalized', 'dual-axis', 'faceted', 'error-bars', 'trendline', 'color-mapped', 'polar', 'log-scale',
                            'multi', 'regression', 'highlight'])[pg_temp.hot(n, 'feature ' || k, 18)])
                        from generate_series(1, 4) k)),
       pg_temp.later(n, :specs, 'spec', 90) at time zone 'UTC'
from generate_series(1, :specs) n
cross join lateral (
    select (array ['scatter', 'bar', 'line', 'area', 'box', 'violin', 'heatmap', 'histogram', 'pie', 'donut', 'radar', 'sankey',
                   'treemap', 'sunburst', 'contour', 'density', 'ridgeline', 'waterfall', 'funnel', 'gauge', 'candlestick',
                   'network', 'map', 'parallel', 'streamgraph'])[pg_temp.pick(n, 'plot type', 25)] as word) kind
