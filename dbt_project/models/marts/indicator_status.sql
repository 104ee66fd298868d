-- The verdicts: met, not met, or not assessable with the first reason that applies.
with
reasoned as (
    select
        j.*,
        i.direction,
        case
            when j.rule = 'increase_above' and j.bed_kinds < 2 then 'no_data'
            when j.rule <> 'increase_above' and not j.has_figure then 'no_data'
            when not j.complete then 'incomplete'
            when j.is_ratio and j.denominator = 0 and j.without_limit > 0 then 'no_limit'
            when j.is_ratio and (j.denominator = 0 or (j.unit = 'growth' and j.denominator < 0)) then 'zero_denominator'
            when j.rule = 'growth_at_least' and j.baseline_value = 0 then 'zero_denominator'
            when j.rule = 'increase_above' and (not j.baseline_beds_complete or not j.has_figure) then 'no_baseline'
            when
                j.rule in ('above_baseline', 'below_baseline', 'at_most_baseline', 'growth_at_least')
                and j.baseline_value is null
                then 'no_baseline'
            when j.unit = 'growth' and (j.denominator is null or not j.year_before_complete) then 'no_baseline'
        end as reason
    from {{ ref('figure_judged') }} as j
    inner join {{ ref('indicators') }} as i on j.indicator_id = i.indicator_id
)

select
    r.indicator_id,
    r.series,
    r.org_id,
    r.period,
    r.year,
    r.official,
    r.rule,
    r.threshold,
    r.value,
    r.baseline_period,
    r.baseline_value,
    r.baseline_source,
    r.comparable,
    case
        when r.reason is not null then 'not_assessable'
        when {{ satisfies('r.rule', 'r.difference') }} then 'met'
        else 'not_met'
    end as status,
    r.reason,
    case
        when r.reason is not null then null
        when r.difference = 0 then 0
        when r.rule in ('below_baseline', 'at_most_baseline') then r.need - r.value
        else r.value - r.need
    end as gap,
    r.long_term_goal,
    case
        when r.long_term_goal is null then null
        when r.reason is not null and r.reason <> 'no_baseline' then 'not_assessable'
        when {{ goal_reached() }} then 'met'
        else 'not_met'
    end as long_term_status,
    {{ detail() }} as detail
from reasoned as r
