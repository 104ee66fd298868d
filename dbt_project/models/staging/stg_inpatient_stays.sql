{{ config(materialized='table') }}
-- One row per stay. A stay comes in the deliveries of several tertials (it overlaps them, or begins
-- shortly after one): of the deliveries in force, the newest extract date knows it best; on a tie the
-- later tertial. The row keeps its delivery, whose extract date is how far an open stay is known.
-- A table, not a view: four models read it, and choosing the row is the dear part.
with delivered as (
    select
        raw.*,
        in_force.period,
        in_force.extract_date,
        row_number() over (
            partition by raw.foretak_orgnr, raw.opphold_id
            order by in_force.extract_date desc, in_force.period desc
        ) as best_first
    from {{ source('raw', 'inpatient_stays') }} as raw
    inner join {{ ref('stg_in_force') }} as in_force
        on
            raw.delivery_id = in_force.delivery_id
            and raw.foretak_orgnr = in_force.org_id
)

select
    opphold_id as stay_id,
    pasient_id as patient_id,
    foretak_orgnr as org_id,
    behandlingssted_orgnr as hospital_id,
    period,
    extract_date,
    delivery_id,
    {{ service_area('tjenesteomraade') }} as service_area,
    omsorgsnivaa as care_level,
    inn_tid as admission_time,
    ut_tid as discharge_time,
    innmate_hast as admission_urgency,
    uttilstand as discharge_status,
    dodsdato as death_date
from delivered
where best_first = 1
