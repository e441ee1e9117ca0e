"""facts + rules + question → answer. Pure: no clock, no I/O; the same input always gives the same answer.

Precedence: a restriction on a fixed identity, then ``unknown``, ``review``, flags (DOMAIN §8 R8). A consortium is
judged at least as strictly as each of its members (财库〔2016〕125号; 法〔2016〕285号).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from credit.errors import IdentifierInvalid
from credit.identifiers import IdKind, mask_name, parse
from credit.model.facts import Dossier, Facts
from credit.model.party import Party, PartyId, PartyKind, PartyStatus, Role
from credit.model.question import Bid, Member, Question
from credit.model.record import Listing, Penalty, PenaltyKind
from credit.model.verdict import (
    VERDICT_OF,
    Alert,
    Answer,
    Effect,
    Finding,
    MemberVerdict,
    Reason,
    Result,
    SourceState,
    Verdict,
)
from credit.names import same_name
from credit.regions import Regions
from credit.rules.alerts import (
    declaration_alerts,
    document_alerts,
    later_alerts,
    lead_alerts,
    mistake_alert,
)
from credit.rules.catalogue import Catalogue
from credit.rules.findings import Bite, effect_of, finding
from credit.rules.hints import hint_bites
from credit.rules.listings import Decisions, adopted, decisions_of, listing_bites
from credit.rules.lots import Lots
from credit.rules.merged import all_entries, explained
from credit.rules.penalties import Held, penalty_bites, sum_bite
from credit.rules.rows import Rule, Trigger
from credit.rules.services import prior_service_bites
from credit.rules.sources import silence_bites, source_bites, source_states
from credit.rules.standing import standing
from credit.rules.timing import CutOff
from credit.rules.world import Bearer, World, shown_name


@dataclass(frozen=True, slots=True)
class Rules:
    """The catalogue, the table of divisions, and how old a list may be."""

    catalogue: Catalogue
    regions: Regions
    allowed_age: timedelta


def evaluate(facts: Facts, rules: Rules, question: Question) -> Answer:
    """Answer whether each bid may take part, and why."""
    world = World(facts, rules.catalogue, rules.regions, question.activity, CutOff.of(question.activity))
    return _Evaluation(world, question, source_states(world, question.asked_at, rules.allowed_age)).answer()


@dataclass(frozen=True)
class _Evaluation:
    """One question being answered; what is judged once is kept for the next bid that needs it."""

    world: World
    question: Question
    sources: dict[str, SourceState]
    _held: dict[PartyId, list[Held]] = field(default_factory=dict)
    _judged: dict[tuple[PartyId, Role], list[Bite]] = field(default_factory=dict)
    _general: dict[Role, tuple[Finding, ...]] = field(default_factory=dict)

    def answer(self) -> Answer:
        results = tuple(self._result(bid) for bid in self.question.bids)
        lists = {x for role in {b.role for b in self.question.bids} for x in self._lists(role)}
        sources = tuple(self.sources[x] for x in sorted(lists))
        return Answer(results, sources, tuple(dict.fromkeys(self._alerts(results))))

    def _lists(self, role: Role) -> set[str]:
        """The lists whose state the answer shows: those that a row joins."""
        joined = {x for r in self._rules(Trigger.LISTING, role) for x in r.lists}
        return joined | set(self.world.rules.required_lists(self.question.activity.domain, role))

    # ---------------------------------------------------------------- one bid

    def _result(self, bid: Bid) -> Result:
        findings: list[Finding] = []
        members: list[MemberVerdict] = []
        for member in bid.members:
            mine = [*self._member(bid, member), *self._lot_findings.get((bid.ref, member.id), ())]
            mine = sorted(dict.fromkeys(mine), key=_strictest_first)
            findings += mine
            members.append(
                MemberVerdict(member.id, self._member_name(member), verdict_of([*mine, *self._of_role(bid.role)]))
            )
        findings += self._of_role(bid.role)
        return Result(bid.ref, verdict_of(findings), until_of(findings), tuple(members), tuple(findings))

    def _member_name(self, member: Member) -> str | None:
        party = self.world.facts.resolved.get(member.id)
        dossier = self.world.dossier(party) if party else None
        return shown_name(dossier.party) if dossier else None

    def _member(self, bid: Bid, member: Member) -> Iterator[Finding]:
        party = self.world.facts.resolved.get(member.id)
        dossier = self.world.dossier(party) if party else None
        bites = self._unknown(bid.role, member) if dossier is None else self._known(bid, member, dossier)
        for bite in bites:
            found = finding(self.world.rules, explained(self.world, bite, member.id), member.id, self.world.reference)
            if found is not None:
                yield found

    def _unknown(self, role: Role, member: Member) -> Iterator[Bite]:
        try:
            parse(member.id)
            variant = "unregistered"
        except IdentifierInvalid:
            variant = "malformed"
        yield from self._party_rule(role, variant, {"name": member.id})

    def _known(self, bid: Bid, member: Member, dossier: Dossier) -> Iterator[Bite]:
        party = dossier.party
        yield from self._identity(bid.role, member, party)
        yield from silence_bites(self.world, party, bid.role)
        for bearer in self.world.bearers(party.id):
            yield from self._borne(bearer, bid.role)
        yield from hint_bites(self.world, party.id, bid.role, self.judge)
        yield from prior_service_bites(self.world, party.id, bid.role, member.id)

    def _identity(self, role: Role, member: Member, party: Party) -> Iterator[Bite]:
        given = mask_name(member.name or "") if party.kind is PartyKind.PERSON else member.name or ""
        values: dict[str, str | Reason] = {"party": shown_name(party), "name": given}
        if name_differs(member, party):
            yield from self._party_rule(role, "name_differs", values)
        if party.kind is PartyKind.FOREIGN:
            yield from self._party_rule(role, "foreign", values)
        elif parse(party.id).kind is IdKind.REGISTRATION_NUMBER:
            yield from self._party_rule(role, "no_credit_code", values)
        if party.status is not PartyStatus.ACTIVE:
            yield from self._party_rule(role, party.status.value, {**values, "party": all_entries(self.world, party)})

    def _party_rule(self, role: Role, variant: str, values: dict[str, str | Reason]) -> Iterator[Bite]:
        yield from (Bite(r, values) for r in self._rules(Trigger.PARTY, role) if r.variant == variant)

    def _rules(self, trigger: Trigger, role: Role) -> Iterator[Rule]:
        return self.world.rules.rules_for(trigger, self.question.activity.domain, role, self.world.reference)

    # ---------------------------------------------------------------- records

    def _borne(self, bearer: Bearer, role: Role) -> Iterator[Bite]:
        for bite in self.judge(bearer.dossier, role):
            values = {**bite.values, "other": shown_name(bearer.dossier.party)}
            yield replace(bite, path=(*bearer.path, *bite.path), values=values).doubted(bearer.doubt)

    def held(self, dossier: Dossier) -> list[Held]:
        """A party's records, each with its standing at the cut-off."""
        party = dossier.party.id
        if party not in self._held:
            self._held[party] = [Held(r, standing(r, self.world.cut_off), party) for r in dossier.records]
        return self._held[party]

    def judge(self, dossier: Dossier, role: Role) -> list[Bite]:
        """Every bite of a party's own records in a role."""
        key = (dossier.party.id, role)
        if not dossier.records:
            return []
        if key not in self._judged:
            held = self.held(dossier)
            decisions = decisions_of(held)
            bites = [b for h in held for b in self._either_way(h, decisions, role)]
            small = {
                r
                for b in bites
                if b.rule.variant == "below_line" and PenaltyKind.FINE in b.rule.kinds
                for r in b.records
            }
            low = [h for h in held if h.record.id in small and "repaired" not in h.standing.doubts]
            self._judged[key] = [
                *bites,
                *sum_bite(self.world, dossier.party.id, low, role),
                *self._own_exclusions(held, bites, role),
            ]
        return self._judged[key]

    def _either_way(self, held: Held, decisions: Decisions, role: Role) -> list[Bite]:
        """Judge a record; where an amendment can't be placed, every way, and doubt what not all of them say alike."""
        bites = self._record(held, decisions, role)
        if not held.standing.others:
            return bites
        ways = [bites, *(self._record(replace(held, standing=o), decisions, role) for o in held.standing.others)]
        told = [{b.rule.id: b for b in way} for way in ways]
        return [_agreed([way.get(rule) for way in told]) for rule in dict.fromkeys(r for way in told for r in way)]

    def _record(self, held: Held, decisions: Decisions, role: Role) -> list[Bite]:
        if isinstance(held.standing.content, Penalty):
            return penalty_bites(self.world, held, role)
        return listing_bites(self.world, held, decisions, role)

    def _own_exclusions(self, held: Sequence[Held], bites: Sequence[Bite], role: Role) -> Iterator[Bite]:
        """Entries that the document excludes by a rule of its own: shown; the clause is to be looked at (条例 20)."""
        lists = {h.record.id: h.standing.content.list for h in held if isinstance(h.standing.content, Listing)}
        rows = [r for r in self._rules(Trigger.DOCUMENT, role) if r.variant == "own_exclusion"]
        for exclusion in self.question.activity.document.excludes:
            for bite in bites:
                if bite.rule.effect is Effect.RESTRICT or exclusion.list not in {lists.get(r) for r in bite.records}:
                    continue
                if not any(
                    adopted(self.world, r, exclusion.list) for r in self._rules(Trigger.LISTING, role) if r.document
                ):
                    yield from (Bite(r, {**bite.values, "ground": exclusion.basis}, bite.records) for r in rows)

    # ---------------------------------------------------------------- the whole question

    def _of_role(self, role: Role) -> tuple[Finding, ...]:
        """Findings on the sources and the document, the same for every bid in a role."""
        if role not in self._general:
            bites = list(source_bites(self.world, self.sources, role))
            if self.question.activity.cut_off is None:
                bites += [Bite(r, {}) for r in self._rules(Trigger.DOCUMENT, role) if r.variant == "silent_cut_off"]
            found = (finding(self.world.rules, b, None, self.world.reference) for b in bites)
            self._general[role] = tuple(f for f in found if f)
        return self._general[role]

    @cached_property
    def _lot_findings(self) -> dict[tuple[str, str], list[Finding]]:
        table: dict[tuple[str, str], list[Finding]] = {}
        if not self.question.together:
            return table
        for ref, member, bite in Lots(self.world).bites(self.question.bids):
            found = finding(self.world.rules, explained(self.world, bite, member), member, self.world.reference)
            if found is not None:
                table.setdefault((ref, member), []).append(found)
        return table

    def _alerts(self, results: Sequence[Result]) -> Iterator[Alert]:
        yield from document_alerts(self.world, self.question.bids)
        for held in (h for rows in list(self._held.values()) for h in rows):
            if self._is_asked(held.party):
                yield from later_alerts(self.world, held)
                yield from mistake_alert(self.world, held)
        for bid, result in zip(self.question.bids, results, strict=True):
            yield from lead_alerts(self.world, result.findings)
            yield from declaration_alerts(self.world, bid, result.findings)

    def _is_asked(self, party: PartyId) -> bool:
        """Whether a party's records bear on a bidder (a linked firm's do not)."""
        return party in self._bearing

    @cached_property
    def _bearing(self) -> frozenset[PartyId]:
        asked = set(self.world.facts.resolved.values())
        return frozenset(b.dossier.party.id for p in asked for b in self.world.bearers(p))


def _agreed(ways: Sequence[Bite | None]) -> Bite:
    """One bite of what a record says in several ways: certain only as far as all of them agree."""
    said = [b for b in ways if b is not None]
    ends = [b.until for b in said if b.until is not None]
    bite = replace(said[0], until=min(ends, default=None))
    same = len(said) == len(ways) and len({effect_of(b) for b in said}) == 1
    return bite if same else bite.doubted("same_day_change")


def name_differs(member: Member, party: Party) -> bool:
    """Whether the name that a bid gives is neither the party's nor a former one."""
    if member.differs is not None or member.name is None:
        return bool(member.differs)
    return not any(same_name(member.name, n) for n in (party.name, *party.former_names))


def _strictest_first(found: Finding) -> tuple[int, str, tuple[str, ...], str]:
    return -found.effect.rank, found.rule, found.records, found.reason.zh


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """The strictest of the findings' effects; without any, eligible."""
    worst = max((f.effect for f in findings), key=lambda e: e.rank, default=None)
    return VERDICT_OF[worst] if worst else Verdict.ELIGIBLE


def until_of(findings: Sequence[Finding]) -> date | None:
    """The latest day on which a restriction surely holds; None where one is open or none restricts."""
    ends = [f.until for f in findings if f.effect is Effect.RESTRICT]
    return max((e for e in ends if e), default=None) if ends and all(ends) else None
