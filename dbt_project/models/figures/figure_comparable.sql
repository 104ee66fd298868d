-- 3.3 must be measured with the same extract date as the year before: the baseline of each figure, summed over its
-- trusts, and whether every one of them has a delivery of exactly that date.
with
snapshot as (
    select distinct d.org_id, d.member_id, p.period_type, p.period, p.year, p.extract_period
    from {{ ref('figure_delivery') }} as d
    inner join {{ ref('int_period_span') }} as p
        on d.cadence = p.cadence and d.extract_period = p.extract_period and p.is_last
    where d.indicator_id = '3.3'
),

wanted as (
    select s.*, t.baseline_year
    from snapshot as s
    inner join (
        select distinct org_id, year, baseline_year
        from {{ ref('figure_target') }}
        where indicator_id = '3.3' and baseline_year is not null
    ) as t on s.org_id = t.org_id and s.year = t.year
),

pairs as (
    select
        w.org_id,
        w.period_type,
        w.period,
        w.baseline_year,
        bool_and(c.org_id is not null) as comparable
    from wanted as w
    left join {{ ref('int_planned_contact_baselines') }} as c
        on w.member_id = c.org_id and w.extract_period = c.period and w.baseline_year = c.baseline_year
    group by w.org_id, w.period_type, w.period, w.baseline_year
),

cells as (
    select org_id, period, baseline_year, series, numerator, denominator
    from {{ ref('ind_3_3_comparable') }}
    union all
    select org_id, period, baseline_year, 'all' as series, numerator, denominator
    from {{ ref('ind_3_3_comparable') }}
),

sums as (
    select
        w.org_id,
        w.period_type,
        w.period,
        w.baseline_year,
        c.series,
        sum(c.numerator) as numerator,
        sum(c.denominator) as denominator
    from wanted as w
    inner join cells as c
        on w.member_id = c.org_id and w.extract_period = c.period and w.baseline_year = c.baseline_year
    group by w.org_id, w.period_type, w.period, w.baseline_year, c.series
)

select
    p.org_id,
    p.period_type,
    p.period,
    p.baseline_year,
    n.series,
    p.comparable,
    s.numerator,
    s.denominator
from pairs as p
inner join {{ ref('series') }} as n on n.indicator_id = '3.3'
left join sums as s
    on
        p.org_id = s.org_id and p.period_type = s.period_type and p.period = s.period
        and p.baseline_year = s.baseline_year and n.series = s.series and p.comparable
