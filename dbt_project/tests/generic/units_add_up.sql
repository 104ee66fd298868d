{# Included plus excluded equals what came in: where the unit is the delivered row, the accepted rows of the
   deliveries in force, trust by trust. #}
{% test units_add_up(model) %}
with
counted as (
    select e.dataset, e.indicator_id, e.org_id, e.period, sum(e.row_count) as units
    from {{ model }} as e
    inner join {{ ref('organisations') }} as o on e.org_id = o.org_id
    where o.org_level = 'trust' and e.indicator_id in ('1.2', '2.1', '2.2', '2.3', '2.4', '3.2', '3.3', '3.4', '3.6')
    group by e.dataset, e.indicator_id, e.org_id, e.period
),

delivered as (
    select d.dataset, d.org_id, d.period, o.row_count
    from {{ ref('stg_in_force') }} as d
    inner join {{ source('raw', 'delivery_org') }} as o on d.delivery_id = o.delivery_id and d.org_id = o.org_id
)

select c.dataset, c.indicator_id, c.org_id, c.period
from counted as c
left join delivered as d on c.dataset = d.dataset and c.org_id = d.org_id and c.period = d.period
where c.units <> coalesce(d.row_count, -1)
{% endtest %}
