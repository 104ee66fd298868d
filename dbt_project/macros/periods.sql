{# Names of periods: 2024-03, 2024-T1, 2024-YTD08, 2024. #}
{% macro period_label(year, period_type, number) -%}
  cast({{ year }} as varchar) || case {{ period_type }}
        when 'month' then '-' || lpad(cast({{ number }} as varchar), 2, '0')
        when 'tertial' then '-T' || cast({{ number }} as varchar)
        when 'year_to_date' then '-YTD' || lpad(cast({{ number }} as varchar), 2, '0')
        else ''
    end
{%- endmacro %}

{# The same period in another year. #}
{% macro in_year(period, year) -%}
  cast({{ year }} as varchar) || substr({{ period }}, 5)
{%- endmacro %}
