-- Counted: discharges whose first summary was sent by the day after. Over: discharges. A discharge is one
-- stay at one trust and counts once within a figure, at its earliest discharge time in the period: a stay
-- that comes in two tertials counts in both, and once in their year.
with
rows_in_period as (
    select
        d.org_id,
        d.stay_id,
        d.service_area,
        d.exclusion,
        d.discharge_time,
        s.period,
        min(case when d.exclusion is null then d.summary_sent_time end)
            over (partition by s.period, d.org_id, d.stay_id) as first_sent_time,
        row_number() over (
            partition by s.period, d.org_id, d.stay_id
            order by case when d.exclusion is null then 0 else 1 end, d.discharge_time, d.period, d.service_area
        ) as earliest_first
    from {{ ref('int_discharge_rows') }} as d
    inner join {{ ref('int_period_span') }} as s on s.cadence = 'tertial' and d.period = s.extract_period
),

judged as (
    select
        *,
        exclusion is null and earliest_first = 1 as is_discharge
    from rows_in_period
    where service_area in ('somatic', 'mental_health_adult', 'substance_use')
)

select
    org_id,
    service_area as series,
    period,
    cast(sum(case
        when is_discharge and {{ days_between('discharge_time', 'first_sent_time') }} <= 1 then 1
        else 0
    end) as decimal(30, 12)) as numerator,
    cast(sum(case when is_discharge then 1 else 0 end) as decimal(30, 12)) as denominator
from judged
group by org_id, service_area, period
