-- Lines of the accounts (several may bear the same key and are added), from the delivery that holds for
-- their trust and year.
select
    raw.foretak_orgnr as org_id,
    in_force.period,
    in_force.extract_date,
    in_force.delivery_id,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    case raw.kostnadsart
        when 'LONN' then 'wages'
        when 'PENSJON' then 'pension'
        when 'AVSKRIVNING' then 'depreciation'
        when 'LEGEMIDLER' then 'medicines'
        when 'VARER' then 'goods'
        when 'KJOP' then 'purchased_services'
        when 'ANNET' then 'other'
    end as cost_type,
    raw.belop_nok as amount_nok
from {{ source('raw', 'costs') }} as raw
inner join {{ ref('stg_in_force') }} as in_force
    on
        raw.delivery_id = in_force.delivery_id
        and raw.foretak_orgnr = in_force.org_id
