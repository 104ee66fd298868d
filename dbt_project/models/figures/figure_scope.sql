-- The figures that exist, and whether each is complete: one row per indicator, organisation and period.
with
needed as (
    {% for entry in contents() -%}
    select
        '{{ entry.id }}' as indicator_id,
        '{{ entry.cadence }}' as cadence,
        {{ entry.datasets | length }} as datasets,
        {{ entry.get('year_before', false) | lower }} as year_before
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
),

delivered as (
    select indicator_id, org_id, extract_period, count(distinct dataset) as datasets, max(extract_date) as extract_date
    from {{ ref('figure_delivery') }}
    group by indicator_id, org_id, extract_period
),

-- Trusts that must have delivered by themselves: valid in the extract period and not exempt from the extract.
owed as (
    select s.org_id, s.member_id, o.valid_from, o.valid_to, '|' || coalesce(o.exempt_datasets, '') || '|' as exempt
    from {{ ref('int_org_scope') }} as s
    inner join {{ ref('organisations') }} as o on s.member_id = o.org_id
),

extract_periods as (
    select distinct cadence, extract_period, extract_start, extract_end from {{ ref('int_period_span') }}
),

missing as (
    select distinct d.indicator_id, w.org_id, e.extract_period
    from (select distinct indicator_id, cadence, dataset from {{ ref('figure_delivery') }}) as d
    inner join extract_periods as e on d.cadence = e.cadence
    inner join owed as w
        on
            coalesce(w.valid_from, e.extract_end) <= e.extract_end
            and coalesce(w.valid_to, e.extract_start) >= e.extract_start
            and w.exempt not like '%|' || d.dataset || '|%'
    left join {{ ref('figure_delivery') }} as f
        on
            d.indicator_id = f.indicator_id and d.dataset = f.dataset and w.org_id = f.org_id
            and w.member_id = f.member_id and e.extract_period = f.extract_period
            and f.extract_date >= e.extract_end
    where f.delivery_id is null
)

select
    n.indicator_id,
    o.org_id,
    o.org_level,
    p.period_type,
    p.period,
    p.year,
    p.period_start,
    p.period_end,
    count(m.extract_period) = 0 as complete,
    greatest(max(d.extract_date), coalesce(max(before.extract_date), max(d.extract_date))) as extract_date
from needed as n
inner join {{ ref('int_period_span') }} as p on n.cadence = p.cadence
cross join {{ ref('organisations') }} as o
left join delivered as d
    on
        n.indicator_id = d.indicator_id and o.org_id = d.org_id and p.extract_period = d.extract_period
left join missing as m
    on n.indicator_id = m.indicator_id and o.org_id = m.org_id and p.extract_period = m.extract_period
left join delivered as before
    on
        n.year_before and n.indicator_id = before.indicator_id and o.org_id = before.org_id
        and before.extract_period = {{ in_year('p.extract_period', 'p.year - 1') }}
group by
    n.indicator_id, o.org_id, o.org_level, p.period_type, p.period, p.year, p.period_start, p.period_end
-- A figure exists with its last extract period; a year only with all of them.
having
    bool_or(p.is_last and coalesce(d.datasets, 0) = n.datasets)
    and (p.period_type <> 'year' or bool_and(coalesce(d.datasets, 0) = n.datasets))
