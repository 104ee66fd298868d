{# The columns of a relation, some of them put otherwise: every engine understands it. #}
{% macro changed(columns, relation, changes) -%}
    {%- for column in columns %}
        {{ changes[column] ~ ' as ' ~ column if column in changes else relation ~ '.' ~ column }}{% if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
