-- Planned contacts of every delivery that was ever in force, not only of the one that holds: a figure is
-- compared with what was read on the same day the year before, even when a newer delivery has replaced it
-- since.
select
    raw.kontakt_id as contact_id,
    raw.pasient_id as patient_id,
    raw.foretak_orgnr as org_id,
    delivery.period,
    delivery.extract_date,
    delivery.delivery_id,
    winner.delivery_id is not null as in_force,
    {{ service_area('raw.tjenesteomraade') }} as service_area,
    raw.planlagt_dato as planned_date,
    case raw.status
        when 'planlagt' then 'planned'
        when 'utfort' then 'carried_out'
        when 'avlyst' then 'cancelled'
    end as status,
    raw.utfort_dato as carried_out_date,
    raw.henvisningsperiode_sluttdato as referral_end_date,
    raw.opprettet_dato as created_date,
    raw.avlyst_dato as cancelled_date
from {{ source('raw', 'planned_contacts') }} as raw
inner join {{ source('raw', 'delivery_org') }} as delivery
    on
        raw.delivery_id = delivery.delivery_id
        and raw.foretak_orgnr = delivery.org_id
left join {{ ref('stg_in_force') }} as winner
    on
        raw.delivery_id = winner.delivery_id
        and raw.foretak_orgnr = winner.org_id
where delivery.extract_date <= cast('{{ var("as_of") }}' as date)
