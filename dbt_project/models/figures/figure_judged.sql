-- Each target beside its figure and its baseline: one row per target, organisation and period for which the
-- indicator has any figure. `difference` is the sign of value minus need, decided on exact numbers.
with
present as (
    select distinct indicator_id, org_id, org_level, period_type, period, year, period_start, period_end
    from {{ ref('figure') }}
),

-- Both kinds of beds must have been reported before their increase can be spoken of.
beds as (
    select org_id, period, count(*) as kinds
    from {{ ref('figure') }}
    where indicator_id = '2.5' and series in ('ordinary', 'surge')
    group by org_id, period
),

-- The same increase in relative terms, for the detail.
bed_growth as (
    select
        n.org_id,
        n.year,
        b.year as baseline_year,
        max(case when n.series = 'surge' then n.value / nullif(b.value, 0) - 1 end) as surge_growth,
        max(case when n.series = 'ordinary' then n.value / nullif(b.value, 0) - 1 end) as ordinary_growth
    from {{ ref('figure') }} as n
    inner join {{ ref('figure') }} as b
        on n.indicator_id = b.indicator_id and n.series = b.series and n.org_id = b.org_id and b.year < n.year
    where n.indicator_id = '2.5' and n.series in ('ordinary', 'surge')
    group by n.org_id, n.year, b.year
),

joined as (
    select
        p.indicator_id,
        t.series,
        p.org_id,
        p.org_level,
        p.period_type,
        p.period,
        p.year,
        p.period_start,
        p.period_end,
        t.official,
        t.rule,
        t.threshold,
        t.baseline_year,
        t.long_term_goal,
        {{ in_year('p.period', 't.baseline_year') }} as baseline_period,
        u.unit,
        f.period is not null as has_figure,
        coalesce(f.complete, s.complete) as complete,
        coalesce(f.without_limit, 0) as without_limit,
        coalesce(f.is_ratio, false) as is_ratio,
        f.numerator,
        f.denominator,
        f.value,
        c.comparable,
        case when c.comparable is null then b.numerator else c.numerator end as baseline_numerator,
        case when c.comparable is null then b.denominator else c.denominator end as baseline_denominator,
        case
            when c.comparable is null then b.value
            else {{ ratio(
                "(case when t.series = 'passed' then c.denominator - c.numerator else c.numerator end)", 'c.denominator'
            ) }}
        end as measured_baseline,
        case when c.comparable is null then r.value end as reported_baseline,
        coalesce(k.kinds, 0) as bed_kinds,
        coalesce(y.complete, false) as baseline_beds_complete,
        coalesce(e.complete, false) as year_before_complete,
        {{ days_between('p.period_start', 'p.period_end') }} + 1 as days,
        {{ days_between(
            'make_date(t.baseline_year, month(p.period_start), 1)',
            'last_day(make_date(t.baseline_year, month(p.period_end), 1))'
        ) }} + 1 as baseline_days,
        g.value as real_growth,
        cast(w.free_grant_growth as double) as free_grant_growth,
        h.surge_growth,
        h.ordinary_growth
    from present as p
    inner join {{ ref('figure_target') }} as t
        on p.indicator_id = t.indicator_id and p.org_id = t.org_id and p.year = t.year
    inner join {{ ref('series') }} as u on t.indicator_id = u.indicator_id and t.series = u.series
    inner join {{ ref('figure_scope') }} as s
        on
            p.indicator_id = s.indicator_id and p.org_id = s.org_id
            and p.period_type = s.period_type and p.period = s.period
    left join {{ ref('figure') }} as f
        on p.indicator_id = f.indicator_id and t.series = f.series and p.org_id = f.org_id and p.period = f.period
    left join {{ ref('figure') }} as b
        on
            p.indicator_id = b.indicator_id and t.series = b.series and p.org_id = b.org_id
            and {{ in_year('p.period', 't.baseline_year') }} = b.period and b.complete and b.value is not null
            and t.rule <> 'increase_above'
    left join {{ ref('reported_baselines') }} as r
        on
            p.indicator_id = r.indicator_id and t.series = r.series and p.org_id = r.org_id
            and {{ in_year('p.period', 't.baseline_year') }} = r.period and t.rule <> 'increase_above'
    left join {{ ref('figure_comparable') }} as c
        on
            p.indicator_id = '3.3' and t.series = c.series and p.org_id = c.org_id
            and p.period_type = c.period_type and p.period = c.period and t.baseline_year = c.baseline_year
    left join beds as k on p.indicator_id = '2.5' and p.org_id = k.org_id and p.period = k.period
    left join {{ ref('figure_scope') }} as y
        on
            p.indicator_id = y.indicator_id and p.org_id = y.org_id
            and {{ in_year('p.period', 't.baseline_year') }} = y.period
    left join {{ ref('figure_scope') }} as e
        on
            p.indicator_id = e.indicator_id and p.org_id = e.org_id
            and {{ in_year('p.period', 'p.year - 1') }} = e.period
    left join {{ ref('figure') }} as g
        on p.indicator_id = g.indicator_id and g.series = 'real_growth' and p.org_id = g.org_id and p.period = g.period
    left join {{ ref('price_growth') }} as w on p.indicator_id = '1.1' and p.year = w.year
    left join bed_growth as h
        on p.indicator_id = '2.5' and p.org_id = h.org_id and p.year = h.year and t.baseline_year = h.baseline_year
),

based as (
    select
        j.*,
        coalesce(j.measured_baseline, cast(j.reported_baseline as double)) as baseline_value,
        case
            when j.measured_baseline is not null then 'measured'
            when j.reported_baseline is not null then 'reported'
        end as baseline_source
    from joined as j
)

select
    b.*,
    case
        when b.rule in ('at_least', 'above', 'increase_above') then cast(b.threshold as double)
        when b.rule = 'growth_at_least' then (1 + cast(b.threshold as double)) * b.baseline_value
        else b.baseline_value
    end as need,
    {{ difference() }} as difference
from based as b
