"""What the verdict does not hold but a person should see: facts after the cut-off, leads, defects of the document.

Law: DOMAIN §9 Q20, Q21; 条例 20.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from credit.model.question import Bid
from credit.model.record import Listing, Record
from credit.model.verdict import Alert, AlertKind, Effect, Finding, Reason
from credit.model.when import When
from credit.rules.catalogue import Catalogue
from credit.rules.findings import fill
from credit.rules.listings import adopted
from credit.rules.penalties import Held, effective_from
from credit.rules.rows import Trigger
from credit.rules.timing import Timing
from credit.rules.world import World


def document_alerts(world: World, bids: Sequence[Bid]) -> Iterator[Alert]:
    """A document that states no cut-off, or excludes a list's subjects without a law that the catalogue knows."""
    day = world.reference
    if world.activity.cut_off is None:
        yield Alert(AlertKind.DOCUMENT, (), day, _note(world.rules, "silent_document"))
    for exclusion in world.activity.document.excludes:
        roles = {b.role for b in bids}
        rules = [r for role in roles for r in world.rules.rules_for(Trigger.LISTING, world.activity.domain, role, day)]
        mine = [r for r in rules if exclusion.list in r.lists]
        lawful = any(adopted(world, r, exclusion.list) for r in mine if r.document)
        if not lawful and not any(r.effect is Effect.RESTRICT and not r.document for r in mine):
            name = world.rules.list_row(exclusion.list).name
            values = {
                "list": Reason(f"{name.zh}({exclusion.list})", f"the {name.en} ({exclusion.list})"),
                "ground": exclusion.basis,
            }
            yield Alert(AlertKind.DOCUMENT, (), day, _note(world.rules, "own_rule", values))


def later_alerts(world: World, held: Held) -> Iterator[Alert]:
    """Facts of one record dated after the cut-off."""
    for day in sorted(_later_days(world, held)):
        values = {"party": world.name(held.party), "day": day.isoformat()}
        yield Alert(AlertKind.LATER_FACT, (held.record.id,), day, _note(world.rules, "later", values))


def _later_days(world: World, held: Held) -> set[date]:
    if held.standing.mistaken:
        return set()
    days = {e.on.day for e in held.standing.later}
    return days | {w.day for w in _starts(held) if world.cut_off.burden(w) is Timing.AFTER}


def _starts(held: Held) -> Iterator[When]:
    """The days from which a record weighs, and on which it was made known."""
    content = held.standing.content
    if held.standing.published is not None:
        yield held.standing.published
    if isinstance(content, Listing):
        yield When(content.listed_on)
    else:
        yield When(content.decided_on)
        yield effective_from(held.standing, content)
        if content.ban and content.ban.from_:
            yield content.ban.from_


def mistake_alert(world: World, held: Held) -> Iterator[Alert]:
    """A record entered by mistake: whoever decided by it should look again."""
    if held.standing.mistaken:
        last = max(e.on.day for e in held.record.events)
        values = {"party": world.name(held.party), "doc_no": _number(held.record)}
        yield Alert(AlertKind.REOPENED, (held.record.id,), last, _note(world.rules, "mistaken", values))


def _number(record: Record) -> str:
    return record.content.doc_no or record.id


def lead_alerts(world: World, findings: Iterable[Finding]) -> Iterator[Alert]:
    """Bid files that share traces."""
    for found in findings:
        if found.rule.startswith("SIGNAL-"):
            yield Alert(AlertKind.LEAD, (), world.reference, found.reason)


def declaration_alerts(world: World, bid: Bid, findings: Sequence[Finding]) -> Iterator[Alert]:
    """A declaration of no major record that the records contradict."""
    major = [f for f in findings if f.rule.startswith("GP-ART22-") and f.effect is Effect.RESTRICT]
    if bid.no_major_record and major:
        records = tuple(dict.fromkeys(r for f in major for r in f.records))
        yield Alert(AlertKind.LEAD, records, world.reference, _note(world.rules, "false_declaration"))


def _note(rules: Catalogue, name: str, values: Mapping[str, str | Reason] | None = None) -> Reason:
    words = rules.notes[name]
    return Reason(fill(words.zh, values or {}, "zh"), fill(words.en, values or {}, "en"))
