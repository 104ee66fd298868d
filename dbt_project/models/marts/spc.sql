-- Process charts (XmR) of the monthly waiting times, as NHS "Making Data Count": limits are the mean plus and minus
-- 2.66 times the mean moving range of the first 24 points of a phase, ranges of 3.267 times their mean screened out;
-- none with fewer than 12 points. A phase begins only where spc_phases says so.
with
phased as (
    select
        v.indicator_id,
        v.series,
        v.org_id,
        v.period,
        v.value,
        count(p.from_month) as phase
    from {{ ref('indicator_value') }} as v
    left join {{ ref('spc_phases') }} as p
        on v.indicator_id = p.indicator_id and v.series = p.series and v.org_id = p.org_id and p.from_month <= v.period
    where v.indicator_id = '3.2' and v.period_type = 'month'
    group by v.indicator_id, v.series, v.org_id, v.period, v.value
),

numbered as (
    select
        *,
        row_number() over w as point,
        abs(value - lag(value) over w) as moving_range
    from phased
    where value is not null
    window w as (partition by series, org_id, phase order by period)
),

screen as (
    select series, org_id, phase, count(*) as points, 3.267 * avg(moving_range) as screen
    from numbered
    where point <= 24
    group by series, org_id, phase
),

limits as (
    select
        n.series,
        n.org_id,
        n.phase,
        case when s.points >= 12 then avg(n.value) end as mean,
        case
            when s.points >= 12
                then avg(case when n.moving_range < s.screen or s.screen = 0 then n.moving_range end)
        end as spread
    from numbered as n
    inner join screen as s on n.series = s.series and n.org_id = s.org_id and n.phase = s.phase
    where n.point <= 24
    group by n.series, n.org_id, n.phase, s.points
),

measured as (
    select
        n.*,
        l.mean,
        l.mean - 2.66 * l.spread as lower,
        l.mean + 2.66 * l.spread as upper,
        case when n.value > l.mean then 1 when n.value < l.mean then -1 else 0 end as side,
        case
            when n.value > l.mean + 2.66 * l.spread * 2 / 3 then 1
            when n.value < l.mean - 2.66 * l.spread * 2 / 3 then -1
            else 0
        end as far_side,
        cast(sign(n.value - lag(n.value) over w) as integer) as step
    from numbered as n
    inner join limits as l on n.series = l.series and n.org_id = l.org_id and n.phase = l.phase
    window w as (partition by n.series, n.org_id, n.phase order by n.period)
),

-- A rule is found at the last point of its run, and marks every point of it.
found as (
    select
        *,
        case when count(*) over w7 = 7 and abs(sum(side) over w7) = 7 then max(side) over w7 end as shift_end,
        case when count(step) over w6 = 6 and abs(sum(step) over w6) = 6 then max(step) over w6 end as trend_end,
        case
            when
                count(*) over w3 = 3 and abs(far_side) = 1
                and sum(case when far_side = 1 then 1 else 0 end) over w3 >= 2
                then 1
            when
                count(*) over w3 = 3 and abs(far_side) = 1
                and sum(case when far_side = -1 then 1 else 0 end) over w3 >= 2
                then -1
        end as two_of_three
    from measured
    window
        w7 as (partition by series, org_id, phase order by period rows between 6 preceding and current row),
        w6 as (partition by series, org_id, phase order by period rows between 5 preceding and current row),
        w3 as (partition by series, org_id, phase order by period rows between 2 preceding and current row)
),

marked as (
    select
        *,
        max(shift_end) over f7 as shift_high,
        min(shift_end) over f7 as shift_low,
        max(trend_end) over f7 as trend_up,
        min(trend_end) over f7 as trend_down,
        max(two_of_three) over f3 as two_high,
        min(two_of_three) over f3 as two_low
    from found
    window
        f7 as (partition by series, org_id, phase order by period rows between current row and 6 following),
        f3 as (partition by series, org_id, phase order by period rows between current row and 2 following)
)

select
    p.indicator_id,
    p.series,
    p.org_id,
    p.period,
    p.value,
    m.mean,
    m.lower,
    m.upper,
    cast(p.phase + 1 as integer) as phase,
    case
        when m.value > m.upper then 'above_limits'
        when m.value < m.lower then 'below_limits'
        when m.trend_up = 1 then 'rising'
        when m.trend_down = -1 then 'falling'
        when m.two_high = 1 and m.far_side = 1 then 'two_of_three_high'
        when m.two_low = -1 and m.far_side = -1 then 'two_of_three_low'
        when m.shift_high = 1 then 'shift_high'
        when m.shift_low = -1 then 'shift_low'
    end as signal
from phased as p
left join marked as m on p.series = m.series and p.org_id = m.org_id and p.period = m.period
