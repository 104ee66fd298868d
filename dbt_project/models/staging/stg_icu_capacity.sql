-- Counted beds by category and operation type, from the delivery that holds for their trust and year.
select
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    raw.behandlingssted_orgnr as hospital_id,
    raw.kategori as category,
    case raw.driftstype
        when 'ordinaer' then 'ordinary'
        when 'beredskap' then 'surge'
    end as operation_type,
    raw.antall_senger as beds,
    raw.telledato as counted_on
from {{ source('raw', 'icu_capacity') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
