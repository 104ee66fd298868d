{# Purchases of the five groups that cannot be counted: the code has no WHO DDD for the route. Said as a warning. #}
{% test every_broad_spectrum_purchase_has_a_ddd(model) %}
{{ config(
    severity='warn',
    meta={'warning': 'purchases of the five groups are not counted in 2.4, since their ATC code has no WHO DDD for the '
        'route; add it to who_ddd.csv or correct the purchase'}
) }}
select 1 as purchase
from {{ model }}
where exclusion = 'no_ddd'
{% endtest %}
