-- Every figure that exists, with the exact numbers it is judged on: a ratio by numerator and denominator, a count
-- or an amount by its numerator. Derived series (real growth, beds per 100 000, the share passed, the increase
-- beyond ordinary beds) are made here, where region and year are known.
{%- set columns = [
    'indicator_id', 'series', 'org_id', 'org_level', 'period_type', 'period', 'year', 'period_start', 'period_end',
    'numerator', 'denominator', 'complete', 'extract_date', 'without_limit', 'note'
] %}
with
-- A count series without rows is 0 in a figure that exists; shares and bed counts without rows have no figure.
zero as (
    select f.indicator_id, s.series, f.org_id, f.period_type, f.period
    from {{ ref('figure_scope') }} as f
    inner join {{ ref('series') }} as s on f.indicator_id = s.indicator_id
    where
        f.indicator_id in (
            {%- for entry in contents() if entry.get('fills') %}
            '{{ entry.id }}'{% if not loop.last %},{% endif %}
            {%- endfor %}
        )
),

filled as (
    select
        coalesce(c.indicator_id, z.indicator_id) as indicator_id,
        coalesce(c.series, z.series) as series,
        coalesce(c.org_id, z.org_id) as org_id,
        coalesce(c.period_type, z.period_type) as period_type,
        coalesce(c.period, z.period) as period,
        case when z.series is null then c.numerator else coalesce(c.numerator, 0) end as numerator,
        c.denominator,
        coalesce(c.incomplete, false) as incomplete,
        coalesce(c.needs_trusts, true) as needs_trusts,
        coalesce(c.without_limit, 0) as without_limit,
        coalesce(c.unofficial, false) as unofficial
    from {{ ref('figure_cell') }} as c
    full outer join zero as z
        on
            c.indicator_id = z.indicator_id and c.series = z.series and c.org_id = z.org_id
            and c.period_type = z.period_type and c.period = z.period
),

scoped as (
    select
        f.indicator_id,
        f.series,
        f.org_id,
        s.org_level,
        f.period_type,
        f.period,
        s.year,
        s.period_start,
        s.period_end,
        f.numerator,
        f.denominator,
        (s.complete or not f.needs_trusts) and not f.incomplete as complete,
        s.extract_date,
        f.without_limit,
        case when f.unofficial then 'Lærefag medregnet etter eget valg' end as note
    from filled as f
    inner join {{ ref('figure_scope') }} as s
        on
            f.indicator_id = s.indicator_id and f.org_id = s.org_id
            and f.period_type = s.period_type and f.period = s.period
),

passed as (
    select
        {{ changed(columns, 's', {'series': "'passed'", 'numerator': 's.denominator - s.numerator'}) }}
    from scoped as s
    where s.indicator_id = '3.3' and s.series = 'all'
),

-- Growth divided by the deflator of the year; no row without a deflator or a nominal growth.
real_growth as (
    select
        {{ changed(columns, 's', {
            'denominator': 'cast(cast(s.denominator as decimal(19, 6)) * (1 + d.deflator) as decimal(30, 12))'
        }) }}
    from scoped as s
    inner join {{ ref('price_growth') }} as d on s.year = d.year
    where s.indicator_id = '1.1' and s.series = 'real_growth' and s.denominator > 0 and d.deflator is not null
),

per_100k as (
    select
        {{ changed(columns, 's', {
            'series': "s.series || '_per_100k'",
            'denominator': 'cast(p.population as decimal(30, 12))',
            'note': "case when not p.verified then 'Folketallet er ikke verifisert' end"
        }) }}
    from scoped as s
    inner join {{ ref('population') }} as p on s.org_id = p.org_id and s.period_start = p.date
    where s.indicator_id = '2.5' and s.series in ('ordinary', 'surge') and s.org_level = 'region'
),

surge_distance as (
    select
        {{ changed(columns, 's', {'series': "'surge_minus_ordinary'", 'numerator': 's.numerator - o.numerator'}) }}
    from scoped as s
    inner join scoped as o
        on s.org_id = o.org_id and s.period = o.period and o.indicator_id = '2.5' and o.series = 'ordinary'
    where s.indicator_id = '2.5' and s.series = 'surge'
),

-- (surge(y) - surge(b)) - (ordinary(y) - ordinary(b)), in years with target rows and a complete baseline year.
surge_increase as (
    select
        {{ changed(columns, 's', {'numerator': 's.numerator - b.numerator'}) }}
    from surge_distance as s
    inner join {{ ref('figure_target') }} as t
        on s.indicator_id = t.indicator_id and s.series = t.series and s.org_id = t.org_id and s.year = t.year
    inner join surge_distance as b on s.org_id = b.org_id and t.baseline_year = b.year and b.complete
),

together as (
    select * from scoped where not (indicator_id = '1.1' and series = 'real_growth')
    union all
    select * from real_growth
    union all
    select * from passed
    union all
    select * from per_100k
    union all
    select * from surge_increase
)

select
    {{ changed(columns, 't', {}) }},
    u.unit,
    u.unit in ('share', 'days', 'ddd_per_100_bed_days', 'growth', 'beds_per_100k') as is_ratio,
    case u.unit
        when 'share' then {{ ratio('t.numerator', 't.denominator') }}
        when 'days' then {{ ratio('t.numerator', 't.denominator') }}
        when 'ddd_per_100_bed_days' then 100 * {{ ratio('t.numerator', 't.denominator') }}
        when 'beds_per_100k' then 100000 * {{ ratio('t.numerator', 't.denominator') }}
        when 'growth'
            then case when t.denominator > 0 then {{ ratio('(t.numerator - t.denominator)', 't.denominator') }} end
        else cast(t.numerator as double)
    end as value
from together as t
inner join {{ ref('series') }} as u on t.indicator_id = u.indicator_id and t.series = u.series
