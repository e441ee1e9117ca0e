"""What bodies and replies of "Acting on it" share."""

from datetime import date
from typing import Annotated, Self

from fastapi import Query
from pydantic import Field, StringConstraints

from credit.api.schemas.answers import CitationOut, ReasonOut
from credit.api.schemas.fields import Day, Line, Out
from credit.model.verdict import Reason
from credit.oversight.deadlines import Deadline, DeadlineKind, DeadlineState

MANY = 100
Digest = Annotated[
    str,
    StringConstraints(pattern=r"^sha256:[0-9A-Za-z+/=_-]{1,128}$"),
    Field(examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]),
]
"""A SHA-256 digest; the contract names the algorithm and leaves open whether hex or base64 is written."""
About = Annotated[
    tuple[Line, ...],
    Field(max_length=MANY, description="记录、投诉、案件、项目的编号或文号 · ids, or numbers where unambiguous"),
]
AsOf = Annotated[Day | None, Query(description="截至日期，缺省为今天 · as of the end of a day, today by default")]
AuthorityName = Annotated[Line | None, Query(description="机关名称或标识 · name or id of the authority")]
PartyName = Annotated[Line | None, Query(description="主体标识 · id of a party", examples=["91512002MAF0000126"])]


class ClockOut(Out):
    """How a clock stands; ``from`` is the day that it runs from, not counted itself."""

    kind: DeadlineKind
    from_: date | None = Field(serialization_alias="from", validation_alias="from")
    due: date | None
    met_on: date | None
    state: DeadlineState
    rule: str
    citations: tuple[CitationOut, ...]
    mark: str
    note: ReasonOut | None

    @classmethod
    def of(cls, clock: Deadline) -> Self:
        """Show a clock."""
        return cls.model_validate(
            {
                "kind": clock.kind,
                "from": clock.from_,
                "due": clock.due,
                "met_on": clock.met_on,
                "state": clock.state,
                "rule": clock.rule,
                "citations": cited(clock),
                "mark": clock.mark,
                "note": reason_out(clock.note),
            }
        )


def cited(clock: Deadline) -> tuple[CitationOut, ...]:
    """Show the law of a clock."""
    return tuple(CitationOut(instrument=c.instrument, article=c.article) for c in clock.citations)


def reason_out(reason: Reason | None) -> ReasonOut | None:
    """Show words, where there are any."""
    return None if reason is None else ReasonOut(zh=reason.zh, en=reason.en)
