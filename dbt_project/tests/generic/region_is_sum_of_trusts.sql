{# What can be added is the sum of its trusts; distinct patients and studies lie between the largest and the sum.
   Beds (1.4) may be the regional authority's own figure, and per 100 000 exists for regions only. #}
{% test region_is_sum_of_trusts(model) %}
with
region as (
    select * from {{ model }}
    where
        org_level = 'region' and not suppressed and indicator_id <> '1.4'
        and series not in ('real_growth', 'surge_minus_ordinary', 'ordinary_per_100k', 'surge_per_100k')
        -- The region of these exists with any trust for each extract, a trust only with both.
        and indicator_id <> '2.4'
),

trusts as (
    select
        o.parent_id as org_id,
        v.indicator_id,
        v.series,
        v.period,
        sum(v.numerator) as numerator,
        sum(v.denominator) as denominator,
        max(v.numerator) as most_numerator,
        max(v.denominator) as most_denominator,
        count(*) as trusts
    from {{ model }} as v
    inner join {{ ref('organisations') }} as o on v.org_id = o.org_id
    where v.org_level = 'trust'
    group by o.parent_id, v.indicator_id, v.series, v.period
)

select r.indicator_id, r.series, r.org_id, r.period
from region as r
inner join trusts as t
    on r.org_id = t.org_id and r.indicator_id = t.indicator_id and r.series = t.series and r.period = t.period
where
    r.complete
    and case
        when r.indicator_id in ('2.1', '3.4') then
            r.numerator > t.numerator or r.numerator < t.most_numerator
            or r.denominator > t.denominator or r.denominator < t.most_denominator
        else
            abs(r.numerator - t.numerator) > 1e-6 * greatest(1, abs(r.numerator))
            or abs(r.denominator - t.denominator) > 1e-6 * greatest(1, abs(r.denominator))
    end
{% endtest %}
