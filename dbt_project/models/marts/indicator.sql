-- The 16 indicators, names verbatim from the letter; the definition in words stands beside each model.
with
definitions as (
    {% for entry in contents() -%}
    select '{{ entry.id }}' as indicator_id, {{ definition_no(entry.id) }} as definition_no
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
)

select
    i.indicator_id,
    i.slug,
    i.name_no,
    i.short_name_no,
    i.name_en,
    i.goal,
    g.name_no as goal_no,
    i.unit,
    i.direction,
    i.source_no,
    i.frequency,
    d.definition_no
from {{ ref('indicators') }} as i
inner join {{ ref('goals') }} as g on i.goal = g.goal
left join definitions as d on i.indicator_id = d.indicator_id
