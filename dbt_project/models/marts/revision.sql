-- Figures that the release before showed otherwise, and why.
with
changed_files as (
    select coalesce(n.delivery_id, o.delivery_id) as delivery_id
    from (
        select distinct delivery_id, sha256 from {{ ref('stg_delivery_file') }} where status = 'accepted'
    ) as n
    full outer join (
        select distinct delivery_id, sha256 from {{ source('published', 'published_delivery') }}
    ) as o on n.delivery_id = o.delivery_id and n.sha256 = o.sha256
    where n.sha256 is null or o.sha256 is null
),

sources as (
    select indicator_id, series, org_id, period, delivery_id from {{ ref('value_source') }}
    union
    select indicator_id, series, org_id, period, delivery_id from {{ source('published', 'published_source') }}
),

redelivered as (
    select distinct s.indicator_id, s.series, s.org_id, s.period
    from sources as s
    inner join changed_files as c on s.delivery_id = c.delivery_id
)

select
    o.indicator_id,
    o.series,
    o.org_id,
    o.period,
    o.release_id as old_release,
    o.value as old_value,
    n.value as new_value,
    case
        when d.indicator_id is not null then 'new_delivery'
        when r.reference_fingerprint <> r.new_reference_fingerprint then 'reference'
        when r.code_version <> r.new_code_version then 'code'
        else 'new_delivery'
    end as cause
from {{ source('published', 'published_value') }} as o
cross join {{ source('published', 'published_release') }} as r
left join {{ ref('indicator_value') }} as n
    on o.indicator_id = n.indicator_id and o.series = n.series and o.org_id = n.org_id and o.period = n.period
left join redelivered as d
    on o.indicator_id = d.indicator_id and o.series = d.series and o.org_id = d.org_id and o.period = d.period
where not o.suppressed and o.value is distinct from n.value
