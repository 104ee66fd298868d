-- Planned contacts of the deliveries in force: what the figures of 3.3 and its exclusion counts are made
-- of.
select
    org_id,
    period,
    contact_id,
    service_area,
    passed,
    exclusion
from {{ ref('int_planned_contact_states') }}
where in_force
