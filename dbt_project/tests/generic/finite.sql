{# No NaN and no infinity: both would compare as larger than any target. #}
{% test finite(model, columns) %}
select 1 as violation
from {{ model }}
where {% for column in columns %}isnan({{ column }}) or isinf({{ column }}){% if not loop.last %} or {% endif %}{% endfor %}
{% endtest %}
