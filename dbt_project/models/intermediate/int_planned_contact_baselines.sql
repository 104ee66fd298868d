-- Which delivery a baseline of 3.3 is computed from: for each delivery in force, those of the same trust and
-- tertial in earlier years whose extract date is exactly as many years earlier, even if a newer one replaced them
-- since. 28 and 29 February stand in for each other where the exact day was not delivered. No row: the trust has
-- no such delivery for that year, and its figures cannot be compared with it.
with
delivered as (
    select distinct
        org_id,
        period,
        cast(substr(period, 1, 4) as integer) as year,
        extract(year from extract_date) as read_year,
        extract(month from extract_date) as read_month,
        extract(day from extract_date) as read_day,
        delivery_id,
        in_force
    from {{ ref('stg_planned_contacts') }}
),

candidates as (
    select
        latest.org_id,
        latest.period,
        earlier.year as baseline_year,
        earlier.delivery_id,
        row_number() over (
            partition by latest.org_id, latest.period, earlier.year
            order by abs(earlier.read_day - latest.read_day) asc
        ) as closest_first
    from delivered as latest
    inner join delivered as earlier
        on
            latest.in_force
            and latest.org_id = earlier.org_id
            and earlier.year < latest.year
            and earlier.period = {{ in_year('latest.period', 'earlier.year') }}
            and latest.read_year - earlier.read_year = latest.year - earlier.year
            and latest.read_month = earlier.read_month
            and (
                latest.read_day = earlier.read_day
                or (latest.read_month = 2 and latest.read_day >= 28 and earlier.read_day >= 28)
            )
)

select
    org_id,
    period,
    baseline_year,
    delivery_id
from candidates
where closest_first = 1
