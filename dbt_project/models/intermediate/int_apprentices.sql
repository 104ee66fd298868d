-- Apprenticeship contracts with what the reference list says of their trade, and why 2.3 leaves a contract
-- out, if it does: not active on 31 December of the year (both its ends belong to it), else no relevant
-- trade.
select
    contract.org_id,
    contract.period,
    contract.apprentice_id,
    contract.from_date,
    trade.series as trade_series,
    coalesce(trade.basis, '') = 'named in the letter' as named_in_letter,
    case
        when
            contract.from_date > cast(contract.period || '-12-31' as date)
            or contract.to_date < cast(contract.period || '-12-31' as date) then 'not_active'
        when not coalesce(trade.relevant, false) then 'not_relevant_trade'
    end as exclusion
from {{ ref('stg_apprentices') }} as contract
left join {{ ref('apprentice_trades') }} as trade on contract.trade = trade.trade
