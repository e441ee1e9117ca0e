"""The document of a proposal: its facts, the rule, the party's right to be heard, and room for an officer to sign.

It decides nothing. Law: 财政部令第94号 37; 行政处罚法 44, 45.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from credit.errors import Unknown
from credit.model.caller import Caller
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalKind, ProposalState, of_shape
from credit.model.party import PartyId
from credit.model.verdict import Citation, Reason
from credit.oversight.outcomes import standing
from credit.oversight.proposals import state_on
from credit.reports.acts import Named
from credit.reports.law import Law, Passage
from credit.reports.reading import told
from credit.rules.world import shown_name
from credit.wiring import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A letter that a proposal rests on, as it stands now."""

    number: str
    project: str | None
    office: str
    filed_on: date
    decided_on: date | None
    outcome: ComplaintOutcome
    decisions: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A proposal for an officer to read, verify and sign; ``passages`` are the rule, then the party's rights."""

    id: str
    party: Named
    kind: ProposalKind
    made_on: date
    made_at: datetime
    office: str
    state: ProposalState
    facts: tuple[Fact, ...]
    rule: tuple[Passage, tuple[Citation, ...]]
    rights: tuple[tuple[Passage, tuple[Citation, ...]], ...]
    hearing: Reason


async def gather_document(services: Services, caller: Caller, proposal: str) -> Document:
    """Gather a proposal's document as a reader may see it.

    Raises:
        Unknown: there is none that the reader is shown.
    """
    found = of_shape(await services.matters.named(MatterKind.PROPOSAL, proposal), Proposal, ProposalEvent)
    held = next((one for one in found if services.supervision.may_see_proposal(caller, one.content)), None)
    if held is None:
        raise Unknown("没有此建议。", "There is no such proposal")
    practice = services.supervision.practice
    law = Law.load(practice.periods)
    rule = law.rules[held.content.rule]
    return Document(
        id=held.id,
        party=await _named(services, held.content.party),
        kind=held.content.kind,
        made_on=held.content.made_on,
        made_at=services.clock.now(),
        office=held.content.office.name,
        state=state_on(held, date.max),
        facts=await _facts(services, held),
        rule=(rule, rule.cited(practice.periods)),
        rights=tuple((right, right.cited(practice.periods)) for right in law.rights.values()),
        hearing=practice.thresholds.reason("hearing"),
    )


async def _named(services: Services, party: PartyId) -> Named:
    held = await services.browser.party(party)
    return Named(party, shown_name(held.party) if held else party)


async def _facts(services: Services, held: Matter[Proposal, ProposalEvent]) -> tuple[Fact, ...]:
    facts = [fact for letter in held.content.facts for fact in map(_fact, await _letters(services, letter))]
    return tuple(sorted(facts, key=lambda fact: (fact.filed_on, fact.number)))


async def _letters(services: Services, letter: MatterId) -> Sequence[HeldComplaint]:
    return of_shape(await services.matters.named(MatterKind.COMPLAINT, letter), Complaint, ComplaintEvent)


def _fact(held: HeldComplaint) -> Fact:
    content, stands = held.content, standing(held, date.max)
    decided = (e for e in held.events if e.kind is ComplaintEventKind.DECIDED and e.doc_no is not None)
    return Fact(
        number=content.complaint_no,
        project=content.project_no,
        office=content.office.name,
        filed_on=content.filed_on,
        decided_on=stands.decided_on,
        outcome=stands.outcome,
        decisions=tuple(event.doc_no or "" for event in decided),
        items=tuple(map(told, content.items)),
    )
