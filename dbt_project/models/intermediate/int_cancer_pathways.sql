-- One row per cancer pathway over all deliveries in force, with the treatment start that decides: the first
-- of any type; on the same date surgery, drugs and radiotherapy (K, M, S) go before the rest, and among
-- them the longest limit, a known one before none. A date without a type, or a type without a date, is no
-- treatment start. The row that decides gives the start of the pathway and the cancer form, should the rows
-- of a pathway disagree; without a treatment start it is the one with the earliest start.
with
registered as (
    select
        org_id,
        pathway_id,
        cancer_form,
        treatment,
        max_days,
        start_date,
        case when treatment is not null then treatment_date end as treated_on,
        case when treatment_date is not null and treatment in ('K', 'M', 'S') then 1 else 0 end as curative
    from {{ ref('stg_cancer_pathways') }}
),

-- The limit in the sender's register goes before the reference list's on the day the pathway started.
starts as (
    select
        registered.*,
        case
            when registered.curative = 1 then coalesce(registered.max_days, standard.max_days)
        end as limit_days
    from registered
    left join {{ ref('cancer_pathway_limits') }} as standard
        on
            registered.cancer_form = standard.cancer_form
            and registered.treatment = standard.treatment
            and registered.start_date >= coalesce(standard.valid_from, registered.start_date)
            and registered.start_date <= coalesce(standard.valid_to, registered.start_date)
),

ordered as (
    select
        *,
        row_number() over (
            partition by org_id, pathway_id
            order by
                treated_on asc nulls last,
                curative desc,
                limit_days desc nulls last,
                start_date asc,
                cancer_form asc,
                treatment asc nulls last
        ) as deciding_first
    from starts
)

select
    pathway.org_id,
    tertial.period,
    pathway.pathway_id,
    pathway.cancer_form,
    pathway.start_date,
    pathway.treated_on,
    pathway.treatment,
    pathway.limit_days,
    case
        when pathway.treated_on is null then 'no_treatment_start'
        when pathway.curative = 0 then 'not_curative_start'
        when pathway.limit_days is null then 'no_limit'
    end as exclusion
from ordered as pathway
inner join {{ ref('int_period_span') }} as tertial
    on
        tertial.cadence = 'tertial'
        and tertial.period_type = 'tertial'
        and coalesce(pathway.treated_on, pathway.start_date) >= tertial.period_start
        and coalesce(pathway.treated_on, pathway.start_date) <= tertial.period_end
inner join {{ ref('stg_in_force') }} as in_force
    on
        in_force.dataset = 'cancer_pathways'
        and pathway.org_id = in_force.org_id
        and tertial.period = in_force.period
where pathway.deciding_first = 1
