{# A key that comes in deliveries of several periods, for example because a corrected end date moved a referral to
   another month. Nothing is dropped; the number of such keys is said as a warning. #}
{% test key_in_one_period(model, columns) %}
{{ config(
    severity='warn',
    meta={'warning': 'keys occur in deliveries of several periods, and each period counts its own row; deliver the '
        'earlier period again if the row does not belong there any longer'}
) }}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having min(period) <> max(period)
{% endtest %}
