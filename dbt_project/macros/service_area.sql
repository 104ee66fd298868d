{# The register's service areas in English; accounts also know other costs. #}
{% macro service_area(column) -%}
  case {{ column }}
        when 'SOM' then 'somatic'
        when 'PHVV' then 'mental_health_adult'
        when 'PHBU' then 'mental_health_child'
        when 'TSB' then 'substance_use'
        when 'ANNET' then 'other'
    end
{%- endmacro %}
