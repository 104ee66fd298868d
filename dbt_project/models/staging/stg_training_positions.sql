-- Positions for specialist nurses and midwives in training, all that the sender knows of, from the delivery
-- that holds for their trust and year.
select
    raw.stilling_id as position_id,
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    case raw.fagretning
        when 'ANESTESI' then 'anaesthesia'
        when 'BARN' then 'paediatric'
        when 'INTENSIV' then 'intensive_care'
        when 'OPERASJON' then 'operating'
        when 'KREFT' then 'oncology'
        when 'JORDMOR' then 'midwifery'
    end as specialty,
    raw.fra_dato as from_date,
    raw.til_dato as to_date
from {{ source('raw', 'training_positions') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
