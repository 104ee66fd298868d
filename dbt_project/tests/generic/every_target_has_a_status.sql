{# Wherever an indicator has a value row, each of its target rows has exactly one status row. #}
{% test every_target_has_a_status(model) %}
with
wanted as (
    select distinct v.indicator_id, t.series, v.org_id, v.period
    from {{ ref('indicator_value') }} as v
    inner join {{ ref('figure_target') }} as t
        on v.indicator_id = t.indicator_id and v.org_id = t.org_id and t.year = cast(substr(v.period, 1, 4) as integer)
)

select w.indicator_id, w.series, w.org_id, w.period
from wanted as w
full outer join {{ model }} as s
    on w.indicator_id = s.indicator_id and w.series = s.series and w.org_id = s.org_id and w.period = s.period
group by w.indicator_id, w.series, w.org_id, w.period
having count(w.period) <> 1 or count(s.period) <> 1
{% endtest %}
