-- Ended episodes in the tertial of their end, credited to the trust that ended them, with the first reason
-- why they are no index episode, and whether they were followed by an unplanned readmission (3.7): the
-- patient's next episode in the sector, at any trust, is acute and begins within 30 x 24 hours. That it
-- begins at least 8 hours later is what makes it another episode. A readmission can be the next index.
with episodes as (
    select
        *,
        cast(ended_at as date) as ended_on,
        ended_at + interval '720' hour as watched_until,
        lead(started_at) over (partition by patient_id, sector order by episode_number) as next_started_at,
        lead(acute) over (partition by patient_id, sector order by episode_number) as next_acute
    from {{ ref('int_episodes') }}
),

ended as (
    select
        episodes.*,
        tertials.period,
        coalesce(episodes.next_acute and episodes.next_started_at <= episodes.watched_until, false) as readmitted
    from episodes
    inner join {{ ref('int_stay_tertials') }} as tertials
        on
            episodes.org_id = tertials.org_id
            and episodes.ended_on between tertials.first_day and tertials.last_day
),

died as (
    select distinct
        ended.patient_id,
        ended.sector,
        ended.episode_number
    from ended
    inner join {{ ref('stg_inpatient_stays') }} as stays
        on
            ended.patient_id = stays.patient_id
            and stays.death_date between ended.ended_on and ended.ended_on + 30
)

select
    ended.org_id,
    ended.period,
    ended.sector,
    ended.patient_id,
    ended.episode_number,
    ended.ended_at,
    ended.readmitted,
    case
        when coalesce(ended.discharge_status, 0) <> 1 then 'not_discharged_alive'
        when died.patient_id is not null and not ended.readmitted then 'died_within_30_days'
        when horizons.followed_up_to is null or ended.watched_until > horizons.followed_up_to
            then 'not_followed_up'
    end as exclusion
from ended
left join died
    on
        ended.patient_id = died.patient_id
        and ended.sector = died.sector
        and ended.episode_number = died.episode_number
left join {{ ref('int_follow_up_horizons') }} as horizons
    on
        ended.org_id = horizons.org_id
        and ended.ended_on = horizons.ended_on
