-- Numerators and denominators of every organisation and period: the cells of the indicators added up,
-- and beside them the rows of those that cannot be added (distinct patients and studies, beds of a region).
with
-- Cells of trusts, extract period by extract period or, where the model counts within each figure, period by period.
{% for entry in contents() if entry.get('scope') != 'own' -%}
cells_{{ entry.id | replace('.', '_') }} as (
    select
        c.org_id,
        c.series,
        p.period_type,
        p.period,
        c.numerator,
        c.denominator,
        {{ extra(entry, 'incomplete', 'false') }},
        {{ extra(entry, 'without_limit', '0') }},
        {{ extra(entry, 'unofficial', 'false') }}
    from {{ ref(entry.model) }} as c
    {% if entry.get('scope') == 'periods' -%}
    inner join (select distinct period_type, period from {{ ref('int_period_span') }}) as p on c.period = p.period
    {% else -%}
    inner join {{ ref('int_period_span') }} as p
        on
            p.cadence = '{{ entry.cadence }}' and c.period = p.extract_period
            {%- if entry.get('over_time') == 'last' %}
            and p.is_last
            {%- endif %}
    {% endif -%}
),

{% endfor -%}
cells as (
    {% for entry in contents() if entry.get('scope') != 'own' -%}
    {% set name = entry.id | replace('.', '_') -%}
    select
        '{{ entry.id }}' as indicator_id,
        c.*
    from cells_{{ name }} as c
    {% if not loop.last or entry.get('all') == 'sum' %}union all{% endif %}
    {% if entry.get('all') == 'sum' -%}
    select
        '{{ entry.id }}' as indicator_id,
        org_id,
        'all' as series,
        period_type,
        period,
        numerator,
        denominator,
        incomplete,
        without_limit,
        unofficial
    from cells_{{ name }}
    {% if not loop.last %}union all {% endif %}
    {% endif -%}
    {%- endfor %}
),

added as (
    select
        c.indicator_id,
        c.series,
        s.org_id,
        c.period_type,
        c.period,
        sum(c.numerator) as numerator,
        sum(c.denominator) as denominator,
        bool_or(c.incomplete) as incomplete,
        true as needs_trusts,
        sum(c.without_limit) as without_limit,
        bool_or(c.unofficial) as unofficial
    from cells as c
    inner join {{ ref('int_org_scope') }} as s on c.org_id = s.member_id
    group by c.indicator_id, c.series, s.org_id, c.period_type, c.period
),

own as (
    {% for entry in contents() if entry.get('scope') == 'own' -%}
    select
        '{{ entry.id }}' as indicator_id,
        series, org_id, period_type, period, numerator, denominator,
        {{ extra(entry, 'incomplete', 'false') }},
        {{ extra(entry, 'needs_trusts', 'true') }},
        0 as without_limit,
        false as unofficial
    from {{ ref(entry.model) }}
    {% if not loop.last %}union all {% endif %}
    {%- endfor %}
)

select
    u.indicator_id,
    u.series,
    u.org_id,
    u.period_type,
    u.period,
    cast(u.numerator as decimal(30, 12)) as numerator,
    cast(u.denominator as decimal(30, 12)) as denominator,
    u.incomplete,
    u.needs_trusts,
    cast(u.without_limit as bigint) as without_limit,
    u.unofficial
from (select * from added union all select * from own) as u
