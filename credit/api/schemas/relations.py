"""Relations between parties (the contract's ``/v1/relations``)."""

from datetime import date, datetime
from typing import Self

from pydantic import ConfigDict

from credit.api.schemas.fields import Day, In, Out, Paragraphs, PartyRef, Share, party_id, plain
from credit.model.party import Relation, RelationKind
from credit.model.statements import RelationStatement
from credit.model.when import from_tick


class RelationBody(In):
    """A relation: read ``source kind target``; ``since`` inclusive, ``until`` exclusive."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "shareholder", "source": "91512002MAF0000126", "target": "91512002MAF0000201", "share": "0.51"}
            ]
        }
    )

    kind: RelationKind
    source: PartyRef
    target: PartyRef
    share: Share | None = None
    since: Day | None = None
    until: Day | None = None

    def statement(self) -> RelationStatement:
        """Say it to the registry.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return RelationStatement(
            kind=self.kind,
            source=party_id(self.source, "/source"),
            target=party_id(self.target, "/target"),
            share=self.share,
            since=self.since,
            until=self.until,
        )


class EndBody(In):
    """Ends a relation, or corrects its end."""

    until: Day
    reason: Paragraphs


class EndOut(Out):
    """What was said of a relation's end."""

    until: date
    reason: str | None
    recorded_at: datetime


class RelationOut(Out):
    """A relation as held now; ``ends`` oldest first, the newest counts."""

    id: str
    kind: RelationKind
    source: str
    target: str
    share: str | None
    since: date | None
    until: date | None
    recorded_at: datetime
    ends: tuple[EndOut, ...]

    @classmethod
    def of(cls, relation: Relation) -> Self:
        """Show a relation."""
        return cls(
            id=relation.id,
            kind=relation.kind,
            source=relation.source,
            target=relation.target,
            share=plain(relation.share),
            since=relation.since,
            until=relation.ends_on(),
            recorded_at=from_tick(relation.tick),
            ends=tuple(
                EndOut(until=end.until, reason=end.reason, recorded_at=from_tick(end.tick)) for end in relation.ends
            ),
        )
