-- Which deliveries each figure was computed from.
with
-- The extract periods inside the figure's period, of a snapshot the last one alone; growth rests on the year before
-- too, and the increase in beds on the baseline year.
rests_on as (
    select f.indicator_id, f.series, f.org_id, f.period, s.extract_period
    from {{ ref('figure') }} as f
    inner join {{ ref('int_period_span') }} as s on f.period_type = s.period_type and f.period = s.period
    where
        s.is_last
        or f.indicator_id not in (
            {%- for entry in contents() if entry.get('over_time') == 'last' %}
            '{{ entry.id }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        )
    union all
    select indicator_id, series, org_id, period, {{ in_year('period', 'year - 1') }} as extract_period
    from {{ ref('figure') }}
    where indicator_id = '1.1' and series in ('nominal_growth', 'real_growth')
    union all
    select f.indicator_id, f.series, f.org_id, f.period, {{ in_year('f.period', 't.baseline_year') }} as extract_period
    from {{ ref('figure') }} as f
    inner join {{ ref('figure_target') }} as t
        on f.indicator_id = t.indicator_id and f.series = t.series and f.org_id = t.org_id and f.year = t.year
    where f.series = 'surge_minus_ordinary'
)

-- The label of an extract period says its length, so months, tertials and years meet their own kind only.
select distinct
    r.indicator_id,
    r.series,
    r.org_id,
    r.period,
    d.delivery_id
from rests_on as r
inner join {{ ref('figure_delivery') }} as d
    on r.indicator_id = d.indicator_id and r.org_id = d.org_id and r.extract_period = d.extract_period
