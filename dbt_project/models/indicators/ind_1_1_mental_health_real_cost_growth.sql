-- 1.1: costs of mental health care and substance use treatment without pension and depreciation, which are
-- shown beside; medicines and purchased care stay in. Growth divides a year by the year before, so what a
-- year cost is also a denominator of the next; without accounts for the year before there is no
-- denominator.
with
amounts as (
    -- A trust whose accounts hold nothing for the three areas has delivered 0, not nothing.
    select
        in_force.org_id,
        in_force.period,
        sum(
            case when costs.cost_type not in ('pension', 'depreciation') then costs.amount_nok end
        ) as included,
        sum(case when costs.cost_type = 'depreciation' then costs.amount_nok end) as depreciation,
        sum(case when costs.cost_type = 'pension' then costs.amount_nok end) as pension
    from {{ ref('stg_in_force') }} as in_force
    left join {{ ref('stg_costs') }} as costs
        on
            in_force.delivery_id = costs.delivery_id
            and in_force.org_id = costs.org_id
            and costs.service_area in ('mental_health_adult', 'mental_health_child', 'substance_use')
    where in_force.dataset = 'costs'
    group by in_force.org_id, in_force.period
),

cells as (
    {% for series in ['nominal_growth', 'real_growth'] -%}
    select
        org_id,
        '{{ series }}' as series,
        {{ in_year('period', 'cast(period as integer) + 1') }} as period,
        0 as numerator,
        coalesce(included, 0) as denominator
    from amounts
    union all
    {% endfor -%}
    {% for series, amount in [
        ('nominal_growth', 'included'), ('real_growth', 'included'), ('costs_included', 'included'),
        ('depreciation', 'depreciation'), ('pension', 'pension'),
    ] -%}
    select
        org_id,
        '{{ series }}' as series,
        period,
        coalesce({{ amount }}, 0) as numerator,
        null as denominator
    from amounts
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}
)

select
    org_id,
    series,
    period,
    cast(sum(numerator) as decimal(30, 12)) as numerator,
    cast(sum(denominator) as decimal(30, 12)) as denominator
from cells
group by org_id, series, period
