-- Discharges and their summaries, from the delivery that holds for their trust and tertial; one row per summary sent.
select
    raw.opphold_id as stay_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.omsorgsnivaa as care_level,
    raw.utskrevet_tid as discharge_time,
    raw.epikrise_sendt_tid as summary_sent_time,
    raw.epikrise_samtykke as summary_consent,
    raw.inntilstand as condition_at_admission,
    raw.hdg as major_diagnostic_group
from {{ source('raw', 'epicrises') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
