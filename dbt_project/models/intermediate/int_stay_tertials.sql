-- The tertials for which a trust has a delivery of inpatient stays in force. Nights and episodes are cut to
-- these: a long stay that reaches into a tertial its trust has not delivered makes no figure there.
select
    org_id,
    period,
    cast(substr(period, 1, 4) || case substr(period, 6, 2)
        when 'T1' then '-01-01'
        when 'T2' then '-05-01'
        when 'T3' then '-09-01'
    end as date) as first_day,
    cast(substr(period, 1, 4) || case substr(period, 6, 2)
        when 'T1' then '-04-30'
        when 'T2' then '-08-31'
        when 'T3' then '-12-31'
    end as date) as last_day
from {{ ref('stg_in_force') }}
where dataset = 'inpatient_stays'
