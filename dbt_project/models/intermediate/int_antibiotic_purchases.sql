-- Purchases of antibiotics as delivered, with their group of the letter and the WHO DDD of code and route
-- (2.4). The group is in the ATC code; the dose needs the route too: one substance has one DDD by mouth
-- and another in the vein.
with grouped as (
    select
        org_id,
        period,
        atc_code,
        route,
        grams,
        case substr(atc_code, 1, 5)
            when 'J01DH' then 'carbapenems'
            when 'J01DC' then 'second_generation_cephalosporins'
            when 'J01DD' then 'third_generation_cephalosporins'
            when 'J01CR' then 'penicillins_with_inhibitor'
            when 'J01MA' then 'quinolones'
        end as antibiotic_group
    from {{ ref('stg_antibiotics') }}
)

select
    grouped.*,
    ddd.ddd_grams,
    case
        when grouped.antibiotic_group is null then 'not_broad_spectrum'
        when ddd.ddd_grams is null then 'no_ddd'
    end as exclusion
from grouped
left join {{ ref('who_ddd') }} as ddd
    on
        grouped.atc_code = ddd.atc_code
        and grouped.route = ddd.route
