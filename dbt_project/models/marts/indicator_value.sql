-- The figures as they are shown: value, interval, completeness, maturity.
select
    indicator_id,
    series,
    org_id,
    org_level,
    period_type,
    period,
    period_start,
    period_end,
    case
        when series not in ('real_growth', 'surge_minus_ordinary') then cast(numerator as double)
    end as numerator,
    case when is_ratio and series <> 'real_growth' then cast(denominator as double) end as denominator,
    value,
    unit,
    complete,
    false as suppressed,
    -- Monthly waiting times are preliminary in the national statistics; the 30 days are a choice.
    case
        when period_type = 'month' or not complete or {{ days_between('period_end', 'extract_date') }} < 30
            then 'preliminary'
        else 'final'
    end as maturity,
    extract_date,
    case when unit = 'share' and denominator > 0 then {{ wilson('numerator', 'denominator', -1) }} end as ci_low,
    case when unit = 'share' and denominator > 0 then {{ wilson('numerator', 'denominator', 1) }} end as ci_high,
    note
from {{ ref('figure') }}
