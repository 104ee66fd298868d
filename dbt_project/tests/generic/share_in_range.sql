{# Shares lie within 0 and 1 and inside their interval; a numerator is never above its denominator. #}
{% test share_in_range(model) %}
select indicator_id, series, org_id, period
from {{ model }}
where
    unit = 'share'
    and (value < 0 or value > 1 or numerator < 0 or numerator > denominator or value < ci_low - 1e-12 or value > ci_high + 1e-12)
{% endtest %}
