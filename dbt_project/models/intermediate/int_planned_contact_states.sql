-- Planned contacts as they stood at the cut-off, the last day of the tertial, in every delivery: why a
-- contact was not open then, or, if it was, whether its planned date had passed. One planned on the cut-off
-- itself is kept.
select
    contact.org_id,
    contact.period,
    contact.delivery_id,
    contact.in_force,
    contact.contact_id,
    contact.service_area,
    contact.planned_date < tertial.period_end as passed,
    case
        when contact.created_date > tertial.period_end then 'created_later'
        when
            contact.status = 'cancelled'
            and coalesce(contact.cancelled_date, tertial.period_end) <= tertial.period_end then 'cancelled'
        when
            contact.carried_out_date <= tertial.period_end
            or (contact.status = 'carried_out' and contact.carried_out_date is null) then 'carried_out'
        when contact.planned_date is null then 'no_planned_date'
        when contact.referral_end_date <= tertial.period_end then 'referral_closed'
    end as exclusion
from {{ ref('stg_planned_contacts') }} as contact
inner join {{ ref('int_period_span') }} as tertial
    on
        contact.period = tertial.period
        and tertial.cadence = 'tertial'
