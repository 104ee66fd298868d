-- Beds in mental health care, from the delivery that holds for a trust, or for the regional authority
-- itself, and year; a missing number of beds stays missing.
select
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.dognplasser as beds
from {{ source('raw', 'psychiatric_beds') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
