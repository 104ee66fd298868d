-- Training positions, those that are not held on 31 December of the year marked; both ends of a position's
-- dates belong to it, and one without an end is still held.
select
    org_id,
    period,
    position_id,
    specialty,
    from_date,
    case
        when
            from_date > cast(period || '-12-31' as date)
            or to_date < cast(period || '-12-31' as date) then 'not_active'
    end as exclusion
from {{ ref('stg_training_positions') }}
