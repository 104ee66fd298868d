-- Each extract period with every period of a figure that holds it, for the years that anything was delivered for.
with
numbers as (
    {% for n in range(1, 13) -%}
    select {{ n }} as n
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
),

years as (
    select distinct cast(substr(period, 1, 4) as integer) as year from {{ ref('stg_in_force') }}
),

extract_periods as (
    select 'month' as cadence, n as number, n as first_month, n as last_month from numbers
    union all
    select 'tertial' as cadence, n as number, 4 * n - 3 as first_month, 4 * n as last_month from numbers where n <= 3
    union all
    select 'year' as cadence, 1 as number, 1 as first_month, 12 as last_month
),

figure_periods as (
    select cadence, cadence as period_type, number, first_month, last_month from extract_periods
    union all
    select 'month' as cadence, 'tertial' as period_type, number, first_month, last_month
    from extract_periods where cadence = 'tertial'
    union all
    select cadence, 'year_to_date' as period_type, last_month as number, 1 as first_month, last_month
    from extract_periods where cadence <> 'year'
    union all
    select cadence, 'year' as period_type, 1 as number, 1 as first_month, 12 as last_month
    from (select distinct cadence from extract_periods where cadence <> 'year') as shorter
)

select
    f.cadence,
    {{ period_label('y.year', 'e.cadence', 'e.number') }} as extract_period,
    make_date(y.year, e.first_month, 1) as extract_start,
    last_day(make_date(y.year, e.last_month, 1)) as extract_end,
    f.period_type,
    {{ period_label('y.year', 'f.period_type', 'f.number') }} as period,
    y.year,
    make_date(y.year, f.first_month, 1) as period_start,
    last_day(make_date(y.year, f.last_month, 1)) as period_end,
    e.last_month = f.last_month as is_last
from figure_periods as f
inner join extract_periods as e
    on f.cadence = e.cadence and f.first_month <= e.first_month and e.last_month <= f.last_month
cross join years as y
