-- 1.4: beds in mental health care per trust and per region. The regional authority's own number of an area
-- holds for its region; where it has none, the sum of the trusts. A missing number is not 0: the rest is
-- shown, and the figure is incomplete. A trust without a row for an area has no beds there.
with
totals as (
    select
        coalesce(scope.org_id, reported.org_id) as org_id,
        reported.service_area,
        reported.period,
        max(case when scope.org_id is null then reported.beds end) as authority_beds,
        max(case when scope.org_id is null then reported.extract_date end) as authority_read_on,
        sum(case when scope.org_id is not null then reported.beds end) as trusts_beds,
        count(scope.org_id) as trusts_rows,
        count(case when scope.org_id is not null then reported.beds end) as trusts_numbers
    from {{ ref('stg_psychiatric_beds') }} as reported
    -- A regional authority is no member of any figure's organisation: its row stands alone, for the region.
    left join {{ ref('int_org_scope') }} as scope on reported.org_id = scope.member_id
    group by coalesce(scope.org_id, reported.org_id), reported.service_area, reported.period
),

areas as (
    select
        org_id,
        service_area,
        period,
        coalesce(authority_beds, trusts_beds) as beds,
        -- The authority's number, too, must have been read on the last day of the year or later.
        case
            when authority_beds is null then trusts_numbers < trusts_rows or trusts_rows = 0
            else authority_read_on < make_date(cast(period as integer), 12, 31)
        end as incomplete,
        authority_beds is null as needs_trusts
    from totals
),

every_series as (
    select
        org_id,
        service_area as series,
        period,
        beds,
        incomplete,
        needs_trusts
    from areas
    union all
    -- Unless the authority has a number for both areas, the whole rests on the trusts too.
    select
        org_id,
        'all' as series,
        period,
        sum(beds) as beds,
        bool_or(incomplete) as incomplete,
        bool_or(needs_trusts) or count(*) < 2 as needs_trusts
    from areas
    group by org_id, period
)

select
    org_id,
    series,
    'year' as period_type,
    period,
    cast(beds as decimal(30, 12)) as numerator,
    cast(null as decimal(30, 12)) as denominator,
    incomplete,
    needs_trusts
from every_series
where beds is not null
