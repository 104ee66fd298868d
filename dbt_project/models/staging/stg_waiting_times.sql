-- Referrals that left the waiting list, from the delivery that holds for their trust and month.
select
    raw.henvisning_id as referral_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.ansiennitetsdato as seniority_date,
    raw.vurderingsdato as assessment_date,
    raw.ventetid_sluttdato as wait_end_date,
    raw.ventetid_sluttkode as wait_end_code,
    raw.rett_til_helsehjelp as right_to_care,
    raw.utfall_av_vurdering as assessment_outcome
from {{ source('raw', 'waiting_times') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
