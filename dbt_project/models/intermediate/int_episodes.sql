-- Inpatient episodes per patient and sector (3.7): stays that overlap, or follow each other within 8 hours,
-- at any trust. An open stay lasts until it is closed and takes up every later stay of the patient in the
-- sector; its episode has not ended. The stay that ended last names the trust and how the episode ended.
with stays as (
    select
        patient_id,
        case when service_area like 'mental_health%' then 'mental_health' else service_area end as sector,
        org_id,
        stay_id,
        admission_time,
        coalesce(discharge_time, cast('9999-12-31' as timestamp)) as ends_at,
        admission_urgency,
        discharge_status
    from {{ ref('stg_inpatient_stays') }}
    where care_level = 1
),

after_earlier_stays as (
    select
        *,
        max(ends_at) over (
            partition by patient_id, sector
            order by admission_time, ends_at, org_id, stay_id
            rows between unbounded preceding and 1 preceding
        ) as earlier_end
    from stays
),

numbered as (
    select
        *,
        sum(case when admission_time < earlier_end + interval '8' hour then 0 else 1 end) over (
            partition by patient_id, sector
            order by admission_time, ends_at, org_id, stay_id
            rows between unbounded preceding and current row
        ) as episode_number
    from after_earlier_stays
),

last_first as (
    select
        *,
        row_number() over (
            partition by patient_id, sector, episode_number
            order by ends_at desc, admission_time desc, stay_id desc, org_id desc
        ) as place
    from numbered
)

select
    patient_id,
    sector,
    cast(episode_number as bigint) as episode_number,
    min(admission_time) as started_at,
    nullif(max(ends_at), cast('9999-12-31' as timestamp)) as ended_at,
    coalesce(bool_or(admission_urgency in (1, 2, 3)), false) as acute,
    max(case when place = 1 then org_id end) as org_id,
    max(case when place = 1 then discharge_status end) as discharge_status
from last_first
group by patient_id, sector, episode_number
