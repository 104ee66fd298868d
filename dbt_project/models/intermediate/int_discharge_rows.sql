-- Discharges as delivered, one row per summary sent, with the first reason why a row is not counted (3.6).
-- A summary is due the day after discharge; a row whose due day had not passed when the sender read its
-- system says nothing yet. Deaths stay in: the general practitioner shall be told.
select
    org_id,
    period,
    stay_id,
    service_area,
    discharge_time,
    summary_sent_time,
    case
        when service_area = 'mental_health_child' then 'child_mental_health'
        when care_level <> 1 then 'not_inpatient'
        when summary_consent = 4 then 'no_consent'
        when
            service_area = 'somatic'
            and (major_diagnostic_group in (14, 15) or condition_at_admission = 3)
            then 'birth_or_newborn'
        when cast(discharge_time as date) + 1 >= extract_date then 'not_yet_due'
    end as exclusion
from {{ ref('stg_epicrises') }}
