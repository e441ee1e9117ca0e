"""Checks, look-ups, decisions and jobs (the contract's "Checks")."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StrictBool, StringConstraints

from credit.api.schemas.fields import (
    AnyRef,
    Day,
    In,
    Instant,
    Line,
    ListId,
    Out,
    Paragraphs,
    PartyRef,
    Region,
)
from credit.errors import FieldInvalid
from credit.model.party import PartyId, Role
from credit.model.project import Domain, Project
from credit.model.question import Activity, Bid, CreditClause, Document, Exclusion, Member, PriorService, Question
from credit.model.verdict import AlertKind, Effect, Freshness, Verdict
from credit.ports import Job

MOST_PARTIES = 1000
"""Parties in one call; more go as a job."""
MOST_BIDS = 100_000
MANY = 500
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
            FieldInvalid: neither says which domain, or until when bids are taken.
        """
        domain = self.domain or (project.domain if project else None)
        deadline = self.deadline or (project.deadline if project else None)
        if domain is None:
            raise _missing("domain")
        if deadline is None:
            raise _missing("deadline")
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
            members=tuple(Member(m.id, m.name) for m in self.members),
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
            FieldInvalid: two bids bear one ref, or neither body nor project says domain and deadline.
        """
        seen: set[str] = set()
        for index, bid in enumerate(self.bids):
            if bid.ref in seen:
                raise FieldInvalid(
                    "两个投标使用了同一 ref。", "Two bids bear the same ref", pointer=f"/bids/{index}/ref"
                )
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


class ReasonOut(Out):
    """The same in Chinese and English."""

    zh: str
    en: str


class CitationOut(Out):
    """Law."""

    instrument: str
    article: str


class StepOut(Out):
    """One edge of the path from the member to the record."""

    from_: str = Field(alias="from")
    relation: str
    to: str


class FindingOut(Out):
    """One rule that bit; ``until`` is the last day on which it surely restricts."""

    rule: str
    effect: Effect
    member: str | None = None
    records: tuple[str, ...]
    path: tuple[StepOut, ...]
    until: date | None = None
    question: str | None = None
    reason: ReasonOut
    citations: tuple[CitationOut, ...]


class RulesOut(Out):
    """The catalogue by which was answered."""

    version: str
    digest: str


class SourceStateOut(Out):
    """How fresh a list was."""

    list: str
    synced_at: datetime | None = None
    status: Freshness


class LookUpOut(Out):
    """The quick answer on one party, not kept as evidence."""

    party: str
    on: date
    verdict: Verdict
    until: date | None = None
    findings: tuple[FindingOut, ...]
    sources: tuple[SourceStateOut, ...]
    rules: RulesOut


class LookUpsOut(Out):
    """The quick answers in the order asked."""

    results: tuple[LookUpOut, ...]


class MemberOut(Out):
    """The verdict on one member."""

    id: str
    name: str | None = None
    verdict: Verdict


class ResultOut(Out):
    """The verdict on one bid."""

    ref: str
    verdict: Verdict
    until: date | None = None
    members: tuple[MemberOut, ...]
    findings: tuple[FindingOut, ...]


class AlertOut(Out):
    """What the verdict does not hold but a person should see."""

    kind: AlertKind
    records: tuple[str, ...]
    on: str
    reason: ReasonOut


class ProofOut(Out):
    """A link of the chain: digest of the canonical text, signature, key, digest of the link before."""

    digest: str
    signature: str
    key_id: str
    previous: str | None


class CheckOut(Out):
    """A kept check; ``annotations`` grow, the rest is never rewritten."""

    model_config = ConfigDict(extra="allow")

    id: str
    checked_at: datetime
    rules: RulesOut
    known_at: datetime
    sources: tuple[SourceStateOut, ...]
    results: tuple[ResultOut, ...]
    alerts: tuple[AlertOut, ...]
    annotations: tuple[dict[str, Any], ...]
    proof: ProofOut


class NowOut(Out):
    """Today's answer to the same question."""

    known_at: datetime
    rules: RulesOut
    results: tuple[ResultOut, ...]


class ChangedOut(Out):
    """A bid whose verdict differs today, and the records that make the difference."""

    model_config = ConfigDict(extra="allow")

    ref: str
    from_: Verdict = Field(alias="from")
    to: Verdict
    records: tuple[str, ...]


class ReplayOut(Out):
    """The question of a kept check asked again: as of then, and now."""

    model_config = ConfigDict(extra="allow")

    id: str
    known_at: datetime
    rules: RulesOut
    results: tuple[ResultOut, ...]
    same: bool
    now: NowOut
    changed: tuple[ChangedOut, ...]


class DecisionOut(Out):
    """A decision as kept."""

    model_config = ConfigDict(extra="allow")

    id: str
    ref: str
    decision: Literal["admit", "refuse"]
    by: str
    reason: str


class JobOut(Out):
    """How far a long check is; ``error`` is the code of what made it fail."""

    id: str
    state: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    result: str | None
    error: str | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Show a job."""
        return cls.model_validate(
            {
                "id": job.id,
                "state": job.state,
                "done": job.done,
                "total": job.total,
                "result": job.result,
                "error": job.error,
            }
        )


def _missing(name: str) -> FieldInvalid:
    return FieldInvalid(
        f"缺少 {name}，项目中也没有登记。",
        f"{name} is missing, and no known project says it",
        pointer=f"/activity/{name}",
    )
