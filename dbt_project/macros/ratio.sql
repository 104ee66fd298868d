{# Numerator over denominator: missing when the denominator is empty, never 0, NaN or infinity. #}
{% macro ratio(numerator, denominator) -%}
  (cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0))
{%- endmacro %}

{# One bound of the 95 % Wilson interval without continuity correction; sign -1 is the lower one. #}
{% macro wilson(numerator, denominator, sign) -%}
  {%- set p = ratio(numerator, denominator) -%}
  {%- set n = 'nullif(cast(' ~ denominator ~ ' as double), 0)' -%}
  {%- set z = '1.959963984540054' -%}
  least(1.0, greatest(0.0, (
        {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
        + ({{ sign }}) * {{ z }} * sqrt(greatest(0.0, {{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})))
    ) / (1 + {{ z }} * {{ z }} / {{ n }})))
{%- endmacro %}
