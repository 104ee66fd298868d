-- Stays looked at for inpatient days in mental health care (1.3): once in every tertial that the dates of
-- the stay touch, the day of discharge included (an open stay lasts to the extract date of its delivery).
select
    stays.org_id,
    tertials.period,
    stays.stay_id,
    stays.service_area,
    case
        when stays.service_area not in ('mental_health_adult', 'mental_health_child') then 'other_service_area'
        when stays.care_level <> 1 then 'not_inpatient'
    end as exclusion
from {{ ref('stg_inpatient_stays') }} as stays
inner join {{ ref('int_stay_tertials') }} as tertials
    on
        stays.org_id = tertials.org_id
        and cast(stays.admission_time as date) <= tertials.last_day
        and coalesce(cast(stays.discharge_time as date), stays.extract_date) >= tertials.first_day
