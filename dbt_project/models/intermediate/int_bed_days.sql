-- Nights in bed per trust, service area and tertial: a night counts on the date it begins, and once per
-- patient, trust and service area however many stays cover it. In order of arrival every stay gives only the
-- nights that no earlier one has covered, so nights add up without being listed one by one.
with stays as (
    select
        org_id,
        service_area,
        patient_id,
        cast(admission_time as date) as first_night,
        -- up to, not including; an open stay is known to the extract date of its delivery
        coalesce(cast(discharge_time as date), extract_date) as leaves_on
    from {{ ref('stg_inpatient_stays') }}
    where care_level = 1
),

after_earlier_stays as (
    select
        *,
        max(leaves_on) over (
            partition by org_id, service_area, patient_id
            order by first_night, leaves_on
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from stays
),

new_nights as (
    select
        org_id,
        service_area,
        leaves_on,
        greatest(first_night, coalesce(covered_until, first_night)) as first_night
    from after_earlier_stays
)

select
    nights.org_id,
    nights.service_area,
    tertials.period,
    cast(sum({{ days_between(
        'greatest(nights.first_night, tertials.first_day)',
        'least(nights.leaves_on, tertials.last_day + 1)'
    ) }}) as bigint) as bed_days
from new_nights as nights
inner join {{ ref('int_stay_tertials') }} as tertials
    on
        nights.org_id = tertials.org_id
        and nights.first_night <= tertials.last_day
        and nights.leaves_on > tertials.first_day
where nights.first_night < nights.leaves_on
group by nights.org_id, nights.service_area, tertials.period
