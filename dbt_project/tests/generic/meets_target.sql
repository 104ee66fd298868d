{# The targets of the letter as tests, one per indicator: the official series of each region that are not met in
   the newest complete period (of periods that end together the longest). A missed target is a result, no fault:
   these run after the release, as a warning unless VEDLEGG2_TARGET_SEVERITY says error. #}
{% test meets_target(model, indicator_id) %}
{{ config(tags=['target'], severity=env_var('VEDLEGG2_TARGET_SEVERITY', 'warn')) }}
with
complete as (
    select
        v.org_id,
        v.period,
        row_number() over (partition by v.org_id order by v.period_end desc, v.period_start asc, v.period_type desc) as newest
    from {{ ref('indicator_value') }} as v
    inner join {{ model }} as s
        on v.indicator_id = s.indicator_id and v.series = s.series and v.org_id = s.org_id and v.period = s.period
    where v.indicator_id = '{{ indicator_id }}' and v.org_level = 'region' and v.complete and s.official
)

select s.indicator_id, s.series, s.org_id, s.period
from {{ model }} as s
inner join complete as c on s.org_id = c.org_id and s.period = c.period and c.newest = 1
where s.indicator_id = '{{ indicator_id }}' and s.official and s.status = 'not_met'
{% endtest %}
