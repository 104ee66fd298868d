-- 2.3: apprentices with a contract on 31 December in a relevant trade. One with two contracts that day
-- counts once per series and once in all, so `all` is counted here and not added up. A figure that holds a
-- trade which the letter does not name is marked: that it counts is a choice.
with
every_series as (
    select
        *,
        trade_series as series
    from {{ ref('int_apprentices') }}
    where trade_series is not null
    union all
    select
        *,
        'all' as series
    from {{ ref('int_apprentices') }}
)

select
    org_id,
    series,
    period,
    cast(count(distinct case when exclusion is null then apprentice_id end) as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator,
    bool_or(exclusion is null and not named_in_letter) as unofficial
from every_series
group by org_id, series, period
