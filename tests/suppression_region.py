"""A region of realistic size for the tests of the suppression: three years, three trusts, invented numbers.

Belongs here: how large the figures of each indicator are (sizes after public statistics, drawn at random).
Does not belong here: rolling up and writing (``suppression_marts.py``).
"""

from __future__ import annotations

import numpy as np

from tests.suppression_marts import REGION, TRUSTS, Cells, longer

YEARS = (2022, 2023, 2024)
TERTIALS = tuple(f"{year}-T{tertial}" for year in YEARS for tertial in (1, 2, 3))
SOMATIC = (0.52, 0.18, 0.30)
MENTAL = (0.48, 0.19, 0.33)
AREAS = {
    "somatic": SOMATIC,
    "mental_health_adult": MENTAL,
    "mental_health_child": MENTAL,
    "substance_use": MENTAL,
}
FORMS = {
    "lung": (350, 0.63), "breast": (480, 0.82), "prostate": (420, 0.55), "colorectal": (560, 0.79),
    "melanoma": (330, 0.77), "lymphoma": (140, 0.62), "myeloma": (65, 0.68), "head_neck": (130, 0.58),
    "bladder": (230, 0.78), "kidney": (120, 0.70), "testicular": (45, 0.88), "penile": (9, 0.75),
    "uterine": (110, 0.71), "ovarian": (75, 0.73), "cervical": (50, 0.65), "sarcoma": (45, 0.67),
    "oesophagus_stomach": (95, 0.72), "pancreatic": (75, 0.74), "liver": (35, 0.66),
    "gallbladder_bile_duct": (25, 0.70), "neuroendocrine": (60, 0.80), "thyroid": (55, 0.75), "brain": (55, 0.86),
    "childhood": (15, 0.93),
}  # fmt: skip
NO_LIMIT = ("myeloma", "penile")


def region(scale: float = 1.0, seed: int = 1) -> Cells:
    """The cells of a region; ``scale`` multiplies what the sample's scale multiplies."""
    rng = np.random.default_rng(seed)
    cells = Cells()
    _waiting_times(cells, rng, scale)
    _cancer(cells, rng)
    for index, trust in enumerate(TRUSTS):
        for period in TERTIALS:
            _tertial(cells, rng, scale, index, trust, period)
    _digital_contact(cells, rng, scale)
    return cells


def _draw(rng: np.random.Generator, mean: float) -> int:
    return int(rng.poisson(mean))


def _cell(
    cells: Cells, rng: np.random.Generator, key: tuple[str, str, str, str], size: int, share: float
) -> int:
    cells.figures[key] = (int(rng.binomial(size, share)), size)
    return size


def _codes(
    cells: Cells, rng: np.random.Generator, key: tuple[str, str, str], included: int, shares: dict[str, float]
) -> None:
    for code, mean in shares.items():
        cells.units[*key, code] = _draw(rng, mean)
    cells.units[*key, "included"] = included


def _waiting_times(cells: Cells, rng: np.random.Generator, scale: float) -> None:
    sizes = {
        "somatic": 145_000,
        "mental_health_adult": 15_500,
        "mental_health_child": 6_800,
        "substance_use": 3_900,
    }
    days = {"somatic": 77, "mental_health_adult": 56, "mental_health_child": 57, "substance_use": 36}
    season = [1.08, 1.02, 1.08, 1.0, 1.0, 1.03, 0.55, 0.95, 1.1, 1.12, 1.12, 0.95]
    for year in YEARS:
        for month in range(12):
            for index, trust in enumerate(TRUSTS):
                period = f"{year}-{month + 1:02d}"
                included = 0
                for area, size in sizes.items():
                    count = _draw(rng, scale * size * AREAS[area][index] / 12 * season[month])
                    waited = np.maximum(2, rng.lognormal(np.log(days[area] * 0.7), 0.8, count)).astype(int)
                    if count:
                        cells.figures["3.2", area, trust, period] = (int(waited.sum()), count)
                    included += count
                total = scale * 265_000 * SOMATIC[index] / 12 * season[month]
                shares = {
                    "not_started": 0.13, "control": 0.004, "emergency": 0.17, "newborn": 0.0005, "pregnancy": 0.0008,
                    "course_or_advice": 0.002, "rejected": 0.05, "not_assessed_for_right": 0.03,
                    "no_assessment_date": 0.005, "ended_on_assessment_date": 0.03, "zero_or_one_day": 0.02,
                    "over_ten_years": 0.00005,
                }  # fmt: skip
                _codes(
                    cells, rng, ("3.2", trust, period), included, {k: v * total for k, v in shares.items()}
                )


def _cancer(cells: Cells, rng: np.random.Generator) -> None:
    for period in TERTIALS:
        for index, trust in enumerate(TRUSTS):
            included, no_limit = 0, 0
            for form, (size, share) in FORMS.items():
                count = _draw(rng, size * SOMATIC[index] / 3)
                if form in NO_LIMIT:
                    no_limit, count = no_limit + count, 0
                included += _cell(cells, rng, ("3.1", form, trust, period), count, share)
            cells.units["3.1", trust, period, "no_limit"] = no_limit
            shares = {"no_treatment_start": 4_100, "not_curative_start": 900}
            shares = {code: size * SOMATIC[index] / 3 for code, size in shares.items()}
            _codes(cells, rng, ("3.1", trust, period), included, shares)
            cells.extra_rows["cancer_pathways", trust, period] = _draw(rng, included * 0.04)


def _tertial(
    cells: Cells, rng: np.random.Generator, scale: float, index: int, trust: str, period: str
) -> None:
    included = 0
    for area, size in {
        "mental_health_adult": 295_000,
        "mental_health_child": 125_000,
        "substance_use": 80_000,
    }.items():
        count = _draw(rng, scale * size * MENTAL[index] / 3)
        cells.figures["1.2", area, trust, period] = (count, None)
        included += count
    contacts = scale * 1_520_000 * SOMATIC[index] / 3
    shares = {
        "other_service_area": 0.65, "not_outpatient": 0.002, "technical": 0.002, "indirect": 0.03, "not_public": 0.001,
        "contract_specialist": 0.0002,
    }  # fmt: skip
    _codes(cells, rng, ("1.2", trust, period), included, {k: v * contacts for k, v in shares.items()})
    total = sum(cells.units["1.2", trust, period, code] for code in [*shares, "included"])
    left = {
        "not_outpatient": cells.units["1.2", trust, period, "not_outpatient"] + _draw(rng, contacts * 0.03),
        "technical": cells.units["1.2", trust, period, "technical"] + _draw(rng, contacts * 0.004),
        "indirect": int(cells.units["1.2", trust, period, "indirect"] * 0.9),
        "not_public": cells.units["1.2", trust, period, "not_public"] + _draw(rng, contacts * 0.003),
        "contract_specialist": cells.units["1.2", trust, period, "contract_specialist"]
        + _draw(rng, contacts * 0.0004),
        "no_patient_id": _draw(rng, contacts * 0.0015),
    }
    for code, count in left.items():
        cells.units["3.4", trust, period, code] = count
    cells.units["3.4", trust, period, "included"] = total - sum(left.values())

    for area, nights in {"mental_health_adult": 126_000, "mental_health_child": 9_100}.items():
        cells.figures["1.3", area, trust, period] = (_draw(rng, scale * nights * MENTAL[index] / 3), None)
    _codes(
        cells, rng, ("1.3", trust, period), _draw(rng, scale * 7_500 * MENTAL[index] / 3),
        {"other_service_area": scale * 150_000 * SOMATIC[index] / 3, "not_inpatient": scale * 300 * MENTAL[index] / 3},
    )  # fmt: skip

    kept = {
        "somatic": 0.885,
        "mental_health_adult": 0.94,
        "mental_health_child": 0.915,
        "substance_use": 0.96,
    }
    waiting = {
        "somatic": 285_000,
        "mental_health_adult": 24_000,
        "mental_health_child": 10_000,
        "substance_use": 5_500,
    }
    included = sum(
        _cell(
            cells,
            rng,
            ("3.3", area, trust, period),
            _draw(rng, scale * size * AREAS[area][index]),
            kept[area],
        )
        for area, size in waiting.items()
    )
    _codes(
        cells, rng, ("3.3", trust, period), included,
        {code: share * included for code, share in
         {"created_later": 0.001, "cancelled": 0.03, "carried_out": 0.02, "no_planned_date": 0.007,
          "referral_closed": 0.01}.items()},
    )  # fmt: skip

    plans = {
        "mental_health_adult": (9_000, 0.4),
        "mental_health_child": (4_500, 0.46),
        "substance_use": (2_800, 0.4),
    }
    cells.units["3.5", trust, period, "included"] = sum(
        _cell(cells, rng, ("3.5", area, trust, period), _draw(rng, size * MENTAL[index] / 3), share)
        for area, (size, share) in plans.items()
    )

    ended = {"somatic": (95_000, 0.68), "mental_health_adult": (6_000, 0.62), "substance_use": (1_750, 0.7)}
    included = sum(
        _cell(
            cells, rng, ("3.6", area, trust, period), _draw(rng, scale * size * AREAS[area][index] / 3), share
        )
        for area, (size, share) in ended.items()
    )
    _codes(
        cells, rng, ("3.6", trust, period), included + _draw(rng, 0.025 * included),
        {"child_mental_health": scale * 350 * MENTAL[index] / 3,
         **{code: share * included for code, share in
            {"not_inpatient": 0.03, "no_consent": 0.004, "birth_or_newborn": 0.14, "not_yet_due": 0.0002}.items()}},
    )  # fmt: skip

    readmitted = {
        "somatic": (100_000, 0.125),
        "mental_health": (6_000, 0.24),
        "substance_use": (1_700, 0.135),
    }
    included = sum(
        _cell(
            cells, rng, ("3.7", sector, trust, period), _draw(rng, scale * size * SOMATIC[index] / 3), share
        )
        for sector, (size, share) in readmitted.items()
    )
    _codes(
        cells, rng, ("3.7", trust, period), included,
        {"not_discharged_alive": 0.02 * included, "died_within_30_days": 0.022 * included,
         "not_followed_up": 0.0004 * included},
    )  # fmt: skip


def _digital_contact(cells: Cells, rng: np.random.Generator, scale: float) -> None:
    """Patients one by one, because distinct patients of a region or a year cannot be added up."""
    sizes = {"somatic": (215_000, 0.14), "mental_health_adult": (15_400, 0.33), "mental_health_child": (7_800, 0.43),
             "substance_use": (3_300, 0.28)}  # fmt: skip
    for year in YEARS:
        for period in (f"{year}-T{tertial}" for tertial in (1, 2, 3)):
            for area, (size, share) in sizes.items():
                people = rng.choice(int(2.2 * size * scale) + 1, max(1, int(size * scale)), replace=False)
                # One in twenty is also known in another area, and one in sixteen at another trust.
                person = np.where(people % 20 == 0, people, people * 4 + list(sizes).index(area)) + 10**9 * (
                    people % 20 > 0
                )
                trust = np.searchsorted(np.cumsum(AREAS[area]), (people * 0.618033) % 1)
                second = np.where(people % 16 == 1, (trust + 1) % 3, trust)
                digital = rng.random(len(people)) < share
                for where in (trust, second):
                    _visit(cells, area, period, where, person, digital)
    _count_patients(cells)


_seen: dict[tuple[str, str, str], dict[int, bool]] = {}


def _visit(
    cells: Cells, area: str, period: str, where: np.ndarray, person: np.ndarray, digital: np.ndarray
) -> None:
    for index, trust in enumerate(TRUSTS):
        here = where == index
        cells_here = _seen.setdefault((area, trust, period), {})
        for who, how in zip(person[here].tolist(), digital[here].tolist(), strict=True):
            cells_here[who] = cells_here.get(who, False) or how


def _count_patients(cells: Cells) -> None:
    """Distinct patients of every area and all, trust and region, tertial and longer period."""
    groups: dict[tuple[str, str, str], list[dict[int, bool]]] = {}
    for (area, trust, period), people in _seen.items():
        for series in (area, "all"):
            for org in (trust, REGION):
                for wide in longer("3.4", period):
                    groups.setdefault((series, org, wide), []).append(people)
    for (series, org, wide), parts in groups.items():
        everyone = set().union(*parts)
        reached = set().union(*({who for who, how in people.items() if how} for people in parts))
        cells.own["3.4", series, org, wide] = (len(reached), len(everyone))
    _seen.clear()
