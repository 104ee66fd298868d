{# What the engines say differently. Models use these words; DuckDB and Spark each have their own. #}

{# Whole days from one date or time to another, by calendar date. #}
{% macro days_between(start, end) -%}
  {{ return(adapter.dispatch('days_between', 'vedlegg2')(start, end)) }}
{%- endmacro %}

{% macro default__days_between(start, end) -%}
  (cast({{ end }} as date) - cast({{ start }} as date))
{%- endmacro %}

{% macro spark__days_between(start, end) -%}
  datediff(cast({{ end }} as date), cast({{ start }} as date))
{%- endmacro %}
