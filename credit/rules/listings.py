"""Entries on the lists L01–L28.

A name on a list does not spread by itself: an entry does something only where a row joins list, domain, role, place and
time. Law: DOMAIN §2, §4, §9 Q4, Q16, Q17, Q22, Q27, Q29, Q31; 财库〔2016〕125号; 法释〔2017〕7号; 国办发〔2020〕49号.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from credit.model.naturalkey import normal
from credit.model.party import Role
from credit.model.record import BanScope, Listing, MatchedBy, Penalty
from credit.model.verdict import Effect, Reason
from credit.model.when import When
from credit.rules.bad_conduct import told_ban
from credit.rules.bans import Term, ban_doubts, ban_term
from credit.rules.citations import admits
from credit.rules.findings import Bite
from credit.rules.grounds import told_variant
from credit.rules.listed_bans import sure_end
from credit.rules.penalties import Held, effective_from, number
from credit.rules.rows import Rule, Trigger
from credit.rules.standing import DOUBTFUL, Standing
from credit.rules.terms import add_months
from credit.rules.timing import Timing
from credit.rules.world import World

_LOCAL = frozenset({"L25"})
"""Lists whose entries hold only in the place that made them; of L10 the variant says it."""
_END = re.compile(r"[;；。]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with what decides its row: the variant, the last day it surely stands (None: open), further doubts.

    ``doc_no`` is the number of the decision that the doubts speak of; ``over`` the doubt after the last day.
    """

    held: Held
    listing: Listing
    variant: str = ""
    last: date | None = None
    doubts: tuple[str, ...] = ()
    doc_no: str = ""
    over: str = "term_over"


Decisions = Mapping[str, Sequence[Held]]
"""A party's decisions by their number."""


def decisions_of(held: Iterable[Held]) -> Decisions:
    """Find a party's decisions by their number among its records."""
    found: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        if isinstance(one.standing.content, Penalty):
            found[normal(one.standing.content.doc_no)].append(one)
    return found


def listing_bites(world: World, held: Held, decisions: Decisions, role: Role) -> list[Bite]:
    """Every row that an entry sets off at the cut-off; ``decisions`` are the same party's."""
    listing = held.standing.content
    if held.standing.gone or not isinstance(listing, Listing):
        return []
    listed = world.cut_off.burden(When(listing.listed_on))
    if listed is Timing.AFTER:
        return []
    entry = _entry(world, held, listing, decisions, role)
    doubts = [*held.standing.doubts, *entry.doubts, *_publication(world, held)]
    if listed is Timing.SILENT:
        doubts.append("silent")
    if listing.matched_by in {MatchedBy.MASKED_IDENTIFIER, MatchedBy.NAME}:
        doubts.append("identity")
    ended = listing.until is not None and listing.until < world.cut_off.day
    rules = (r for r in _rules(world, entry, role) if not (ended and r.effect is Effect.FLAG))
    return [_bite(world, entry, rule, doubts) for rule in rules]


def _publication(world: World, held: Held) -> list[str]:
    if held.standing.published is None:
        return []
    timing = world.cut_off.burden(held.standing.published)
    return {Timing.AFTER: ["published_late"], Timing.SILENT: ["silent"]}.get(timing, [])


def _entry(world: World, held: Held, listing: Listing, decisions: Decisions, role: Role) -> Entry:
    if listing.list == "L01":
        return _procurement_entry(world, held, listing, decisions, role)
    variant = _medical_variant(world, listing) if listing.list == "L10" else ""
    if listing.list == "L02":
        variant = told_ban(world, listing, (one for told in decisions.values() for one in told))
    return Entry(held, listing, variant, _last(world, held, listing))


def _last(world: World, held: Held, listing: Listing) -> date | None:
    """The last day an entry surely stands: as it says, else by its list's or ground's term; None where open."""
    if listing.until is not None:
        return listing.until
    row = world.rules.list_row(listing.list)
    months = row.term_months
    if row.grounds:
        ground = world.rules.ground(listing.list, listing.ground)
        months = ground.term_months if ground else None
    start = held.standing.published.day if held.standing.published else listing.listed_on
    return add_months(start, months) if months else None


def _procurement_entry(world: World, held: Held, listing: Listing, decisions: Decisions, role: Role) -> Entry:
    """L01: with a ban or by a fine only, told by the decision that the entry names (Q4)."""
    told = decisions.get(normal(listing.doc_no or ""), ())
    own = sorted((h for h in told if not h.standing.mistaken), key=lambda h: _speaks_for(listing, h))
    if not own:
        doc_no, doubts = _without_decision(world, listing, told, decisions)
        variant = told_variant(world, listing, role)
        last, over = sure_end(world, listing, variant, _last(world, held, listing))
        return Entry(held, listing, variant, last, tuple(doubts), doc_no, over)
    standing, penalty = own[0].standing, own[0].standing.content
    assert isinstance(penalty, Penalty)  # noqa: S101 - for the type checker: own holds penalties
    doubts = [d for d in standing.doubts if d != "repaired"]
    if standing.gone:
        doubts.append("decision_annulled")
    if penalty.ban is None:
        return Entry(held, listing, "fine_only", _last(world, held, listing), tuple(doubts), penalty.doc_no)
    term = ban_term(world, penalty, effective_from(standing, penalty))
    about = ban_doubts(world, penalty, standing, term)
    doubts += [_why_not_barring(world, standing, term)] if about is None else about
    variant = "with_ban"
    if penalty.ban.scope is BanScope.AGENCY_WORK:
        variant = "agency_ban" if role is Role.AGENCY else "other_role"
    elif penalty.ban.scope is not BanScope.PROCUREMENT:
        variant = "other_role"
    return Entry(held, listing, variant, term.sure_to, tuple(doubts), penalty.doc_no)


def _without_decision(
    world: World, listing: Listing, mistaken: Sequence[Held], decisions: Decisions
) -> tuple[str, list[str]]:
    """What stands against an L01 entry whose decision is not recorded: the number of what is gone, and the doubt."""
    if normal(listing.doc_no or ""):
        return "", ["decision_withdrawn"] if mistaken else []
    gone = [p for told in decisions.values() for h in told if (p := _may_have_told(world, listing, h)) is not None]
    nearest = max(gone, key=lambda p: (p.decided_on, p.doc_no), default=None)
    return (nearest.doc_no, ["decision_annulled"]) if nearest is not None else ("", [])


def _may_have_told(world: World, listing: Listing, held: Held) -> Penalty | None:
    """The decision, where it is annulled and an entry without a number may have told it.

    It is one with a ban, of the entry's authority, or of one that may keep the list where the entry names none, and
    made not long before the entry; an answer by a catalogue that does not say how long comes out as it did.
    """
    penalty = held.standing.content
    if not held.standing.gone or held.standing.mistaken or not isinstance(penalty, Penalty) or penalty.ban is None:
        return None
    keepers = world.rules.list_row(listing.list).kept_by
    if listing.authority is not None:
        own = normal(listing.authority.name) == normal(penalty.authority.name)
    else:
        own = not keepers or any(p in penalty.authority.name for p in keepers)
    most = number(world, "listing_days") if "listing_days" in world.rules.numbers else timedelta.max.days
    return penalty if own and 0 <= (listing.listed_on - penalty.decided_on).days <= most else None


def _why_not_barring(world: World, standing: Standing, term: Term) -> str:
    """Why a decision's ban does not touch the cut-off."""
    if standing.lifted is Timing.IN:
        return "ban_lifted"
    return "ban_not_begun" if world.cut_off.burden(term.start) is Timing.AFTER else "term_over"


def _speaks_for(listing: Listing, held: Held) -> tuple[bool, bool, bool, str]:
    """Which of several decisions under one number speaks: the entry's authority's, one that stands, one with a ban."""
    penalty = held.standing.content
    other = listing.authority is not None and normal(listing.authority.name) != normal(
        penalty.authority.name if penalty.authority else ""
    )
    return other, held.standing.gone, getattr(penalty, "ban", None) is None, held.record.id


def _medical_variant(world: World, listing: Listing) -> str:
    """L10: what the grade does to the product asked about, in the place that gave it (DOMAIN §2 L10)."""
    text = listing.grade or listing.ground or ""
    inside = world.inside(listing.region)
    grade = next(
        (g for g in ("worst", "serious", "mild") if any(p in text for p in world.rules.phrases[f"grade_{g}"])), None
    )
    if grade is None or inside is None:
        return "product_unknown"
    if grade == "worst":
        return "all_products" if inside else _product_variant(world, listing, "elsewhere")
    if not inside:
        return "elsewhere"
    return "shown" if grade == "mild" else _product_variant(world, listing, "shown")


def _product_variant(world: World, listing: Listing, otherwise: str) -> str:
    product = world.activity.product_category
    if product is not None and any(product in p or p in product for p in _involved(world, listing)):
        return "involved_product"
    told = product is not None and (listing.products or (listing.ground and product not in listing.ground))
    return otherwise if told else "product_unknown"


def _involved(world: World, listing: Listing) -> list[str]:
    """The products involved: as the entry lists them, and as its ground names them after the word for it."""
    named = [p for p in world.rules.phrases["involved_products"] if p in (listing.ground or "")]
    told = [_END.split((listing.ground or "").split(p, 1)[1].lstrip(":： "), maxsplit=1)[0] for p in named]
    return [p for p in (*listing.products, *told) if p]


def _rules(world: World, entry: Entry, role: Role) -> Iterator[Rule]:
    """The rows that fit: a narrower one stands for a wider one, unless the wider is stricter."""
    listing = entry.listing
    if listing.list in _LOCAL and world.inside(listing.region) is False:
        return
    rows = [
        r
        for r in world.rules.rules_for(Trigger.LISTING, world.activity.domain, role, world.reference)
        if listing.list in r.lists and r.variant in {"", entry.variant} and _fits(world, r, listing)
    ]
    if any(r.clause for r in rows):
        rows = [r for r in rows if r.clause]
    narrow = [r for r in rows if r.phrases or r.grades or r.region or r.document or r.variant]
    strictest = max((r.effect.rank for r in narrow), default=-1)
    yield from narrow
    yield from (r for r in rows if r not in narrow and r.effect.rank > strictest)


def _fits(world: World, rule: Rule, listing: Listing) -> bool:
    text = " ".join(filter(None, (listing.ground, listing.basis.instrument if listing.basis else None, listing.grade)))
    return (
        (rule.works is None or rule.works == world.activity.works)
        and (rule.clause is None or rule.clause is world.activity.document.credit_clause)
        and (not rule.phrases or any(p in text for p in rule.phrases))
        and (not rule.grades or (listing.grade or "") in rule.grades)
        and (rule.region is None or world.inside(rule.region) is not False)
        and (not rule.document or adopted(world, rule, listing.list))
    )


def adopted(world: World, rule: Rule, list_id: str) -> bool:
    """Whether the procurement document excludes the list's subjects citing a law that the row admits."""
    excludes = [x for x in world.activity.document.excludes if x.list == list_id]
    named = [c for x in excludes for c in world.rules.reader.cited(x.basis)]
    return any(admits(cite, named) for cite in rule.adopted_by)


def _bite(world: World, entry: Entry, rule: Rule, doubts: Sequence[str]) -> Bite:
    listing, standing = entry.listing, entry.held.standing
    bite = Bite(rule, _values(world, entry), (entry.held.record.id,), entry.last, notes=standing.notes).doubted(*doubts)
    if rule.region is not None and world.inside(rule.region) is None:
        bite = bite.doubted("region_unknown")
    if rule.effect is not Effect.RESTRICT:
        return bite
    if not _is_kept_by(world, listing):
        bite = bite.doubted("other_keeper")
    if entry.last is not None and world.cut_off.day > entry.last:
        bite = bite.doubted(entry.over)
    if standing.performed and entry.last is None and listing.list != "L01":
        bite = bite.doubted(DOUBTFUL.get(standing.performed, "performed"))
    return bite


def _is_kept_by(world: World, listing: Listing) -> bool:
    """Whether the authority that an entry names may keep the list; one that names none is its source's."""
    phrases = world.rules.list_row(listing.list).kept_by
    return not phrases or listing.authority is None or any(p in listing.authority.name for p in phrases)


def _values(world: World, entry: Entry) -> dict[str, str | Reason]:
    listing, row = entry.listing, world.rules.list_row(entry.listing.list)
    place = listing.region and (world.regions.name(listing.region) or listing.region)
    return {
        "party": world.name(entry.held.party),
        "other": world.name(entry.held.party),
        "list": Reason(f"{row.name.zh}({listing.list})", f"the {row.name.en} ({listing.list})"),
        "day": listing.listed_on.isoformat(),
        "ground": listing.ground or Reason("未写明情形", "no ground stated"),
        "until": entry.last.isoformat() if entry.last else "",
        "doc_no": entry.doc_no or listing.doc_no or "",
        "place": place or "",
        "category": listing.grade or "",
    }
