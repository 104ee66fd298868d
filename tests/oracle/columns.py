"""The columns of the 14 datasets as the specification lists them, for the check's own reading of files.

Belongs here: names, types, required or not, code lists, keys. Does not belong here: reading (``files.py``)
and the rules over rows (``rows.py``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One listed column; ``codes`` are the allowed values as text."""

    name: str
    type: str
    required: bool
    optional_column: bool
    codes: tuple[str, ...]


LISTED = {
    "waiting_times": "henvisning_id! pasient_id:pseudonym foretak_orgnr! tjenesteomraade[SOM,PHVV,PHBU,TSB]!"
    " ansiennitetsdato:date! vurderingsdato:date ventetid_sluttdato:date!"
    " ventetid_sluttkode:int[1,2,3,4,5,7,9]! rett_til_helsehjelp:int[3,5,6]!"
    " utfall_av_vurdering:int[1,2,3,4,5,6,7]!",
    "planned_contacts": "kontakt_id! pasient_id:pseudonym foretak_orgnr! tjenesteomraade[SOM,PHVV,PHBU,TSB]!"
    " planlagt_dato:date status[planlagt,utfort,avlyst]! utfort_dato:date henvisningsperiode_sluttdato:date"
    " opprettet_dato:date? avlyst_dato:date?",
    "outpatient_contacts": "kontakt_id! pasient_id:pseudonym foretak_orgnr!"
    " tjenesteomraade[SOM,PHVV,PHBU,TSB]! kontaktdato:date! omsorgsnivaa:int[2,3,8]!"
    " kontakttype:int[1,2,3,5,6,7,12,13,14,99]! polindir:int debitor:int!"
    " digital_oppfolging[skjema,monitorering,nettbasert]",
    "inpatient_stays": "opphold_id! pasient_id:pseudonym! foretak_orgnr! behandlingssted_orgnr:place?"
    " tjenesteomraade[SOM,PHVV,PHBU,TSB]! omsorgsnivaa:int[1,2]! inn_tid:time! ut_tid:time"
    " innmate_hast:int[1,2,3,4,5] uttilstand:int[1,2,3] dodsdato:date",
    "epicrises": "opphold_id! pasient_id:pseudonym foretak_orgnr! tjenesteomraade[SOM,PHVV,PHBU,TSB]!"
    " omsorgsnivaa:int[1,2,3]! utskrevet_tid:time! epikrise_sendt_tid:time epikrise_samtykke:int[1,2,3,4]"
    " inntilstand:int[1,2,3] hdg:int",
    "cancer_pathways": "forlop_id! pasient_id:pseudonym foretak_orgnr! kreftform:form! start_dato:date!"
    " behandling_start_dato:date behandlingstype[K,M,S,L,O,I] maks_dager:int?",
    "treatment_plans": "forlop_id! pasient_id:pseudonym foretak_orgnr! tjenesteomraade[PHVV,PHBU,TSB]!"
    " behandling_start_dato:date! behandlingsplan_dato:date plan_med_pasient:bool forlop_slutt_dato:date",
    "antibiotics": "foretak_orgnr! maaned:month! atc_kode:atc! administrasjonsvei[O,P,Inhal]!"
    " virkestoff_gram:decimal!",
    "psychiatric_beds": "foretak_orgnr! aar:int! tjenesteomraade[PHVV,PHBU]! dognplasser:amount",
    "icu_capacity": "foretak_orgnr! behandlingssted_orgnr:place! kategori:int[0,1,2,3]!"
    " driftstype[ordinaer,beredskap]! antall_senger:amount! telledato:date!",
    "costs": "foretak_orgnr! regnskapsaar:int! tjenesteomraade[SOM,PHVV,PHBU,TSB,ANNET]!"
    " kostnadsart[LONN,PENSJON,AVSKRIVNING,LEGEMIDLER,VARER,KJOP,ANNET]! belop_nok:decimal!",
    "clinical_trials": "studie_id! foretak_orgnr! aar:int! behandlingsstudie:bool! nye_pasienter:number",
    "training_positions": "stilling_id! foretak_orgnr!"
    " fagretning[ANESTESI,BARN,INTENSIV,OPERASJON,KREFT,JORDMOR]! fra_dato:date! til_dato:date",
    "apprentices": "laerling_id! foretak_orgnr! larefag:trade! kontrakt_fra:date! kontrakt_til:date",
}
"""Dataset -> ``name:type[codes]``, text when no type is said; ``!`` required, ``?`` column optional."""

KEYS = {
    "waiting_times": ("foretak_orgnr", "henvisning_id"),
    "planned_contacts": ("foretak_orgnr", "kontakt_id"),
    "outpatient_contacts": ("foretak_orgnr", "kontakt_id"),
    "inpatient_stays": ("foretak_orgnr", "opphold_id"),
    "epicrises": ("foretak_orgnr", "opphold_id", "epikrise_sendt_tid"),
    "cancer_pathways": ("foretak_orgnr", "forlop_id", "behandlingstype", "behandling_start_dato"),
    "treatment_plans": ("foretak_orgnr", "forlop_id"),
    "psychiatric_beds": ("foretak_orgnr", "aar", "tjenesteomraade"),
    "icu_capacity": ("foretak_orgnr", "behandlingssted_orgnr", "kategori", "driftstype", "telledato"),
    "clinical_trials": ("foretak_orgnr", "aar", "studie_id"),
    "training_positions": ("foretak_orgnr", "stilling_id", "fra_dato"),
    "apprentices": ("foretak_orgnr", "laerling_id", "kontrakt_fra"),
}
"""Dataset -> key of a row; antibiotics and costs are summed and have no clashes."""
PERIOD_FIELDS = {
    "waiting_times": ("ventetid_sluttdato",),
    "outpatient_contacts": ("kontaktdato",),
    "epicrises": ("utskrevet_tid",),
    "cancer_pathways": ("behandling_start_dato", "start_dato"),
    "treatment_plans": ("behandling_start_dato",),
    "antibiotics": ("maaned",),
    "psychiatric_beds": ("aar",),
    "icu_capacity": ("telledato",),
    "costs": ("regnskapsaar",),
    "clinical_trials": ("aar",),
}
"""Dataset -> fields whose first present value must lie in the delivery's period."""
MAY_BE_LATER = {"planlagt_dato", "til_dato", "kontrakt_til"}
"""Dates that may lie after the extract date."""
ENDS = {
    "waiting_times": ("ansiennitetsdato", "ventetid_sluttdato"),
    "inpatient_stays": ("inn_tid", "ut_tid"),
    "cancer_pathways": ("start_dato", "behandling_start_dato"),
    "training_positions": ("fra_dato", "til_dato"),
    "apprentices": ("kontrakt_fra", "kontrakt_til"),
}
"""Dataset -> a start that the end must not lie before."""


def _column(word: str) -> Column:
    name, bracket, codes = word.rstrip("!?").partition("[")
    name, _, kind = name.partition(":")
    listed = tuple(codes.rstrip("]").split(",")) if bracket else ()
    return Column(name, kind or "text", word.endswith("!"), word.endswith("?"), listed)


COLUMNS = {dataset: tuple(map(_column, words.split())) for dataset, words in LISTED.items()}
"""Dataset -> its listed columns."""
