-- Which delivery holds for a trust in an extract period: of those read from the source on or before
-- the as-of date, the one with the newest extract date. A trust that does not occur in a newer delivery
-- keeps its older one. Landing lets a trust stand in one delivery per extract date only; the
-- sender's name settles the order should that ever fail.
with known as (
    select
        dataset,
        period,
        org_id,
        delivery_id,
        extract_date,
        sender,
        row_number() over (
            partition by dataset, period, org_id
            order by extract_date desc, sender asc
        ) as newest_first
    from {{ source('raw', 'delivery_org') }}
    where extract_date <= cast('{{ var("as_of") }}' as date)
)

select
    dataset,
    period,
    org_id,
    delivery_id,
    extract_date,
    sender
from known
where newest_first = 1
