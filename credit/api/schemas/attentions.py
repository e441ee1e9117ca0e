"""The ladder 关注 → 提醒 → 约谈 (the contract's "Acting on it")."""

from datetime import date, datetime
from typing import Self

from pydantic import ConfigDict

from credit.api.schemas.fields import Day, In, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.handled import About
from credit.api.schemas.recorded import AuthorityOut
from credit.api.schemas.records import AuthorityBody
from credit.model.matter import Matter
from credit.model.matters import Attention, Nothing, Rung
from credit.model.party import PartyId
from credit.model.when import from_tick
from credit.oversight.ladder import RungState, standing
from credit.rules.periods import Periods


class AttentionBody(In):
    """One rung of the ladder; ``until`` is its last day, null: for as long as the catalogue says.

    Natural key: party, rung, authority's name, on.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party": "91512002MAF0000126",
                    "rung": "attention",
                    "authority": {"name": "资阳市财政局", "region": "512000", "level": "city"},
                    "on": "2026-02-02",
                    "until": None,
                    "about": [],
                    "reason": "投诉事项反复缺乏事实依据",
                }
            ]
        }
    )

    party: PartyRef
    rung: Rung
    authority: AuthorityBody
    on: Day
    until: Day | None = None
    about: About = ()
    reason: Paragraphs

    def content(self, about: tuple[str, ...]) -> Attention:
        """Return it as the model has it, about what these ids name.

        Raises:
            IdentifierInvalid: the party's id is of no right form.
        """
        return Attention(
            party=PartyId(party_id(self.party, "/party")),
            rung=self.rung,
            authority=self.authority.authority(),
            on=self.on,
            until=self.until,
            about=about,
            reason=self.reason,
        )


class AttentionOut(Out):
    """A rung as given, and how it stands; ``expires_on`` is the last day on which it does."""

    id: str
    party: str
    rung: Rung
    authority: AuthorityOut
    on: date
    until: date | None
    about: tuple[str, ...]
    reason: str
    state: RungState
    expires_on: date | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, held: Matter[Attention, Nothing], periods: Periods, as_of: date) -> Self:
        """Show a rung as of the end of a day."""
        content = held.content
        stands = standing(periods, content, as_of)
        return cls(
            id=held.id,
            party=content.party,
            rung=content.rung,
            authority=AuthorityOut.of(content.authority),
            on=content.on,
            until=content.until,
            about=content.about,
            reason=content.reason,
            state=stands.state,
            expires_on=stands.last_day,
            recorded_at=from_tick(held.tick),
            recorded_by=held.recorded_by,
        )
