-- Outpatient contacts with the reason why 1.2 and 3.4 leave each out, if they do; the first rule that
-- applies. The two differ: activity is mental health care only; digital contact is all areas, needs a
-- patient to count, and takes digital follow-up for contact with the patient even where it is registered as
-- indirect.
select
    org_id,
    period,
    contact_id,
    patient_id,
    service_area,
    contact_type in (6, 7) or digital_follow_up is not null as is_digital,
    case
        when service_area = 'somatic' then 'other_service_area'
        when care_level <> 3 then 'not_outpatient'
        when outpatient_indicator = 21 then 'technical'
        when contact_type = 5 then 'indirect'
        when payer in (12, 30, 32, 60) then 'not_public'
        when payer = 50 then 'contract_specialist'
    end as exclusion_1_2,
    case
        when care_level <> 3 then 'not_outpatient'
        when outpatient_indicator = 21 then 'technical'
        when contact_type = 5 and digital_follow_up is null then 'indirect'
        when payer in (12, 30, 32, 60) then 'not_public'
        when payer = 50 then 'contract_specialist'
        when patient_id is null then 'no_patient_id'
    end as exclusion_3_4
from {{ ref('stg_outpatient_contacts') }}
