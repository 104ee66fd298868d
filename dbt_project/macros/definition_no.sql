{# The Norwegian definition that stands in the indicator model's YAML (config.meta.definition_no), as an SQL text. #}
{% macro definition_no(indicator_id) -%}
  {%- set found = namespace(text='') -%}
  {%- if execute -%}
    {%- for node in graph.nodes.values() if node.config.meta.get('indicator_id') == indicator_id -%}
      {%- set found.text = node.config.meta.definition_no -%}
    {%- endfor -%}
  {%- endif -%}
  '{{ found.text | trim | replace("'", "''") }}'
{%- endmacro %}
