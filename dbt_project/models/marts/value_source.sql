-- Which deliveries each figure was computed from.
with
spans as (
    select cadence, period_type, period, extract_period from {{ ref('int_period_span') }}
    union all
    -- Growth in costs rests on the year before too.
    select 'growth' as cadence, period_type, period, {{ in_year('extract_period', 'year - 1') }} as extract_period
    from {{ ref('int_period_span') }}
    where cadence = 'year'
)

select distinct
    f.indicator_id,
    f.series,
    f.org_id,
    f.period,
    d.delivery_id
from {{ ref('figure') }} as f
inner join {{ ref('figure_delivery') }} as d on f.indicator_id = d.indicator_id and f.org_id = d.org_id
inner join spans as s
    on
        f.period_type = s.period_type and f.period = s.period and d.extract_period = s.extract_period
        and (
            d.cadence = s.cadence
            or (s.cadence = 'growth' and f.indicator_id = '1.1' and f.series in ('nominal_growth', 'real_growth'))
        )
