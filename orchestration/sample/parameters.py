"""What the synthetic region looks like: volumes, shares, waiting times and amounts, as plain data.

Belongs here: numbers and code lists of the sample, each with where it comes from: L the letter
(Oppdragsdokument 2024), S public statistics, E an estimate without a source, realistic only. Does not
belong here: anything that draws or writes; no figure here describes a real trust, patient or year.

Lists over trusts are in the order of ``TRUSTS``, lists over service areas in the order of ``AREAS``.
"""

from __future__ import annotations

BASE_YEAR = 2023
GROWTH = 1.017
"""Volume growth a year: the budget's activity growth (L)."""

TRUSTS = ("883974832", "997005562", "983974791")
SENDERS = ("st_olavs_hospital", "helse_more_og_romsdal", "helse_nord_trondelag")
PREFIXES = ("STO", "MØ", "HNT")
"""First letters of a trust's own ids; the Ø makes every Windows-1252 file a real one."""
REGION = "983658776"
AREAS = ("SOM", "PHVV", "PHBU", "TSB")
SPLIT = ((0.52, 0.30, 0.18), (0.48, 0.33, 0.19), (0.48, 0.33, 0.19), (0.60, 0.25, 0.15))
"""Share of each trust, per area (E)."""
SHARED = (0.06, 0.02, 0.02, 0.02)
"""Patients of the two smaller trusts who are also patients of St. Olavs (E)."""
ALSO_SOMATIC = 0.3
"""Patients in mental health care or substance use treatment who are somatic patients too (E)."""

# Time (shape S, numbers E)
MONTH_WEIGHTS = (1.08, 1.02, 1.08, 1.00, 1.00, 1.03, 0.55, 0.95, 1.10, 1.12, 1.12, 0.95)
EASTER_WEIGHT = 0.5
WEEKDAY_WEIGHTS = (1.05, 1.1, 1.1, 1.05, 0.7, 0.03, 0.02)
ACUTE_WEEKEND_WEIGHT = 0.8
EXTRACT_DAYS = {"month": 10, "tertial": 40, "planned_contacts": 8}
"""Days from the end of the period to the extract date (E)."""
EXTRACT_YEARLY = (2, 20)
EXTRACT_BEDS = (6, 20)

# waiting_times
REFERRALS = (145_000, 15_500, 6_800, 3_900)
"""Referrals a year that the indicator counts (S, E)."""
END_CODES = {2: 0.03, 3: 0.02, 4: 0.02, 5: 0.001, 7: 0.01, 9: 0.05}
OUTCOMES = {3: 0.012, 5: 0.003, 6: 0.008, 7: 0.007}
EMERGENCY = (0.17, 0.06, 0.06, 0.06)
NO_RIGHT = (0.04, 0.04, 0.18, 0.04)
NOT_ASSESSED = 0.03
NO_ASSESSMENT_DATE = 0.005
ENDED_ON_ASSESSMENT = (0.03, 0.03, 0.06, 0.03)
ZERO_OR_ONE_DAY = 0.02
OVER_TEN_YEARS = 0.00005
WAIT_MEAN = {
    2022: (74, 55, 58, 36),
    2023: (79, 58, 56, 38),
    2024: (77, 55, 58, 35),
}
WAIT_FACTOR = ((0.97, 1.06, 1.00), (1.05, 0.95, 0.93), (1.00, 1.10, 0.82), (0.96, 1.12, 0.94))
WAIT_MEDIAN = (0.62, 0.75, 0.80, 0.70)
"""Median as a share of the mean."""
WAIT_MONTH = (1.03, 1, 1, 1, 1, 1, 0.94, 1.05, 1.05, 1, 1, 0.97)
LATE_ASSESSMENT = 0.04

# planned_contacts, a snapshot
OPEN_CONTACTS = (285_000, 24_000, 10_000, 5_500)
CANCELLED, CARRIED_OUT, NO_PLANNED_DATE, CREATED_LATER = 0.03, 0.02, 0.007, 0.004
REFERRAL_CLOSED = (0.02, 0.008, 0.008)
"""St. Olavs has rests of a migration (E)."""
KEPT = {
    2022: (0.886, 0.931, 0.924, 0.950),
    2023: (0.881, 0.935, 0.920, 0.954),
    2024: (0.889, 0.940, 0.914, 0.961),
}
KEPT_TERTIAL = (0.004, -0.006, 0.0)
"""The tertials beside the year's share, which is that of the last one (E)."""
PASSED_FACTOR = (1.08, 0.94, 0.87)
DONE_AFTER_CUTOFF, CANCELLED_AFTER_CUTOFF = 0.02, 0.01

# outpatient_contacts
CONTACTS = {
    2022: (1_003_000, 290_000, 127_000, 78_000),
    2023: (1_020_000, 295_000, 125_000, 80_000),
    2024: (1_037_000, 300_310, 123_625, 82_400),
}
OUTPATIENTS = (215_000, 15_400, 7_800, 3_300)
"""Distinct patients a tertial (S, E)."""
PATIENT_GROWTH = 1.01
STAYING = 0.5
"""Share of a tertial's outpatients who come in the next tertial too (E)."""
CONTACT_TYPES = {1: 0.18, 2: 0.42, 3: 0.24, 12: 0.01, 13: 0.02, 14: 0.005, 99: 0.005}
TECHNICAL, NOT_PUBLIC, NO_PATIENT = 0.006, 0.004, 0.0015
INDIRECT = (0.03, 0.09, 0.09, 0.09)
DAY_CARE, OTHER_LEVEL = 0.04, 0.01
"""omsorgsnivaa 2 and 8, somatics only."""
DIGITAL_PATIENTS = {
    2022: (0.128, 0.31, 0.45, 0.25),
    2023: (0.135, 0.32, 0.44, 0.27),
    2024: (0.146, 0.33, 0.43, 0.29),
}
DIGITAL_FACTOR = (1.0, 1.08, 0.88)
DIGITAL_AGAIN = (0.0, 0.36, 0.45, 0.37)
"""Share of a digital patient's other contacts that are digital too (E)."""
DIGITAL_FORM = 0.12
"""Share of the digital contacts that are forms, monitoring or a programme on the net (E)."""

# inpatient_stays
STAYS = (113_000, 6_300, 350, 1_800)
DAY_STAYS = 28_000
SOMATIC_NIGHTS = {2019: 450_000, 2022: 430_000, 2023: 428_000, 2024: 431_000}
PSYCHIATRIC_NIGHTS_A_DAY = {
    2019: (365.0, 26.5),
    2022: (347.0, 25.2),
    2023: (126_000 / 365, 9_100 / 365),
    2024: (126_000 / 365 * 0.994, 9_100 / 365 * 0.994),
}
"""Occupied beds, mental health care for adults and for children (S, E)."""
NIGHTS_MEAN = (3.8, 21.5, 28, 38)
NIGHTS_MEDIAN = (0.60, 0.28, 0.49, 0.70)
"""Median as a share of the mean."""
NIGHTS_LONGEST = (90, 400, 300, 200)
EXTRA_ZERO_NIGHTS = 0.025
"""On top of those that round to zero: about 8 % of the somatic stays."""
ACUTE = (0.64, 0.68, 0.55, 0.15)
URGENCY = {1: 0.7, 2: 0.2, 3: 0.1}
URGENCY_5, URGENCY_MISSING = 0.015, 0.003
DEAD = (0.019, 0.001, 0.001, 0.001)
DEAD_WITHIN_30 = (0.023, 0.0, 0.0, 0.002)
SUICIDE = (0.0, 1.5 / 6_300, 0.0, 0.0)
STATE_MISSING = 0.0005
TRANSFER, RETURN_WITHIN_8_HOURS, CONCURRENT = 0.04, 0.006, 0.001
"""Somatic episodes of two stays, and stays inside another stay."""
SECTORS = (0, 1, 1, 2)
"""somatic, mental health, substance use: the sector of each area."""
READMITTED = {
    2019: (0.129, 0.225, 0.145),
    2022: (0.128, 0.231, 0.144),
    2023: (0.126, 0.235, 0.140),
    2024: (0.124, 0.241, 0.132),
}
READMITTED_FACTOR = (0.97, 1.04, 1.02)
PLANNED_RETURN, LATE_RETURN = 0.03, 0.08
OTHER_TRUST = 0.04
"""Returns to another trust than before (E)."""
HOSPITALS = (
    {"974749025": 0.86, "974329506": 0.12, "974749505": 0.02},
    {"974747138": 0.42, "974745569": 0.28, "974746948": 0.17, "974747545": 0.13},
    {"974754118": 0.65, "974753898": 0.35},
)

# epicrises
WITHIN_ONE_DAY = {
    2022: (0.652, 0.59, 0.68, 0.68),
    2023: (0.664, 0.61, 0.694, 0.694),
    2024: (0.693, 0.64, 0.712, 0.712),
}
"""SOM, PHVV, PHBU (not counted), TSB."""
WITHIN_ONE_DAY_FACTOR = (0.97, 1.03, 1.04)
WITHIN_A_WEEK = (0.88, 0.92, 0.92, 0.90)
NEVER_SENT = (0.05, 0.03, 0.03, 0.04)
BIRTHS, BIRTHS_IN_TIME, BIRTHS_NEVER = 0.13, 0.62, 0.29
SENT_BEFORE, SECOND_SUMMARY, DAY_SUMMARIES, NO_CONSENT = 0.06, 0.025, 0.13, 0.004

# cancer_pathways: treated a year (K/M/S with a limit), share within the limit (E; pooled share S)
CANCER = {
    "lung": (350, 0.63), "breast": (480, 0.82), "prostate": (420, 0.55), "colorectal": (560, 0.79),
    "melanoma": (330, 0.77), "lymphoma": (140, 0.62), "myeloma": (65, 0.68), "head_neck": (130, 0.58),
    "bladder": (230, 0.78), "kidney": (120, 0.698), "testicular": (45, 0.88), "penile": (9, 0.75),
    "uterine": (110, 0.71), "ovarian": (75, 0.73), "cervical": (50, 0.65), "sarcoma": (45, 0.67),
    "oesophagus_stomach": (95, 0.72), "pancreatic": (75, 0.74), "liver": (35, 0.66),
    "gallbladder_bile_duct": (25, 0.70), "neuroendocrine": (60, 0.80), "thyroid": (55, 0.75),
    "brain": (55, 0.86), "childhood": (15, 0.93),
}  # fmt: skip
TREATMENTS = {"K": 0.62, "M": 0.26, "S": 0.12}
NO_SURGERY = ("lymphoma", "myeloma")
NEVER_A_LIMIT = ("myeloma", "penile")
INVENTED_LIMITS = {"K": 40, "M": 35, "S": 42}
"""maks_dager of the forms without a limit in the reference data: invented, said in the marker file."""
OTHER_STARTS, NO_START = 900, 4_100
SECOND_START, SECOND_SAME_DAY = 0.04, 0.01

# treatment_plans
PATHWAYS = (0, 9_000, 4_500, 2_800)
PLAN_WITH_PATIENT = {
    2022: (0, 0.36, 0.44, 0.35),
    2023: (0, 0.38, 0.45, 0.37),
    2024: (0, 0.41, 0.47, 0.42),
}
PLAN_FACTOR = (0.96, 1.05, 1.03)
PLAN_WITHOUT_PATIENT, PLAN_AFTER_END = 0.25, 0.05

# antibiotics (rates and make-up S, E)
DDD_PER_100_BED_DAYS = {
    2019: (14.9, 13.4, 14.2),
    2022: (15.7, 14.1, 13.9),
    2023: (16.0, 14.3, 13.6),
    2024: (15.4, 14.0, 13.3),
}
DDD_SHARES = {
    ("J01CR02", "O"): 0.06, ("J01CR02", "P"): 0.04, ("J01CR05", "P"): 0.14,
    ("J01DD01", "P"): 0.26, ("J01DD02", "P"): 0.04, ("J01DD04", "P"): 0.09, ("J01DD52", "P"): 0.01,
    ("J01DC02", "P"): 0.11, ("J01DC02", "O"): 0.01,
    ("J01DH02", "P"): 0.075, ("J01DH03", "P"): 0.010, ("J01DH51", "P"): 0.005,
    ("J01MA02", "O"): 0.095, ("J01MA02", "P"): 0.035, ("J01MA12", "Inhal"): 0.002,
    ("J01MA12", "O"): 0.013, ("J01MA14", "O"): 0.005,
}  # fmt: skip
OTHER_GRAMS = {("J01DE01", "P"): 450, ("J01DI02", "P"): 60, ("J01DD54", "P"): 40}
"""Grams a month at St. Olavs of substances that the indicator leaves out, or that have no DDD."""
RETURNS = 0.02

# Yearly lists
BEDS = {
    2022: ((203, 119, 106), (23, 16, None)),
    2023: ((205, 120, 105), (22, 16, 6)),
    2024: ((208, 122, 106), (21, 16, 6)),
}
"""Mental health care for adults, for children; None: not published, written as ':'."""
REGION_BEDS = {2022: (428, 45), 2023: (430, 44), 2024: (436, 43)}

ICU_ORDINARY = {
    2022: ((26, 19), (17, 9), (9, 5)),
    2023: ((26, 20), (18, 9), (9, 5)),
    2024: ((27, 20), (18, 9), (9, 6)),
}
"""Per trust: category 2, category 3."""
ICU_SURGE = {
    2022: ((41, 33), (29, 17), (14, 10)),
    2023: ((42, 34), (30, 18), (14, 10)),
    2024: ((44, 36), (31, 18), (15, 10)),
}
ICU_SHARES = ((0.9, 0.1), (0.5, 0.3, 0.2), (0.7, 0.3))
"""Of each category, the trust's hospitals in the order of HOSPITALS."""

COST_BASE = {2022: (2_620e6, 640e6, 590e6), 2023: (2_760e6, 675e6, 620e6)}
"""NOK without pension and depreciation: mental health care adults, children, substance use (E)."""
COST_GROWTH_2024 = ("0.066", "0.049", "0.0552")
"""The third is just over the limit although the divided real growth is under 1.2 % (L: 5.5 %)."""
COST_LATER_GROWTH = "0.05"
COST_KINDS = {"LONN": 0.66, "LEGEMIDLER": 0.02, "VARER": 0.05, "KJOP": 0.12, "ANNET": 0.15}
PENSION, DEPRECIATION = 0.11, 0.03
MENTAL_SHARE_OF_ALL = 0.15
COST_LINES = 20

TRIALS = {
    2022: ((150, 46, 25), (27, 14)),
    2023: ((158, 48, 27), (28, 15)),
    2024: ((176, 55, 30), (29, 16)),
}
"""Treatment studies with new patients per trust; how many of the second's and third's are the first's too."""
TRIAL_PATIENTS = (2_600, 620, 240)
TRIALS_OTHER = {"no_patients": (12, 21, 5), "not_reported": (12, 5, 3), "not_treatment": (40, 14, 8)}

POSITIONS = {
    2022: {"ANESTESI": 44, "BARN": 18, "INTENSIV": 70, "OPERASJON": 45, "KREFT": 14, "JORDMOR": 40},
    2023: {"ANESTESI": 46, "BARN": 18, "INTENSIV": 72, "OPERASJON": 46, "KREFT": 15, "JORDMOR": 41},
    2024: {"ANESTESI": 48, "BARN": 17, "INTENSIV": 78, "OPERASJON": 50, "KREFT": 15, "JORDMOR": 43},
}
"""Active on 31 December."""
POSITION_SPLIT = (0.54, 0.27, 0.19)
APPRENTICES = {
    2022: {"healthcare_worker": 118, "other": 84, "not_relevant": 8},
    2023: {"healthcare_worker": 124, "other": 88, "not_relevant": 8},
    2024: {"healthcare_worker": 129, "other": 97, "not_relevant": 8},
}
APPRENTICE_SPLIT = (0.40, 0.36, 0.24)
APPRENTICE_TRADES = {
    "healthcare_worker": ("helsefagarbeider",),
    "other": ("ambulanse", "portor", "kokk", "it_drift", "renhold", "logistikk", "kontor", "elektro"),
    "not_relevant": ("frisor", "annet"),
}
KNOWN_YEARS = 5
"""How many earlier years of contracts a list of persons still holds."""
