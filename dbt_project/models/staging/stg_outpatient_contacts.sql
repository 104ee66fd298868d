-- Outpatient contacts, from the delivery that holds for their trust and tertial.
select
    raw.kontakt_id as contact_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.kontaktdato as contact_date,
    raw.omsorgsnivaa as care_level,
    raw.kontakttype as contact_type,
    raw.polindir as outpatient_indicator,
    raw.debitor as payer,
    raw.digital_oppfolging as digital_follow_up
from {{ source('raw', 'outpatient_contacts') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
