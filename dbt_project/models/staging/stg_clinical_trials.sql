-- Studies, one row per study and trust, from the delivery that holds for their trust and year; a number of
-- patients that nobody reported stays missing.
select
    raw.studie_id as study_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    raw.behandlingsstudie as is_treatment_study,
    raw.nye_pasienter as new_patients
from {{ source('raw', 'clinical_trials') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
