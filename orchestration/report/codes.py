"""Norwegian explanations of the codes for files, rows and extracts.

Belongs here: exclusion codes, rule codes, names of extracts, states of a delivery, causes of a revision. Does
not belong here: verdicts and targets (``words.py``).
"""

from __future__ import annotations

from collections.abc import Mapping

DATASET: Mapping[str, str] = {
    "waiting_times": "Ventetider",
    "planned_contacts": "Planlagte kontakter",
    "outpatient_contacts": "Polikliniske kontakter",
    "inpatient_stays": "Døgnopphold",
    "epicrises": "Epikriser",
    "cancer_pathways": "Pakkeforløp for kreft",
    "treatment_plans": "Behandlingsplaner",
    "antibiotics": "Antibiotikainnkjøp",
    "psychiatric_beds": "Døgnplasser i psykisk helsevern",
    "icu_capacity": "Intensivkapasitet",
    "costs": "Regnskap",
    "clinical_trials": "Kliniske behandlingsstudier",
    "training_positions": "Utdanningsstillinger",
    "apprentices": "Lærlinger",
}

EXCLUSION: Mapping[str, str] = {
    "included": "Regnet med",
    "other_service_area": "Annet tjenesteområde",
    "not_outpatient": "Ikke poliklinisk kontakt",
    "technical": "Teknisk episode",
    "indirect": "Indirekte pasientkontakt",
    "not_public": "Ikke offentlig finansiert",
    "contract_specialist": "Avtalespesialist",
    "no_patient_id": "Mangler pasientnummer",
    "not_inpatient": "Ikke døgnopphold",
    "not_treatment": "Ikke behandlingsstudie",
    "not_reported": "Nye pasienter er ikke rapportert",
    "no_new_patients": "Ingen nye pasienter",
    "not_active": "Ikke aktiv 31. desember",
    "not_relevant_trade": "Lærefaget er ikke på listen",
    "not_broad_spectrum": "Ikke bredspektret middel",
    "no_ddd": "Mangler DDD for administrasjonsveien",
    "no_treatment_start": "Behandling er ikke startet",
    "not_curative_start": "Startet med lindring, overvåking eller ingen behandling",
    "no_limit": "Standard forløpstid er ikke kjent",
    "not_started": "Helsehjelpen er ikke påbegynt",
    "control": "Kontroll",
    "emergency": "Øyeblikkelig hjelp",
    "newborn": "Nyfødt",
    "pregnancy": "Svangerskap",
    "course_or_advice": "Kurs, attest eller råd",
    "rejected": "Avvist henvisning",
    "not_assessed_for_right": "Rett til helsehjelp er ikke vurdert",
    "no_assessment_date": "Mangler vurderingsdato",
    "ended_on_assessment_date": "Ventetiden tok slutt på vurderingsdatoen",
    "zero_or_one_day": "Ventet 0 eller 1 dag",
    "over_ten_years": "Ventet over ti år",
    "created_later": "Opprettet etter måledagen",
    "cancelled": "Avlyst",
    "carried_out": "Utført",
    "no_planned_date": "Mangler planlagt dato",
    "referral_closed": "Henvisningen er avsluttet",
    "child_mental_health": "Psykisk helsevern barn og unge",
    "no_consent": "Pasienten samtykket ikke",
    "birth_or_newborn": "Fødsel eller nyfødt",
    "not_yet_due": "Fristen var ikke ute på uttrekksdatoen",
    "not_discharged_alive": "Ikke utskrevet i live",
    "died_within_30_days": "Døde innen 30 dager uten reinnleggelse",
    "not_followed_up": "Ikke fulgt opp i 30 døgn ennå",
}

RULE: Mapping[str, str] = {
    "required": "Et påkrevd felt mangler",
    "type": "Verdien kan ikke leses som feltets type",
    "range": "Tallet er under 0",
    "length": "Teksten har feil lengde",
    "code": "Koden er ikke på listen",
    "period": "Datoen ligger utenfor leveransens periode",
    "after_extract_date": "Datoen er senere enn uttrekksdatoen",
    "before_1900": "Datoen er før 1900",
    "end_before_start": "Slutt er før start",
    "invalid_orgnr": "Organisasjonsnummeret er ugyldig",
    "unknown_trust": "Helseforetaket er ikke kjent",
    "key_clash": "Samme nøkkel med ulikt innhold",
    "field_count": "Feil antall felter i raden",
    "unreadable": "Filen kan ikke leses",
    "encoding": "Tegnsettet er verken UTF-8 eller Windows-1252",
    "nul": "Filen inneholder NUL-tegn",
    "missing_column": "En påkrevd kolonne mangler",
    "duplicate_column": "To kolonner har samme navn",
    "no_rows": "Filen har ingen rader",
    "identity_number": "Filen inneholder et fødselsnummer",
    "too_many_rejected": "For mange rader er avvist",
    "too_large": "Filen er for stor",
    "same_trust_twice": "Samme helseforetak i to leveranser",
    "unrecognised_path": "Filen ligger ikke der noen leveranse hører hjemme",
}

DELIVERY: Mapping[str, str] = {
    "accepted": "Godtatt",
    "held_back": "Holdt tilbake",
    "rejected": "Avvist",
    "replaced": "Erstattet",
}

CAUSE: Mapping[str, str] = {
    "new_delivery": "Ny leveranse",
    "reference": "Endrede referansedata",
    "code": "Endret beregning",
}
