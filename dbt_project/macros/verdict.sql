{# Sign of value minus need, on exact numbers: cross-multiplied whole numbers or decimals, never a quotient.
   Only DDD (2.4) have no finite decimals: there a difference under 1e-9 of the need counts as none.
   Reads the columns of figure_judged, alias b. #}
{% macro difference() -%}
  case
        when b.unit = 'ddd_per_100_bed_days' then
            case
                when abs(b.value - {{ need_as_double() }}) < 1e-9 * abs({{ need_as_double() }}) then 0
                else cast(sign(b.value - {{ need_as_double() }}) as integer)
            end
        when b.rule in ('at_least', 'above', 'increase_above') then
            case
                when b.is_ratio then cast(sign(
                    cast(b.numerator as decimal(20, 6)) * {{ scale() }}
                    - (b.threshold + {{ offset() }}) * cast(b.denominator as decimal(19, 6))
                ) as integer)
                else cast(sign(cast(b.numerator as decimal(30, 12)) - b.threshold) as integer)
            end
        when b.rule = 'growth_at_least' then
            case
                when not b.is_ratio and b.baseline_source = 'measured' then cast(sign(
                    cast(b.numerator as decimal(20, 6)) - (1 + b.threshold) * cast(b.baseline_numerator as decimal(19, 6))
                ) as integer)
                when not b.is_ratio then cast(sign(
                    cast(b.numerator as decimal(20, 6))
                    - (1 + b.threshold) * cast(b.reported_baseline as decimal(19, 6))
                ) as integer)
                when b.baseline_source = 'measured' then cast(sign(
                    cast(b.numerator as decimal(12, 0)) * cast(b.baseline_denominator as decimal(12, 0)) * 1000000
                    - cast((1 + b.threshold) * 1000000 as decimal(14, 0))
                    * cast(b.baseline_numerator as decimal(12, 0)) * cast(b.denominator as decimal(12, 0))
                ) as integer)
                else cast(sign(
                    cast(b.numerator as decimal(18, 2)) * {{ scale() }}
                    - (cast((1 + b.threshold) * b.reported_baseline as decimal(20, 8)) + {{ offset() }})
                    * cast(b.denominator as decimal(18, 2))
                ) as integer)
            end
        when b.is_ratio and b.baseline_source = 'measured' then cast(sign(
            cast(b.numerator as decimal(19, 3)) * cast(b.baseline_denominator as decimal(19, 3))
            - cast(b.baseline_numerator as decimal(19, 3)) * cast(b.denominator as decimal(19, 3))
        ) as integer)
        when b.is_ratio then cast(sign(
            cast(b.numerator as decimal(18, 2)) * {{ scale() }}
            - (b.reported_baseline + {{ offset() }}) * cast(b.denominator as decimal(18, 2))
        ) as integer)
        when b.baseline_source = 'measured' then cast(sign(b.numerator - b.baseline_numerator) as integer)
        else cast(sign(cast(b.numerator as decimal(30, 12)) - b.reported_baseline) as integer)
    end
{%- endmacro %}

{% macro need_as_double() -%}
  (case
            when b.rule in ('at_least', 'above', 'increase_above') then cast(b.threshold as double)
            when b.rule = 'growth_at_least' then (1 + cast(b.threshold as double)) * b.baseline_value
            else b.baseline_value
        end)
{%- endmacro %}

{# What a ratio is multiplied by, and what is taken from it, to become the value of its unit. #}
{% macro scale() -%}
  (case b.unit when 'beds_per_100k' then 100000 when 'ddd_per_100_bed_days' then 100 else 1 end)
{%- endmacro %}

{% macro offset() -%}
  (case b.unit when 'growth' then 1 else 0 end)
{%- endmacro %}

{# Does the sign satisfy the rule? #}
{% macro satisfies(rule, difference) -%}
  case
        when {{ rule }} in ('at_least', 'growth_at_least') then {{ difference }} >= 0
        when {{ rule }} in ('above', 'above_baseline', 'increase_above') then {{ difference }} > 0
        when {{ rule }} = 'below_baseline' then {{ difference }} < 0
        when {{ rule }} = 'at_most_baseline' then {{ difference }} <= 0
    end
{%- endmacro %}
