-- Purchases of antibiotics as delivered (rows with the same key are summed later), from the delivery that
-- holds for their trust and tertial.
select
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    raw.maaned as purchase_month,
    raw.atc_kode as atc_code,
    raw.administrasjonsvei as route,
    raw.virkestoff_gram as grams
from {{ source('raw', 'antibiotics') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
