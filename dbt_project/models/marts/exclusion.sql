-- Units in = units included + units per code: each unit once, by the first code that applies.
with
units as (
    {% for entry in contents() if entry.get('units') -%}
    {% set dataset, model, column = entry.units -%}
    select
        '{{ dataset }}' as dataset,
        '{{ entry.id }}' as indicator_id,
        org_id,
        period,
        coalesce({{ column }}, 'included') as code,
        count(*) as row_count
    from {{ ref(model) }}
    group by org_id, period, {{ column }}
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
)

select
    u.dataset,
    u.indicator_id,
    s.org_id,
    u.period,
    u.code,
    cast(sum(u.row_count) as bigint) as row_count
from units as u
inner join {{ ref('int_org_scope') }} as s on u.org_id = s.member_id
group by u.dataset, u.indicator_id, s.org_id, u.period, u.code
