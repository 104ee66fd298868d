-- 3.4: of the patients with a counted contact, those with one by video, by telephone or as digital follow-up. A
-- patient counts once per figure, so regions and longer periods are counted anew and not added up.
with
-- The tertials of a year in which a patient was met are one number with a bit for each, so that one look at the
-- contacts serves all periods of the year.
tertials as (
    select distinct
        extract_period as period,
        year,
        case substr(extract_period, 7) when '1' then 1 when '2' then 2 else 4 end as bit
    from {{ ref('int_period_span') }}
    where cadence = 'tertial'
),

periods as (
    select
        span.year,
        span.period_type,
        span.period,
        cast(sum(tertials.bit) as integer) as bits
    from {{ ref('int_period_span') }} as span
    inner join tertials on span.extract_period = tertials.period
    where span.cadence = 'tertial'
    group by span.year, span.period_type, span.period
),

-- Patients whose contacts are all left out stay, so that a figure without counted contacts still has its row.
patients as (
    select
        contact.org_id,
        contact.service_area,
        tertials.year,
        contact.patient_id,
        bit_or(tertials.bit) as met,
        bit_or(case when contact.exclusion_3_4 is null then tertials.bit else 0 end) as counted,
        bit_or(case when contact.exclusion_3_4 is null and contact.is_digital then tertials.bit else 0 end) as digital
    from {{ ref('int_outpatient_contacts') }} as contact
    inner join tertials on contact.period = tertials.period
    group by contact.org_id, contact.service_area, tertials.year, contact.patient_id
),

in_every_series as (
    select
        scope.org_id,
        coalesce(patients.service_area, 'all') as series,
        patients.year,
        bit_or(patients.met) as met,
        bit_or(patients.counted) as counted,
        bit_or(patients.digital) as digital
    from patients
    inner join {{ ref('int_org_scope') }} as scope on patients.org_id = scope.member_id
    group by scope.org_id, patients.year, patients.patient_id, rollup(patients.service_area)
)

select
    patient.org_id,
    patient.series,
    periods.period_type,
    periods.period,
    cast(sum(case when (patient.digital & periods.bits) > 0 then 1 else 0 end) as decimal(30, 12)) as numerator,
    cast(sum(case when (patient.counted & periods.bits) > 0 then 1 else 0 end) as decimal(30, 12)) as denominator
from in_every_series as patient
inner join periods on patient.year = periods.year and (patient.met & periods.bits) > 0
group by patient.org_id, patient.series, periods.period_type, periods.period
