"""The dossier: all that is held on a party, by the reader's rights (the contract's "Acting on it")."""

from collections.abc import Collection
from datetime import date
from typing import Literal, Self

from credit.api.schemas.applications import ApplicationOut
from credit.api.schemas.attentions import AttentionOut
from credit.api.schemas.cases import CaseOut
from credit.api.schemas.complainants import ProposalOut
from credit.api.schemas.complaints import ComplaintOut
from credit.api.schemas.corrections import CorrectionOut
from credit.api.schemas.evaluations import EvaluationsOut
from credit.api.schemas.fields import Out
from credit.api.schemas.parties import PartyOut
from credit.api.schemas.replies import Page
from credit.api.schemas.sightings import ListingShown, PenaltyShown
from credit.model.party import Relation
from credit.model.project import BidOutcome, Project, RecordedBid


class RelationsOut(Out):
    """How many relations a party has now; ``truncated``: it has more than were counted."""

    count: int
    by_kind: dict[str, int]
    truncated: bool

    @classmethod
    def of(cls, party: str, relations: Collection[Relation], *, truncated: bool) -> Self:
        """Count the relations of a party among those around it."""
        own = [relation for relation in relations if party in {relation.source, relation.target}]
        kinds = dict.fromkeys(str(relation.kind) for relation in own)
        return cls(
            count=len(own),
            by_kind={kind: sum(relation.kind == kind for relation in own) for kind in kinds},
            truncated=truncated,
        )


class EntryOut(Out):
    """A bid of the party, alone or in a consortium."""

    project: str
    project_no: str
    name: str
    bid: str
    lot: str | None
    result: BidOutcome

    @classmethod
    def of(cls, project: Project, bid: RecordedBid) -> Self:
        """Show a bid with its project."""
        return cls(
            project=project.id,
            project_no=project.project_no,
            name=project.name,
            bid=bid.id,
            lot=bid.lot,
            result=bid.result,
        )


class ComplaintsOut(Out):
    """Complaints that the party filed and that were filed against it, as far as the reader may see them."""

    filed: tuple[ComplaintOut, ...]
    faced: tuple[ComplaintOut, ...]


class DossierOut(Out):
    """All that is held on a party and that the reader may see.

    ``reader``: as whom it is read. What a reader may not see is empty, or null. Each part has the newest thousand at
    most: ``truncated`` names those that have more; of the records ``next`` goes on at the party's ``/records``.
    """

    as_of: date
    reader: Literal["self", "authority", "admin", "other"]
    party: PartyOut
    records: Page[PenaltyShown | ListingShown]
    relations: RelationsOut
    bids: tuple[EntryOut, ...]
    complaints: ComplaintsOut
    proposals: tuple[ProposalOut, ...]
    attentions: tuple[AttentionOut, ...]
    cases: tuple[CaseOut, ...]
    corrections: tuple[CorrectionOut, ...]
    evaluations: EvaluationsOut | None
    repairs: tuple[ApplicationOut, ...]
    objections: tuple[ApplicationOut, ...]
    truncated: tuple[str, ...]
