{# A key that comes in deliveries of several periods, for example because a corrected end date moved a referral to
   another month. Nothing is dropped; the number of such keys is said as a warning. #}
{% test key_in_one_period(model, columns) %}
{{ config(severity='warn') }}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having min(period) <> max(period)
{% endtest %}
