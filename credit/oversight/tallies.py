"""Counts of the whole ledger, kept as letters come in: base rates, provinces and offices that report at all.

A letter is counted once, however many complainants it has, by the month of its filing and as it stands now; told by an
office and by a notice under two numbers, it is counted by each, and as each tells it, which reports say (their gaps):
to know that it is one takes all letters of its complainant. DOMAIN §7.1: most honest complaints fail too, so that a
rate says little without that of all others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from credit.model.complaint import ComplaintOutcome, HeldComplaint
from credit.model.record import Authority
from credit.oversight.letters import office_key, province_of
from credit.oversight.outcomes import DECIDED, UPHELD, standing
from credit.oversight.signals.evidence import BaseRate
from credit.rules.terms import add_months
from credit.rules.thresholds import Thresholds

_WITHDRAWN = ComplaintOutcome.TERMINATED_WITHDRAWN


def is_ledger(held: HeldComplaint) -> bool:
    """Whether the office itself told of a complaint, so that a withdrawal would be seen (DOMAIN §9 Q23)."""
    source = held.content.source
    return source is None or source.kind == "ledger"


def province(region: str) -> str:
    """Name the count of the letters to offices of a province."""
    return f"letters {region}"


def ledger(office: Authority) -> str:
    """Name the count of the letters that an office itself told of."""
    return f"ledger {office_key(office)}"


def counts_of(held: HeldComplaint) -> Counter[str]:
    """Return what one letter adds to the counts, as it stands by all that is recorded."""
    names = [_outcome(_month(held.content.filed_on), standing(held, date.max).outcome, own=is_ledger(held))]
    if (region := province_of(held.content.office)) is not None:
        names.append(province(region))
    if is_ledger(held):
        names.append(ledger(held.content.office))
    if held.content.participated is not None:
        names.append(_part(_month(held.content.filed_on), took=held.content.participated))
    return Counter(names)


def change(before: HeldComplaint | None, after: HeldComplaint) -> Mapping[str, int]:
    """Return what is to be added to the counts when a letter comes in, or stands otherwise."""
    added = counts_of(after)
    if before is not None:
        added.subtract(counts_of(before))
    return {name: by for name, by in added.items() if by}


def names_for(as_of: date, months: int) -> list[str]:
    """Name all counts that base rates of the months to a day are made of."""
    return [name for month in _months(as_of, months) for name in _names(month)]


def base_rates(counts: Mapping[str, int], as_of: date, thresholds: Thresholds) -> Mapping[str, BaseRate]:
    """Return the registry's own rates of the trailing window, by the signal that is held against them."""
    months = list(_months(as_of, thresholds.whole("window_months")))

    def total(outcomes: Iterable[ComplaintOutcome], *, own: Iterable[bool] = (True, False)) -> int:
        kinds = list(own)
        return sum(counts.get(_outcome(m, o, own=k), 0) for m in months for o in outcomes for k in kinds)

    absent, present = (sum(counts.get(_part(m, took=took), 0) for m in months) for took in (False, True))
    decided, withdrawn = total(DECIDED), total([_WITHDRAWN], own=[True])
    return {
        "withdraw_rate": BaseRate(withdrawn, withdrawn + total(DECIDED, own=[True])),
        "n_unfounded": BaseRate(total(thresholds.unproven), decided),
        "winner_shield": BaseRate(total(UPHELD), decided),
        "no_bid": BaseRate(absent, absent + present),
    }


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _months(as_of: date, months: int) -> Iterator[str]:
    """The months that a window of so many months to a day lies in, newest first."""
    return (_month(add_months(as_of.replace(day=1), -back)) for back in range(months + 1))


def _outcome(month: str, outcome: ComplaintOutcome, *, own: bool) -> str:
    return f"{month} {outcome} {'ledger' if own else 'notice'}"


def _part(month: str, *, took: bool) -> str:
    return f"{month} {'took part' if took else 'took no part'}"


def _names(month: str) -> Iterator[str]:
    yield from (_outcome(month, outcome, own=own) for outcome in ComplaintOutcome for own in (True, False))
    yield from (_part(month, took=took) for took in (True, False))
