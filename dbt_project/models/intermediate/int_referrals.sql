-- Referrals that left the waiting list, with their wait and the first reason why they are not counted (3.2).
-- The reasons follow the removal codes of the patient register: only waits that ended because
-- treatment began, for an assessed need, count. Postponement is no reason.
with waits as (
    select
        *,
        {{ days_between('seniority_date', 'wait_end_date') }} as days_waited
    from {{ ref('stg_waiting_times') }}
)

select
    org_id,
    period,
    referral_id,
    service_area,
    days_waited,
    case
        when wait_end_code <> 1 then 'not_started'
        when assessment_outcome = 3 then 'control'
        when assessment_outcome = 4 then 'emergency'
        when assessment_outcome = 5 then 'newborn'
        when assessment_outcome = 6 then 'pregnancy'
        when assessment_outcome = 7 then 'course_or_advice'
        when right_to_care = 5 then 'rejected'
        when right_to_care = 6 then 'not_assessed_for_right'
        when assessment_date is null then 'no_assessment_date'
        when wait_end_date = assessment_date then 'ended_on_assessment_date'
        when days_waited in (0, 1) then 'zero_or_one_day'
        when days_waited > 3652 then 'over_ten_years'
    end as exclusion
from waits
