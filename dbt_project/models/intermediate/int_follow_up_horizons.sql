-- How far readmissions can be seen (3.7), per trust and day on which one of its episodes ended: 00:00 on the
-- oldest among the newest extract dates of the region's trusts that have delivered and are valid that day.
-- A readmission may happen at any of them, so the one that is furthest behind decides.
with newest_extracts as (
    select
        org_id,
        max(extract_date) as extract_date
    from {{ ref('stg_in_force') }}
    where dataset = 'inpatient_stays'
    group by org_id
),

end_days as (
    select distinct
        org_id,
        cast(ended_at as date) as ended_on
    from {{ ref('int_episodes') }}
    where ended_at is not null
)

select
    end_days.org_id,
    end_days.ended_on,
    cast(min(newest_extracts.extract_date) as timestamp) as followed_up_to
from end_days
inner join {{ ref('organisations') }} as own on end_days.org_id = own.org_id
inner join {{ ref('organisations') }} as peer
    on
        own.parent_id = peer.parent_id
        and peer.org_level = 'trust'
        and end_days.ended_on >= coalesce(peer.valid_from, end_days.ended_on)
        and end_days.ended_on <= coalesce(peer.valid_to, end_days.ended_on)
inner join newest_extracts on peer.org_id = newest_extracts.org_id
group by end_days.org_id, end_days.ended_on
