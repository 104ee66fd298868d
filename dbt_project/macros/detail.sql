{# What the verdict alone does not say, in Norwegian: the change per calendar day (1.2, 1.3), the real growth by
   division (1.1), the relative increase in beds (2.5). Reads figure_judged, alias r. #}
{% macro detail() -%}
  case
        when r.reason is not null then null
        when r.indicator_id in ('1.2', '1.3') and r.baseline_value > 0 then
            'Endring per kalenderdag: ' || {{ nb_percent(per_day_change()) }}
            || case
                when sign(r.value - r.baseline_value) <> sign({{ per_day_change() }})
                    then ' (et annet fortegn enn endringen i alt, fordi periodene har ulikt antall dager)'
                else ''
            end
        when r.indicator_id = '1.1' and r.series = 'nominal_growth' and r.real_growth <= r.free_grant_growth
            and {{ satisfies('r.rule', 'r.difference') }} then
            'Målet er nådd nominelt, men realveksten regnet ved divisjon (' || {{ nb_percent('r.real_growth') }}
            || ') er ikke høyere enn veksten i frie bevilgninger (' || {{ nb_percent('r.free_grant_growth') }} || ')'
        when r.rule = 'increase_above' then
            'Relativ økning: beredskap ' || coalesce({{ nb_percent('r.surge_growth') }}, 'ikke beregnet')
            || ', ordinær drift ' || coalesce({{ nb_percent('r.ordinary_growth') }}, 'ikke beregnet')
    end
{%- endmacro %}

{% macro per_day_change() -%}
  ((r.value / r.days) / (r.baseline_value / r.baseline_days) - 1)
{%- endmacro %}

{# A share as Norwegian text with sign and two decimals: +0,27 %. #}
{% macro nb_percent(share) -%}
  replace(printf('%+.2f', 100 * ({{ share }})), '.', ',') || ' %'
{%- endmacro %}

{# Is the value on the good side of the long-term goal? Decided exactly, like the target. Alias r. #}
{% macro goal_reached() -%}
  case
        when r.is_ratio then
            (cast(r.numerator as decimal(20, 6)) - r.long_term_goal * cast(r.denominator as decimal(19, 6)))
            * (case r.direction when 'lower' then -1 else 1 end) > 0
        else (r.numerator - r.long_term_goal) * (case r.direction when 'lower' then -1 else 1 end) > 0
    end
{%- endmacro %}
