"""The complaints of a contracting process (the complaint extension of OCDS) as letters of the ledger.

A letter goes in where complainants are named by a register's number, the review body is one of the mainland's, and the
law it decides under is certain; one under another country's law is none that 94号令 37 counts, and stays out. How a
letter ended goes in only where it is certain: the codes of the extension do not tell on which ground of 94号令 29 a
rejection rests, so words or the article cited must (``importers.complaint_outcomes``). The rest is for a person.

A number of OCDS need not be the office's, nor the decision's: letters are marked as told by a notice and no decision
is given a number, so that one which an office's ledger may tell too is doubtful. The project is the process by its
ocid, under which its bids stand; no ocid gainsays a project's own number (``credit.oversight.tellings``).

Law: 财政部令第94号 21, 29–32, 37; DOMAIN §6.6, §9 Q1, Q2, Q27.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintLaw, ComplaintOutcome
from credit.model.party import PartyId, Role
from credit.model.record import Authority, Source
from credit.model.statements import ComplaintInRow, LoadRow
from credit.model.when import SHANGHAI
from credit.oversight.outcomes import REJECTED, UPHELD
from importers.cells import day, folded
from importers.complaint_items import items_in
from importers.complaint_outcomes import cited_in, outcome_words, told_outcome
from importers.foreign import MAINLAND, word
from importers.instants import instant_of
from importers.ocds_merge import shown
from importers.ocds_parties import Directory
from importers.schemes import Schemes
from importers.shapes import is_list, is_object, object_in, objects_in
from importers.source import Rejected, Row, Strict, refused

_Json = Mapping[str, Any]
_Doubts = tuple[tuple[str, str], ...]
_NUMBERS: Final = ("complaintNumber", "complaintID", "id")
_FILED: Final = ("dateEscalated", "dateSubmitted", "date")
_TEXTS: Final = ("resolution", "decision", "rejectReasonDescription")
_ABROAD: Final = ("foreign:", "lei:")
_ISO_DAY: Final = 10


class State(StrEnum):
    """What a code of the extension says of a complaint."""

    OPEN = "open"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    UPHELD = "upheld"


_WORDS: Final = {State.REJECTED: ("驳回", REJECTED), State.UPHELD: ("成立", UPHELD)}


class ComplaintWords(Strict):
    """The words of complaints in ``ocds.toml``: roles, types, states, and which office decides under which law."""

    complainants: frozenset[str]
    respondents: frozenset[str]
    offices: frozenset[str]
    claims: frozenset[str]
    drafts: frozenset[str]
    statuses: Mapping[str, State]
    laws: Mapping[ComplaintLaw, tuple[str, ...]]


def complaints_in(
    row: Row, process: _Json, *, words: ComplaintWords, schemes: Schemes, source: Source
) -> Iterator[LoadRow | Rejected]:
    """Yield each complaint of a process once, read or rejected."""
    told = [*objects_in(process, "complaints"), *objects_in(object_in(process, "tender"), "complaints")]
    told += [c for award in objects_in(process, "awards") for c in objects_in(award, "complaints")]
    for text in dict.fromkeys(json.dumps(c, sort_keys=True, default=str, ensure_ascii=False) for c in told):
        complaint: dict[str, Any] = json.loads(text)
        try:
            directory = Directory.of(row["ocid"], process, schemes)
            yield _Reader(row=row, process=process, words=words, told=complaint, directory=directory).read(source)
        except Malformed as error:
            raw = {"ocid": row["ocid"], "complaint": json.dumps(shown(complaint), ensure_ascii=False)}
            yield replace(refused(row, error), raw=raw)


@dataclass(frozen=True, slots=True)
class _Reader:
    row: Row
    process: _Json
    words: ComplaintWords
    told: _Json
    directory: Directory

    def read(self, source: Source) -> LoadRow:
        """Read the complaint.

        Raises: FieldInvalid where it is none, or who complains, to whom, or when is not certain.
        """
        self._must_be_filed()
        office = self._office()
        number = next((str(self.told[k]).strip() for k in _NUMBERS if self.told.get(k)), "")
        filed = next((self.told[k] for k in _FILED if self.told.get(k)), None)
        on = _day(filed, "投诉日期")
        if not number or on is None:
            raise FieldInvalid("投诉没有编号或日期，请人工录入", "the complaint has no number or no date")
        respondents, left_out = self._respondents()
        events, doubts = self._ended()
        letter = Complaint(
            complaint_no=number,
            complainants=self._complainants(),
            respondents=respondents,
            project_no=self.row["ocid"],
            law=self._law(office),
            office=office,
            filed_on=on,
            items=self._items(),
            source=replace(source, kind="notice"),
        )
        return LoadRow(
            row=self.row.number,
            parties=self.directory.named,
            complaints=(ComplaintInRow(content=letter, events=events),),
            doubts=(*left_out, *doubts),
        )

    def _must_be_filed(self) -> None:
        """Let a complaint pass that went to the review body: a draft is none, nor is a claim to the purchaser."""
        kind, status = word(str(self.told.get("type") or "")), word(str(self.told.get("status") or ""))
        escalated = bool(self.told.get("dateEscalated"))
        if kind in self.words.claims or (not escalated and status in self.words.drafts):
            raise FieldInvalid(
                "是向采购人提出的质疑，或尚未提起，不是投诉，不入台账",
                "a claim to the purchaser, or not filed yet: no complaint, not in the ledger",
            )

    def _office(self) -> Authority:
        """Return the one review body, which must be the mainland's.

        Raises: FieldInvalid.
        """
        named = object_in(self.told, "reviewBody")
        bodies = (
            [named] if named else [p for p in objects_in(self.process, "parties") if self._plays(p, self.words.offices)]
        )
        names = {str(body.get("name") or "").strip() for body in map(self.directory.of_whom, bodies)} - {""}
        if len(names) != 1:
            raise FieldInvalid(
                "没有写明受理投诉的机关（reviewBody），或不止一个，请人工录入",
                "the review body is not named, or there are several: a person must enter it",
            )
        code, country = self.directory.sure(bodies[0]), object_in(self.directory.of_whom(bodies[0]), "address")
        found = self.directory.schemes.countries.code_of(str(country.get("countryName") or ""))
        if found not in {None, MAINLAND} or (code or "").startswith(_ABROAD):
            raise FieldInvalid(
                "受理机关在境外，不适用94号令，不入台账",
                "the review body is abroad: not under 94号令, not in the ledger",
            )
        return Authority(name=redact(names.pop()), id=code)

    def _law(self, office: Authority) -> ComplaintLaw:
        """Return the law that an office decides under.

        Raises: FieldInvalid where its name fits none, or both.
        """
        found = [law for law, words in self.words.laws.items() if any(part in office.name for part in words)]
        if len(found) != 1:
            raise FieldInvalid(
                f"不能确定“{office.name}”依哪部法律处理投诉，请人工录入",
                f"under which law {office.name!r} decides is not certain: a person must enter it",
            )
        return found[0]

    def _complainants(self) -> tuple[PartyId, ...]:
        """Return who complains, each by a register's number.

        Raises: FieldInvalid where nobody is named so, or somebody by name alone (Q27).
        """
        single = [self.told[k] for k in ("author", "complainant") if is_object(self.told.get(k))]
        named = [*single, *objects_in(self.told, "complainants")]
        named += [p for p in objects_in(self.told, "intervenes") if self._plays(p, self.words.complainants)]
        found = [self.directory.sure(party) for party in named]
        if not found or None in found:
            raise FieldInvalid(
                "投诉人没有登记机关的号码；仅凭名称不能确定身份（Q27），请人工录入",
                "a complainant without a register's number: a name alone is no identification (Q27)",
            )
        return tuple(dict.fromkeys(PartyId(self.directory.member(party, Role.SUPPLIER)) for party in named))

    def _respondents(self) -> tuple[tuple[PartyId, ...], _Doubts]:
        """Return against whom it is, by numbers; those known by name alone are left out, and a person reads of it."""
        named = [p for p in objects_in(self.told, "intervenes") if self._plays(p, self.words.respondents)]
        sure = [p for p in named if self.directory.sure(p) is not None]
        zh = "被投诉人只有名称，没有登记机关的号码，未登记，请人工核对（Q27）"
        doubts: _Doubts = (
            ((zh, "respondents known by name alone were left out (Q27)"),) if len(sure) < len(named) else ()
        )
        ids = (PartyId(self.directory.member(p, Role.PURCHASER)) for p in sure)
        return tuple(dict.fromkeys(ids)), doubts

    def _plays(self, party: _Json, roles: frozenset[str]) -> bool:
        """Whether a party is told in one of the roles, here or where the process describes it."""
        told = (party.get("roles"), party.get("role"), self.directory.of_whom(party).get("roles"))
        listed = [r for roles_ in told for r in (roles_ if is_list(roles_) else [roles_])]
        return any(word(str(role)) in roles for role in listed if role)

    def _items(self) -> tuple[str, ...]:
        text = str(self.told.get("description") or self.told.get("title") or "")
        return items_in(redact(text))

    def _ended(self) -> tuple[tuple[ComplaintEvent, ...], _Doubts]:
        """Return how it ended where that is certain, else what a person must read."""
        told = [str(self.told[k]) for k in ("status", "resolutionType") if self.told.get(k)]
        states = {self.words.statuses.get(word(text)) for text in told}
        closed = states - {State.OPEN}
        if not closed and states:
            return (), ()
        state = next(iter(closed)) if len(closed) == 1 else None
        try:
            return ((self._event(state),), ()) if state is not None else ((), _unclear(told, ""))
        except FieldInvalid as error:
            return (), _unclear(told, f"（{error.zh}）")

    def _event(self, state: State) -> ComplaintEvent:
        """Return what ended it.

        Raises: FieldInvalid where its day or its outcome is not certain.
        """
        if state is State.WITHDRAWN:
            on = _day(self.told.get("dateCancelled") or self.told.get("dateCanceled"), "撤回日期")
            return ComplaintEvent(kind=ComplaintEventKind.WITHDRAWN, on=_needed(on))
        on = _needed(_day(self.told.get("dateDecision"), "处理决定日期"))
        if state is State.NOT_ACCEPTED:
            return ComplaintEvent(kind=ComplaintEventKind.NOT_ACCEPTED, on=on)
        return ComplaintEvent(kind=ComplaintEventKind.DECIDED, on=on, outcome=self._outcome(state))

    def _outcome(self, state: State) -> ComplaintOutcome:
        texts = [str(self.told[k]) for k in _TEXTS if self.told.get(k)]
        plain, fitting = _WORDS[state]
        said = next((text for text in texts if folded(text) in outcome_words().ledger), plain)
        basis = "；".join(text for text in texts if cited_in(text))
        outcome = told_outcome(said, basis)
        if outcome is None or outcome not in fitting:
            raise FieldInvalid("结果与依据不一致", "outcome and article contradict each other")
        return outcome


def _needed(on: date | None) -> date:
    if on is None:
        raise FieldInvalid("没有相应的日期", "the day on which it came is not told")
    return on


def _unclear(told: Sequence[str], why: str) -> _Doubts:
    zh = f"投诉的处理结果“{'、'.join(told)}”不能确定{why}，未登记，请人工录入"
    return ((zh, f"how the complaint ended ({', '.join(told)}) is not certain: a person must enter it"),)


def _day(value: Any, name: str) -> date | None:
    """Return the day that an instant has in Shanghai; a plain day as it is.

    Raises: FieldInvalid of an instant without an offset.
    """
    text = str(value or "").strip()
    if len(text) <= _ISO_DAY:
        return day(text, name)
    found = instant_of(text, name)
    return found.astimezone(SHANGHAI).date() if found is not None else None
