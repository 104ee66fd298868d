-- Apprenticeship contracts, all that the sender knows of, from the delivery that holds for their trust and
-- year.
select
    raw.laerling_id as apprentice_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    raw.larefag as trade,
    raw.kontrakt_fra as from_date,
    raw.kontrakt_til as to_date
from {{ source('raw', 'apprentices') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
