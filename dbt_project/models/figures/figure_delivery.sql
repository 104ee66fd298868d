-- What each organisation's figures rest on: the deliveries in force, per indicator and extract period,
-- of its trusts (and, for beds, of the regional authority itself).
with
indicator_dataset as (
    {% for entry in contents() -%}
    {% for dataset in entry.datasets -%}
    select '{{ entry.id }}' as indicator_id, '{{ entry.cadence }}' as cadence, '{{ dataset }}' as dataset
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
),

members as (
    select org_id, member_id from {{ ref('int_org_scope') }}
    union all
    select org_id, org_id as member_id from {{ ref('organisations') }} where org_level = 'region'
)

select
    i.indicator_id,
    i.cadence,
    i.dataset,
    m.org_id,
    m.member_id,
    f.period as extract_period,
    f.delivery_id,
    f.extract_date
from indicator_dataset as i
inner join {{ ref('stg_in_force') }} as f on i.dataset = f.dataset
inner join members as m on f.org_id = m.member_id
