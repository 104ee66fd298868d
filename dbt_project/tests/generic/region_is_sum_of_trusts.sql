{# What can be added is the sum over its trusts of what they contributed (a trust may contribute to a region's year
   without having a year of its own); distinct patients and studies lie between the largest and the sum. Beds (1.4) may
   be the regional authority's own number, and derived series are made from the region's own figures. #}
{% test region_is_sum_of_trusts(model) %}
with
trusts as (
    select
        s.org_id,
        c.indicator_id,
        c.series,
        c.period,
        sum(c.numerator) as numerator,
        sum(c.denominator) as denominator,
        max(c.numerator) as most_numerator,
        max(c.denominator) as most_denominator
    from {{ ref('figure_cell') }} as c
    inner join {{ ref('int_org_scope') }} as s on c.org_id = s.member_id
    inner join {{ ref('organisations') }} as o on s.org_id = o.org_id and o.org_level = 'region'
    group by s.org_id, c.indicator_id, c.series, c.period
)

select r.indicator_id, r.series, r.org_id, r.period
from {{ model }} as r
inner join trusts as t
    on r.org_id = t.org_id and r.indicator_id = t.indicator_id and r.series = t.series and r.period = t.period
where
    r.org_level = 'region' and not r.suppressed and r.indicator_id <> '1.4'
    and case
        when r.indicator_id in ('2.1', '3.4') then
            r.numerator > t.numerator or r.numerator < t.most_numerator
            or r.denominator > t.denominator or r.denominator < t.most_denominator
        else
            abs(r.numerator - t.numerator) > 1e-6 * greatest(1, abs(r.numerator))
            or abs(r.denominator - t.denominator) > 1e-6 * greatest(1, abs(r.denominator))
    end
{% endtest %}
