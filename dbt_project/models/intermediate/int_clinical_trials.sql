-- Studies as each trust reports them, with the reason why 2.1 leaves a row out, if it does; the first that
-- applies. A number of new patients that nobody reported is not 0.
select
    org_id,
    period,
    study_id,
    case
        when not is_treatment_study then 'not_treatment'
        when new_patients is null then 'not_reported'
        when new_patients = 0 then 'no_new_patients'
    end as exclusion
from {{ ref('stg_clinical_trials') }}
