{# The table of contents: the 16 indicators in the order of the letter, and how each is put together.

   id          number in Vedlegg 2
   model       the indicator model
   cadence     length of one extract period: month, tertial or year
   datasets    the extracts a figure needs
   all         'sum': the roll-up adds the series to `all`; absent: the model gives `all` itself, or has none
   scope       what cannot be added: 'own', the model has rows of its own for regions and longer periods;
               'periods', for longer periods (a pathway counts once in a year), and trusts are added up
   over_time   'last': a longer period is its last extract period, not the sum
   fills       true: a series without rows is 0 in a figure that exists
   extra       columns beyond the cells: incomplete, needs_trusts, without_limit, unofficial
   units       where each unit stands with the code that left it out: (dataset, model, column)
   year_before true: the figure also rests on the deliveries of the year before #}
{% macro contents() %}
  {{ return([
    {'id': '1.1', 'model': 'ind_1_1_mental_health_real_cost_growth', 'cadence': 'year', 'datasets': ['costs'],
     'fills': true, 'year_before': true},
    {'id': '1.2', 'model': 'ind_1_2_mental_health_outpatient_activity', 'cadence': 'tertial', 'datasets': ['outpatient_contacts'],
     'all': 'sum', 'fills': true, 'units': ['outpatient_contacts', 'int_outpatient_contacts', 'exclusion_1_2']},
    {'id': '1.3', 'model': 'ind_1_3_mental_health_inpatient_days', 'cadence': 'tertial', 'datasets': ['inpatient_stays'],
     'all': 'sum', 'fills': true, 'units': ['inpatient_stays', 'int_mental_health_stays', 'exclusion']},
    {'id': '1.4', 'model': 'ind_1_4_mental_health_inpatient_beds', 'cadence': 'year', 'datasets': ['psychiatric_beds'],
     'scope': 'own', 'extra': ['incomplete', 'needs_trusts']},
    {'id': '2.1', 'model': 'ind_2_1_clinical_treatment_studies', 'cadence': 'year', 'datasets': ['clinical_trials'],
     'scope': 'own', 'fills': true, 'units': ['clinical_trials', 'int_clinical_trials', 'exclusion']},
    {'id': '2.2', 'model': 'ind_2_2_specialist_nurse_training_positions', 'cadence': 'year', 'datasets': ['training_positions'],
     'fills': true, 'units': ['training_positions', 'int_training_positions', 'exclusion']},
    {'id': '2.3', 'model': 'ind_2_3_apprentices', 'cadence': 'year', 'datasets': ['apprentices'],
     'fills': true, 'extra': ['unofficial'], 'units': ['apprentices', 'int_apprentices', 'exclusion']},
    {'id': '2.4', 'model': 'ind_2_4_broad_spectrum_antibiotics', 'cadence': 'tertial', 'datasets': ['antibiotics', 'inpatient_stays'],
     'units': ['antibiotics', 'int_antibiotic_purchases', 'exclusion']},
    {'id': '2.5', 'model': 'ind_2_5_intensive_care_capacity', 'cadence': 'year', 'datasets': ['icu_capacity']},
    {'id': '3.1', 'model': 'ind_3_1_cancer_pathways_within_standard_time', 'cadence': 'tertial', 'datasets': ['cancer_pathways'],
     'all': 'sum', 'extra': ['without_limit'], 'units': ['cancer_pathways', 'int_cancer_pathways', 'exclusion']},
    {'id': '3.2', 'model': 'ind_3_2_mean_waiting_time', 'cadence': 'month', 'datasets': ['waiting_times'],
     'units': ['waiting_times', 'int_referrals', 'exclusion']},
    {'id': '3.3', 'model': 'ind_3_3_planned_time_kept', 'cadence': 'tertial', 'datasets': ['planned_contacts'],
     'all': 'sum', 'over_time': 'last', 'units': ['planned_contacts', 'int_planned_contacts', 'exclusion']},
    {'id': '3.4', 'model': 'ind_3_4_digital_contact', 'cadence': 'tertial', 'datasets': ['outpatient_contacts'],
     'scope': 'own', 'units': ['outpatient_contacts', 'int_outpatient_contacts', 'exclusion_3_4']},
    {'id': '3.5', 'model': 'ind_3_5_treatment_plan', 'cadence': 'tertial', 'datasets': ['treatment_plans'],
     'scope': 'periods', 'all': 'sum', 'units': ['treatment_plans', 'int_treatment_pathways', 'exclusion']},
    {'id': '3.6', 'model': 'ind_3_6_epicrisis_within_one_day', 'cadence': 'tertial', 'datasets': ['epicrises'],
     'scope': 'periods', 'all': 'sum', 'units': ['epicrises', 'int_discharge_rows', 'exclusion']},
    {'id': '3.7', 'model': 'ind_3_7_unplanned_readmissions', 'cadence': 'tertial', 'datasets': ['inpatient_stays'],
     'all': 'sum', 'extra': ['incomplete'], 'units': ['inpatient_stays', 'int_readmission_episodes', 'exclusion']},
  ]) }}
{% endmacro %}

{# Column of an indicator model, or what stands for it where the indicator has no such thing. #}
{% macro extra(entry, name, otherwise) -%}
  {{ return(name if name in entry.get('extra', []) else otherwise ~ ' as ' ~ name) }}
{%- endmacro %}
