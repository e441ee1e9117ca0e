"""Penalties: bans in force and major violation records.

Law: 采购法 22(1)(5); 条例 19; 财库〔2022〕3号; DOMAIN §3.1–3.3, §8 R4, R10, §9 Q6, Q9–Q15.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from credit.model.party import PartyId, Role
from credit.model.record import Penalty, PenaltyKind, Record
from credit.model.verdict import Effect, Reason
from credit.model.when import When
from credit.rules.bans import ban_bites, over
from credit.rules.findings import Bite
from credit.rules.rows import Rule, Trigger
from credit.rules.standing import Standing
from credit.rules.terms import last_day_inside, years_before
from credit.rules.timing import Timing
from credit.rules.words import KINDS, SCOPES
from credit.rules.world import World


@dataclass(frozen=True, slots=True)
class Held:
    """A record with its standing at the cut-off, on the party that bears it."""

    record: Record
    standing: Standing
    party: PartyId


def penalty_bites(world: World, held: Held, role: Role) -> list[Bite]:
    """Every row that a penalty decision sets off at the cut-off, worded and doubted."""
    standing, penalty = held.standing, held.standing.content
    if standing.gone or not isinstance(penalty, Penalty):
        return []
    effective = effective_from(standing, penalty)
    if (
        world.cut_off.burden(When(penalty.decided_on)) is Timing.AFTER
        or world.cut_off.burden(effective) is Timing.AFTER
    ):
        return []
    doubts = _common_doubts(world, standing, penalty, effective)
    bans = [
        b.doubted(*(d for d in doubts if d != "repaired")) for b in ban_bites(world, penalty, standing, effective, role)
    ]
    facts = [b.doubted(*doubts) for b in _fact_bites(world, penalty, effective, role)]
    words = _values(world, held, penalty)
    return [_worded(b, held, words, SCOPES[penalty.ban.scope] if penalty.ban else None) for b in bans] + [
        _worded(b, held, words, None) for b in facts
    ]


def effective_from(standing: Standing, penalty: Penalty) -> When:
    """The day a decision binds: its service; where that is not known, the decision (DOMAIN §8 R3)."""
    return standing.served or When(penalty.decided_on)


def _common_doubts(world: World, standing: Standing, penalty: Penalty, effective: When) -> list[str]:
    doubts = list(standing.doubts)
    timings = {world.cut_off.burden(effective), world.cut_off.burden(When(penalty.decided_on))}
    if Timing.SILENT in timings:
        doubts.append("silent")
    if standing.published is not None:
        published = world.cut_off.burden(standing.published)
        doubts += {Timing.AFTER: ["published_late"], Timing.SILENT: ["silent"]}.get(published, [])
    return doubts


def _fact_bites(world: World, penalty: Penalty, effective: When, role: Role) -> Iterator[Bite]:
    """The decision as a fact of the past three years."""
    years = int(number(world, "record_years"))
    edge = years_before(world.reference, years)
    decided = penalty.decided_on
    if decided < edge and effective.day < edge:
        return
    doubts = ("three_year_edge",) if decided == edge else ("served_inside",) if decided < edge else ()
    until = last_day_inside(decided, years)
    is_over = over(world, penalty, effective)
    for rule, kind in _kind_rules(world, penalty, role):
        restricts = rule.effect is Effect.RESTRICT
        notes = ("three_years",) if restricts else ()
        if restricts and is_over and kind is PenaltyKind.FINE:
            yield Bite(
                rule,
                {"edge": edge.isoformat()},
                until=until,
                doubts=doubts,
                notes=(*notes, "ban_over"),
                question="Q12b",
            )
        else:
            yield Bite(rule, {"edge": edge.isoformat()}, until=until, doubts=doubts, notes=notes)


def _kind_rules(world: World, penalty: Penalty, role: Role) -> Iterator[tuple[Rule, PenaltyKind | None]]:
    """Rows for each kind of the decision; one row bites once a decision."""
    rows = list(world.rules.rules_for(Trigger.PENALTY, world.activity.domain, role, world.reference))
    off = [r for r in rows if r.variant == "off_business"]
    if penalty.in_business is False and off:
        yield off[0], None
        return
    seen: set[str] = set()
    special = [r for r in rows if r.phrases and _speaks(r, penalty)]
    for kind in _kinds(penalty):
        variant = _size(world, penalty, kind)
        for rule in rows:
            fits = (not rule.kinds or kind in rule.kinds) and rule.variant in {"", variant}
            if fits and rule.id not in seen and (rule in special if special else not rule.phrases):
                seen.add(rule.id)
                yield rule, kind


def _speaks(rule: Rule, penalty: Penalty) -> bool:
    return any(phrase in penalty.violation for phrase in rule.phrases)


def _kinds(penalty: Penalty) -> list[PenaltyKind]:
    """The kinds to be judged as facts: a ban is judged by its term, and an entry that comes with one by the ban."""
    kinds = list(penalty.kinds)
    if penalty.fine:
        kinds.append(PenaltyKind.FINE)
    if penalty.confiscated:
        kinds.append(PenaltyKind.CONFISCATION)
    left_out = {PenaltyKind.BAN, PenaltyKind.BAD_CONDUCT_LISTING} if penalty.ban else set[PenaltyKind]()
    told = [k for k in dict.fromkeys(kinds) if k not in left_out]
    return told if told or penalty.ban else [PenaltyKind.OTHER]


def _size(world: World, penalty: Penalty, kind: PenaltyKind) -> str:
    """The variant of a row that a sum of money sets off."""
    if kind is PenaltyKind.CONFISCATION:
        if penalty.confiscated is None:
            return "amount_unknown"
        return "line_or_more" if penalty.confiscated >= number(world, "fine_line") else "below_line"
    return _fine_size(world, penalty) if kind is PenaltyKind.FINE else ""


def _fine_size(world: World, penalty: Penalty) -> str:
    line = world.rules.number("fine_line", world.reference)
    if line is None:
        return "old_line"
    if penalty.fine is None:
        return "amount_unknown"
    fine = penalty.fine
    if fine < line.value:
        return "below_line"
    sector, agreed = sector_line(world, penalty)
    if not agreed:
        return "sector_conflict"
    if sector is None:
        return "sector_unchecked"
    return "line_or_more" if fine >= sector else "below_line"


def sector_line(world: World, penalty: Penalty) -> tuple[Decimal | None, bool]:
    """The line for the decision's sector (None: nobody looked), and whether record and catalogue agree (Q14)."""
    base = number(world, "fine_line")
    row = next((s for s in world.rules.sectors if s.sector == penalty.sector), None)
    told = penalty.sector_line
    stated = None if told is None else max(base, told.amount or base)
    held = None if row is None else max(base, row.amount)
    if held is not None and stated is not None and held != stated:
        return held, False
    return held if held is not None else stated, True


def number(world: World, name: str) -> Decimal:
    """A legal number in force on the activity's day; the first there ever was, where none was yet."""
    row = world.rules.number(name, world.reference)
    return row.value if row else world.rules.numbers[name][0].value


def _values(world: World, held: Held, penalty: Penalty) -> dict[str, str | Reason]:
    kinds = [KINDS[k] for k in penalty.kinds]
    line = sector_line(world, penalty)[0] or number(world, "fine_line")
    amount = penalty.fine if penalty.fine is not None else penalty.confiscated
    return {
        "party": world.name(held.party),
        "other": world.name(held.party),
        "authority": penalty.authority.name,
        "doc_no": penalty.doc_no,
        "day": penalty.decided_on.isoformat(),
        "amount": f"{amount:,.2f}" if amount is not None else "",
        "line": f"{line:,.0f}",
        "category": Reason("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds)),
        "reference": world.reference.isoformat(),
        "notice": world.activity.notice_on.isoformat() if world.activity.notice_on else "",
    }


def _worded(bite: Bite, held: Held, values: dict[str, str | Reason], category: Reason | None) -> Bite:
    more = {"category": category} if category else {}
    return replace(
        bite,
        values={**values, **bite.values, **more},
        records=(held.record.id,),
        notes=(*bite.notes, *held.standing.notes),
    )


def sum_bite(world: World, party: PartyId, fines: Sequence[Held], role: Role) -> Iterator[Bite]:
    """Several fines, each below the line, that together reach it: shown, never summed (Q13)."""
    sums = [h.standing.content.fine for h in fines if isinstance(h.standing.content, Penalty)]
    total = sum((s for s in sums if s), Decimal(0))
    line = world.rules.number("fine_line", world.reference)
    if len(fines) < 2 or line is None or total < line.value:  # noqa: PLR2004 - "several" is two or more
        return
    records = tuple(r.id for r in sorted((h.record for h in fines), key=lambda r: (r.tick, r.id)))
    for rule in world.rules.rules_for(Trigger.PENALTY, world.activity.domain, role, world.reference):
        if rule.variant == "sum":
            yield Bite(rule, {"party": world.name(party), "amount": f"{total:,.2f}"}, records)
