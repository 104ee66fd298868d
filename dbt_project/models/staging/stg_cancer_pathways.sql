-- Cancer pathways and their treatment starts, from the delivery that holds for their trust and tertial; one
-- row per treatment start, or one row without a start.
select
    raw.forlop_id as pathway_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    raw.kreftform as cancer_form,
    raw.start_dato as start_date,
    raw.behandling_start_dato as treatment_date,
    raw.behandlingstype as treatment,
    raw.maks_dager as max_days
from {{ source('raw', 'cancer_pathways') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
