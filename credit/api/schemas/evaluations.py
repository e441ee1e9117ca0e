"""Two-way evaluation (the contract's "Acting on it"); it never enters a verdict."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from credit.api.schemas.fields import Day, In, Line, Out, Paragraphs, PartyRef, party_id
from credit.api.schemas.handled import MANY
from credit.model.matter import Matter
from credit.model.matters import Capacity, Evaluation, Nothing, Score
from credit.model.party import PartyId
from credit.model.when import from_tick
from credit.oversight.evaluations import LEVEL, Marks, summary

MOST_MARK = 100


def read_mark(value: object) -> Decimal:
    """Read a mark of 0–100, with four places at most."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= MOST_MARK
    if not fits:
        raise ValueError("评分应为 0–100 的数字 · expected a number of 0–100")
    return round(Decimal(str(value)), 4)


Mark = Annotated[
    Decimal, BeforeValidator(read_mark), WithJsonSchema({"type": "number", "minimum": 0, "maximum": MOST_MARK})
]


class EvaluationBody(In):
    """What one party to a project thinks of another; ``as``: what that one was in it. Natural key: project, by, of."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "project_no": "N5120022026000001",
                    "by": "11512002MBF000016W",
                    "of": "91512002MAF0000126",
                    "as": "supplier",
                    "on": "2026-07-01",
                    "scores": {"履约质量": 90, "响应时效": 85},
                    "remark": None,
                }
            ]
        }
    )

    project_no: Line
    by: PartyRef
    of: PartyRef
    as_: Capacity = Field(alias="as")
    on: Day
    scores: Annotated[dict[Line, Mark], Field(min_length=1, max_length=MANY)]
    remark: Paragraphs | None = None

    def content(self, project_no: str) -> Evaluation:
        """Return it as the model has it, for the project of a number.

        Raises:
            IdentifierInvalid: a party's id is of no right form.
        """
        return Evaluation(
            project_no=project_no,
            by=PartyId(party_id(self.by, "/by")),
            of=PartyId(party_id(self.of, "/of")),
            as_=self.as_,
            on=self.on,
            scores=tuple(Score(name, mark) for name, mark in sorted(self.scores.items())),
            remark=self.remark,
        )


class EvaluationOut(Out):
    """An evaluation as recorded."""

    id: str
    project_no: str
    by: str
    of: str
    as_: Capacity = Field(serialization_alias="as", validation_alias="as")
    on: date
    scores: dict[str, float]
    remark: str | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of_held(cls, held: Matter[Evaluation, Nothing]) -> Self:
        """Show an evaluation."""
        content = held.content
        told: dict[str, Any] = {
            "id": held.id,
            "project_no": content.project_no,
            "by": content.by,
            "of": content.of,
            "as": content.as_,
            "on": content.on,
            "scores": {score.criterion: float(score.score) for score in content.scores},
            "remark": content.remark,
            "recorded_at": from_tick(held.tick),
            "recorded_by": held.recorded_by,
        }
        return cls.model_validate(told)


class IntervalOut(Out):
    """An interval that holds the median in at least ``level`` of cases, by order statistics."""

    low: float
    high: float
    level: float


class MarksOut(Out):
    """The marks by one criterion; ``interval`` null: fewer than six, too few for one."""

    criterion: str
    count: int
    median: float
    interval: IntervalOut | None

    @classmethod
    def of(cls, marks: Marks) -> Self:
        """Show what marks come to."""
        interval = None
        if marks.interval is not None:
            low, high = marks.interval
            interval = IntervalOut(low=float(low), high=float(high), level=float(LEVEL))
        return cls(criterion=marks.criterion, count=marks.count, median=float(marks.median), interval=interval)


class EvaluationsOut(Out):
    """What others think of a party, summed up; it never enters a verdict."""

    party: str
    count: int
    by_capacity: dict[Capacity, int]
    criteria: tuple[MarksOut, ...]

    @classmethod
    def of(cls, party: str, evaluations: Iterable[Evaluation]) -> Self:
        """Sum up the evaluations of a party."""
        of = list(evaluations)
        counts = {capacity: sum(e.as_ is capacity for e in of) for capacity in Capacity}
        return cls(
            party=party,
            count=len(of),
            by_capacity={capacity: count for capacity, count in counts.items() if count},
            criteria=tuple(map(MarksOut.of, summary(of))),
        )
