-- Twelve, at any scale.
insert into {libraries} (id, name, language_id, version, documentation_url, description, framework)
select id, name, language, version, 'https://example.org/docs/' || id, name || ' draws plots',
       case when id in ('plotly', 'bokeh') then 'web' else 'none' end
from (values ('altair', 'Altair', 'python', '6.0.0'),
             ('bokeh', 'Bokeh', 'python', '3.8.1'),
             ('ggplot2', 'ggplot2', 'r', '4.0.1'),
             ('highcharts', 'Highcharts', 'python', null),
             ('letsplot', 'lets-plot', 'python', '4.8.1'),
             ('makie', 'Makie', 'julia', '0.24.6'),
             ('matplotlib', 'Matplotlib', 'python', '3.10.7'),
             ('plotly', 'Plotly', 'python', '6.5.0'),
             ('plotnine', 'plotnine', 'python', '0.15.1'),
             ('pygal', 'Pygal', 'python', '3.0.5'),
             ('seaborn', 'seaborn', 'python', '0.13.2'),
             ('tidyplots', 'tidyplots', 'r', '0.3.1')) as library (id, name, language, version)
