-- Patient pathways in which treatment started, from the delivery that holds for their trust and tertial.
select
    raw.forlop_id as pathway_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.behandling_start_dato as treatment_date,
    raw.behandlingsplan_dato as plan_date,
    raw.plan_med_pasient as plan_with_patient,
    raw.forlop_slutt_dato as pathway_end_date
from {{ source('raw', 'treatment_plans') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
