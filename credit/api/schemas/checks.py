"""What is asked: checks, look-ups, decisions (the contract's "Checks")."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StrictBool, StringConstraints

from credit.api.schemas.fields import (
    AnyRef,
    Day,
    In,
    Instant,
    Line,
    ListId,
    Paragraphs,
    PartyRef,
    Region,
)
from credit.errors import Conflict, FieldInvalid, Unknown
from credit.model.party import PartyId, Role
from credit.model.project import Domain, Project
from credit.model.question import Activity, Bid, CreditClause, Document, Exclusion, Member, PriorService, Question

MOST_PARTIES = 1000
"""Parties in one call; more go as a job."""
MOST_BIDS = 100_000
MANY = 500
SAID_BY_ITSELF_OR_A_PROJECT: JsonValue = [
    {"required": ["domain", "deadline"], "properties": {"domain": {"type": "string"}, "deadline": {"type": "string"}}},
    {"required": ["project_no"], "properties": {"project_no": {"type": "string"}}},
]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]


class ExclusionBody(In):
    """A list whose subjects the document excludes, and the law that it gives for that."""

    list: ListId
    basis: Annotated[str, StringConstraints(max_length=1000)]


class DocumentBody(In):
    """What the procurement document says of credit."""

    credit_clause: CreditClause = CreditClause.STANDARD
    excludes: Annotated[tuple[ExclusionBody, ...], Field(max_length=MANY)] = ()


class PriorServiceBody(In):
    """A service for the project that a party rendered before."""

    party: PartyRef
    service: Literal["design", "specification", "management", "supervision", "testing"]


class ActivityBody(In):
    """What the parties want to take part in; what is left out comes from the project."""

    model_config = ConfigDict(json_schema_extra={"anyOf": SAID_BY_ITSELF_OR_A_PROJECT})

    domain: Domain | None = None
    project_no: Line | None = None
    region: Region | None = None
    lot: Line | None = None
    notice_on: Day | None = None
    deadline: Instant | None = None
    cut_off: Instant | None = None
    works: StrictBool = False
    single_source: StrictBool = False
    product_category: Line | None = None
    document: DocumentBody = DocumentBody()
    prior_services: Annotated[tuple[PriorServiceBody, ...], Field(max_length=MANY)] = ()

    def activity(self, project: Project | None) -> Activity:
        """Return it as the model has it, filled up from the project.

        Raises:
            FieldInvalid: it says neither domain or deadline nor a project.
            Unknown: it leaves them to a project that is not held.
        """
        domain = self.domain or (project.domain if project else None)
        deadline = self.deadline or (project.deadline if project else None)
        if domain is None:
            raise _missing("domain", self.project_no)
        if deadline is None:
            raise _missing("deadline", self.project_no)
        return Activity(
            domain=domain,
            deadline=deadline,
            cut_off=self.cut_off,
            region=self.region or (project.region if project else None),
            project_no=self.project_no,
            lot=self.lot,
            notice_on=self.notice_on or (project.notice_on if project else None),
            works=self.works,
            single_source=self.single_source,
            product_category=self.product_category,
            document=Document(
                self.document.credit_clause, tuple(Exclusion(e.list, e.basis) for e in self.document.excludes)
            ),
            prior_services=tuple(PriorService(PartyId(s.party), s.service) for s in self.prior_services),
        )


class MemberBody(In):
    """One member of a bid, as the bid names it."""

    id: AnyRef
    name: Annotated[str, StringConstraints(max_length=200)] | None = None


class DeclarationsBody(In):
    """What the bid declares."""

    no_major_record: StrictBool | None = None


class BidBody(In):
    """One bid; several members are a consortium."""

    ref: Ref
    role: Literal["supplier", "agency", "expert", "purchaser"]
    lot: Line | None = None
    members: Annotated[tuple[MemberBody, ...], Field(min_length=1, max_length=MOST_BIDS)]
    declarations: DeclarationsBody | None = None

    def bid(self) -> Bid:
        """Return it as the model has it."""
        return Bid(
            ref=self.ref,
            role=Role(self.role),
            members=tuple(dict.fromkeys(Member(m.id, m.name) for m in self.members)),
            lot=self.lot,
            no_major_record=self.declarations.no_major_record if self.declarations else None,
        )


class CheckBody(In):
    """May these bids take part? ``known_at`` null: by what is known now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "activity": {
                        "domain": "government_procurement",
                        "region": "510000",
                        "lot": "1",
                        "notice_on": "2026-05-15",
                        "deadline": "2026-06-10T09:30:00+08:00",
                        "cut_off": "2026-06-10T14:00:00+08:00",
                    },
                    "bids": [
                        {
                            "ref": "A",
                            "role": "supplier",
                            "members": [{"id": "91512002MAF0000126", "name": "资阳示范商贸有限公司"}],
                            "declarations": {"no_major_record": True},
                        }
                    ],
                }
            ]
        }
    )

    activity: ActivityBody
    known_at: Instant | None = None
    bids: Annotated[tuple[BidBody, ...], Field(min_length=1, max_length=MOST_BIDS)]

    @property
    def parties(self) -> int:
        """How many parties are asked about, each as often as it is named."""
        return sum(len(bid.members) for bid in self.bids)

    def question(self, project: Project | None, asked_at: datetime) -> Question:
        """Return it as the model has it.

        Raises:
            Conflict: two bids bear one ref.
            FieldInvalid, Unknown: neither body nor project says domain and deadline.
        """
        seen: set[str] = set()
        for index, bid in enumerate(self.bids):
            if bid.ref in seen:
                raise Conflict("两个投标使用了同一 ref。", "Two bids bear the same ref", pointer=f"/bids/{index}/ref")
            seen.add(bid.ref)
        return Question(self.activity.activity(project), tuple(bid.bid() for bid in self.bids), asked_at)


class DecisionBody(In):
    """The officer's decision on a ``review``."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"ref": "A", "decision": "admit", "by": "评审委员会", "reason": "经核实，处罚已撤销。"}]
        }
    )

    ref: Ref
    decision: Literal["admit", "refuse"]
    by: Line
    reason: Paragraphs


class LookUpBody(In):
    """The quick look-up for up to 1,000 parties; ``on`` is the deadline, the end of that day the cut-off."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parties": ["91512002MAF0000126"],
                    "domain": "government_procurement",
                    "role": "supplier",
                    "on": "2026-06-10",
                    "region": "510000",
                }
            ]
        }
    )

    parties: tuple[AnyRef, ...]
    domain: Domain
    role: Literal["supplier", "agency", "expert", "purchaser"]
    on: Day
    region: Region | None = None


class LookUpQuery(In):
    """The quick look-up of one party."""

    domain: Domain
    role: Literal["supplier", "agency", "expert", "purchaser"]
    on: Day
    region: Region | None = None


def _missing(name: str, project_no: str | None) -> FieldInvalid | Unknown:
    if project_no is None:
        return FieldInvalid(
            f"缺少 {name}。", f"{name} is missing, and no project is named", pointer=f"/activity/{name}"
        )
    return Unknown(
        f"缺少 {name}，而所述项目未登记。",
        f"{name} is missing, and the project is not held",
        pointer="/activity/project_no",
    )
