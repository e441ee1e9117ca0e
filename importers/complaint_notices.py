"""投诉处理结果公告: decisions on complaints that finance departments publish (财办库〔2020〕50号, format 11).

Notices hardly ever print a credit code, and many do not say when the complaint was filed: such a notice goes to the
rejects with what was read of it. A complaint is taken only where its complainant has a sound code beside a whole name,
the days are told, and every item's outcome follows from the article cited and the words alike (DOMAIN §3.7, §9 Q27).
Withdrawn complaints and those not accepted are not published (Q23).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import recognise, redact
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ItemOutcome
from credit.model.party import PartyId, Role
from credit.model.record import Authority, Source
from credit.model.statements import UNSET, ComplaintInRow, LoadRow, PartyStatement
from credit.regions import Regions
from importers.company_register import kind_of
from importers.complaint_decisions import Decided, decision_of
from importers.complaint_notice import ComplaintNotice, notice_of
from importers.complaint_parties import NamedParty, Side
from importers.damaged_text import is_damaged, repaired
from importers.notice_text import credit_code, is_name, lines_of
from importers.places import Places
from importers.source import Importer, Rejected, Row, SourceSpec, Strict, describe

_KIND: Final = re.compile(r"投诉处理(?:结果|决定)")
_JOINT: Final = re.compile(r"联合体|共同(?:提起)?投诉|联合投诉")
_HEAD: Final = 40


class Beside(Strict):
    """Labels that stand beside a party's name and are left out."""

    labels: frozenset[str]


class NoticeSpec(SourceSpec):
    """The TOML of this source: with the words of headings, and what is left out beside a name."""

    parts: dict[str, str]
    beside: Beside


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: NoticeSpec
    words: Mapping[str, re.Pattern[str]]
    places: Places

    def one(self, row: Row, source: Source) -> LoadRow:
        """Read a notice; see `all`."""
        (part,) = self.all(row, source)
        if isinstance(part, Rejected):
            raise FieldInvalid(part.zh, part.en)
        return part

    def all(self, row: Row, source: Source) -> Sequence[LoadRow | Rejected]:
        """Read a notice: the one complaint that it decides, or why a person must read it, with what was read."""
        notice = self._notice(row)
        try:
            return (self._load(row.number, notice, source),)
        except Malformed as error:
            return (Rejected(row.number, {**row.raw, **_shown(notice)}, error.zh, error.en),)

    def _notice(self, row: Row) -> ComplaintNotice:
        text = repaired(row["text"])
        lines, title = lines_of(text.text), repaired(row["title"]).text
        if not lines or row["broken"]:
            raise FieldInvalid("公告没有正文或页面不完整，不从中读取", "no text, or the page is cut off")
        if not _KIND.search(title) and not any(_KIND.search(line) for line in lines[:_HEAD]):
            raise FieldInvalid("不是投诉处理结果公告", "no notice on the result of a complaint")
        if text.damaged:
            shown = "｜".join(text.damaged[:3])
            raise FieldInvalid(f"公告有损坏的段落，请人工核对：{shown}", f"passages are damaged: {shown}")
        return notice_of(title, lines, self.words, self.spec.beside.labels)

    def _load(self, number: int, notice: ComplaintNotice, source: Source) -> LoadRow:
        complainants = [p for p in notice.parties if p.side is Side.COMPLAINANT]
        decided = _decided(notice)
        if len(complainants) > 1 and not _JOINT.search(notice.text):
            raise FieldInvalid(
                "公告有多个投诉人，不能确定是否共同投诉，请人工录入",
                "several complainants, jointly or not",
            )
        filers = tuple(_party(p, Role.SUPPLIER) for p in complainants)
        respondents, doubts = _respondents(notice)
        letter = self._complaint(notice, filers, respondents, source)
        told = ComplaintInRow(content=letter, events=tuple(_events(notice, decided)))
        if notice.project_no is None:
            doubts += (("项目编号有掩码或没有写明，未登记", "the project's number is masked or not told: left out"),)
        return LoadRow(row=number, parties=(*filers, *respondents), complaints=(told,), doubts=doubts)

    def _complaint(
        self,
        notice: ComplaintNotice,
        filers: Sequence[PartyStatement],
        respondents: Sequence[PartyStatement],
        source: Source,
    ) -> Complaint:
        if notice.filed_on is None:
            raise FieldInvalid(
                "公告没有写明（或不止一个）提起投诉的日期，请人工录入",
                "the day of filing is not told for certain",
            )
        return Complaint(
            complaint_no=notice.number,
            complainants=tuple(PartyId(p.id) for p in filers if p.id),
            respondents=tuple(PartyId(p.id) for p in respondents if p.id),
            project_no=notice.project_no,
            office=Authority(name=notice.office, region=self.places.code_of(notice.office)),
            filed_on=notice.filed_on,
            received_on=notice.received_on,
            items=tuple(redact(item) for item in notice.items),
            source=replace(source, kind="notice"),
        )


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("complaint_notices", NoticeSpec)
    words = {part: re.compile(pattern) for part, pattern in spec.parts.items()}
    reader = _Reader(spec, words, Places.of(Regions.load()))
    return Importer(spec, reader.one, reader.all)


def _decided(notice: ComplaintNotice) -> Decided:
    filers = [p.name for p in notice.parties if p.side is Side.COMPLAINANT]
    others = [p.name for p in notice.parties if p.side is not Side.COMPLAINANT]
    return decision_of(notice.results, items=len(notice.items), complainants=filers, others=others)


def _outcome_shown(notice: ComplaintNotice) -> str:
    """How the complaint ended by the article and the words; empty where that is not certain."""
    try:
        decided = _decided(notice)
    except Malformed:
        return ""
    return "；".join((decided.outcome, *(f"{n}：{outcome}" for n, outcome in sorted(decided.items.items()))))


def _events(notice: ComplaintNotice, decided: Decided) -> Sequence[ComplaintEvent]:
    on = notice.decided_on or notice.signed_on
    items = tuple(ItemOutcome(n, outcome) for n, outcome in sorted(decided.items.items()))
    decision = ComplaintEvent(
        kind=ComplaintEventKind.DECIDED, on=on, doc_no=notice.decision_no, outcome=decided.outcome, items=items
    )
    if notice.accepted_on is None:
        return [decision]
    return [ComplaintEvent(kind=ComplaintEventKind.ACCEPTED, on=notice.accepted_on), decision]


def _respondents(
    notice: ComplaintNotice,
) -> tuple[tuple[PartyStatement, ...], tuple[tuple[str, str], ...]]:
    """The respondents that have a code; of the others a person reads."""
    named = [p for p in notice.parties if p.side is Side.RESPONDENT]
    coded = tuple(_party(p, p.role) for p in named if p.code)
    bare = "、".join(p.name for p in named if not p.code)
    if not bare:
        return coded, ()
    zh = f"被投诉人“{bare}”只有名称，没有统一社会信用代码，未登记，请人工核对（Q27）"
    return coded, ((zh, f"respondents {bare!r} are known by name alone (Q27): left out"),)


def _party(party: NamedParty, role: Role | None) -> PartyStatement:
    """Name a party by the code beside its name.

    Raises: FieldInvalid where there is none, or the name is masked, shortened or damaged.
    """
    if not is_name(party.name) or is_damaged(party.name):
        raise FieldInvalid(
            f"“{party.name}”有掩码、不完整或有损坏，不与任何主体匹配，请人工核对",
            f"the name {party.name!r} is masked, cut or damaged: it is matched to nobody, a person must look",
        )
    if party.below and not party.code:
        raise FieldInvalid(
            f"“{party.name}”的代码“{party.below}”另起一行，不能确定属于该主体，请人工核对",
            f"the code {party.below!r} stands on a line of its own: whose it is is not certain",
        )
    if not party.code:
        raise FieldInvalid(
            f"“{party.name}”只有名称，没有统一社会信用代码；仅凭名称不能确定身份（Q27），请人工核对候选主体",
            f"{party.name!r} is a name alone, which is no identification (Q27): a person must choose",
        )
    code = credit_code(party.code)
    if code is None:
        raise FieldInvalid(f"“{party.name}”的代码“{party.code}”有误", f"the code {party.code!r} is wrong")
    roles = (role,) if role else UNSET
    return PartyStatement(id=code, kind=kind_of(recognise(code)), name=party.name, roles=roles, only_if_new=True)


def _shown(notice: ComplaintNotice) -> Mapping[str, str]:
    """What was read of a notice, for the person who enters it."""

    def of(kind: Side | Role) -> str:
        return "；".join(f"{p.label}：{p.name}" for p in notice.parties if kind in {p.side, p.role})

    return {
        "读出·文号": notice.number,
        "读出·项目编号": notice.project_no or "",
        "读出·项目名称": notice.project_name or "",
        "读出·投诉人": of(Side.COMPLAINANT),
        "读出·被投诉人": of(Side.RESPONDENT),
        "读出·采购人": of(Role.PURCHASER),
        "读出·代理机构": of(Role.AGENCY),
        "读出·其他当事人": of(Side.OTHER),
        "读出·投诉事项": redact("\n".join(f"{n}. {item}" for n, item in enumerate(notice.items, 1))),
        "读出·处理结果": redact(notice.results),
        "读出·结果": _outcome_shown(notice),
        "读出·机关": notice.office,
        "读出·日期": notice.signed_on.isoformat(),
    }
