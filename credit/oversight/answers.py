"""Which letters a decision has answered: those that the proposal it names rests on, else what its own words tell.

A decision under 37¶1 answers every letter decided by its day. One that may be such a decision makes these letters
doubtful (Q2), one under 37¶2 those alone in which something was found; one on another act says nothing of any letter.
What was entered in error answered nothing; whether letters of which the decision was annulled, or the entry taken off,
may be decided upon anew is for a person. An event counts from its own day on, so that earlier days stay as they were.

Law: 财政部令第94号 37; 采购法 77; 条例 72, 73; DOMAIN §2 L01, L02, §9 Q2.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Final, Self

from credit.model.complaint import ComplaintEventKind
from credit.model.matter import Matter, MatterId
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalKind
from credit.model.naturalkey import normal
from credit.model.record import (
    BanScope,
    Category,
    EventKind,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    Record,
    RecordId,
    without_put_back,
)
from credit.oversight.letters import Letter
from credit.oversight.offices import decides
from credit.rules.grounds import tells
from credit.rules.numerals import NUMBER, SIGNS, number_in
from credit.rules.standing import as_amended
from credit.rules.thresholds import Thresholds

HeldProposal = Matter[Proposal, ProposalEvent]
_FIXED: Final = frozenset({MatchedBy.IDENTIFIER, MatchedBy.ORGANISATION_CODE})
_ENDS_ENTRY: Final = frozenset({EventKind.ANNULLED, EventKind.REMOVED, EventKind.LIFTED})
_BARE: Final = re.compile(
    rf"(?<=[法例令号》)])第?(?P<article>{NUMBER})(?:¶(?P<paragraph>{NUMBER}))?(?![\d{SIGNS}万亿元年月日条款项号个次家倍¶.])"
)
"""An article right behind an instrument, in a short form: a number of articles or terms is not one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Which letters count no more, and of which a person must say whether they do.

    ``counted``, ``punished``: ids of letters that proposals answered, declined or become records. The first are for the
    count of 37¶1, by a proposal of either kind; the second for the routes of 37¶2, by one of a ban alone, for that
    somebody is listed for the number of letters says nothing of what was fabricated in one. ``perhaps``: those of
    proposals whose decision was annulled.

    ``through``, ``perhaps_through``: the last day by which letters were decided that an entry answers, or may;
    ``false_through`` the same for letters alone in which something was found. None: there is no such entry.
    """

    counted: frozenset[MatterId] = frozenset()
    punished: frozenset[MatterId] = frozenset()
    perhaps: frozenset[MatterId] = frozenset()
    through: date | None = None
    perhaps_through: date | None = None
    false_through: date | None = None

    def surely(self, ordered: Iterable[Letter]) -> frozenset[MatterId]:
        """Return the ids, under which letters are told, of those that count no more for 37¶1."""
        inside = (x for x in ordered if self.through is not None and _decided(x) <= self.through)
        return self.counted | _ids(inside)

    def doubtfully(self, ordered: Iterable[Letter], thresholds: Thresholds) -> frozenset[MatterId]:
        """Return the ids of those that may count no more."""
        return self.perhaps | _ids(letter for letter in ordered if self._may_answer(letter, thresholds))

    def _may_answer(self, letter: Letter, thresholds: Thresholds) -> bool:
        """Whether an entry may be on a letter: also on a decision of it that was undone and made anew since."""
        days = [e.on for e in letter.held.events if e.kind is ComplaintEventKind.DECIDED]
        first = min([_decided(letter), *days])
        found = bool(letter.standing.outcomes & thresholds.malicious)
        ends = (self.through, self.perhaps_through, self.false_through if found else None)
        return any(end is not None and first <= end for end in ends)


def answered(
    proposals: Iterable[HeldProposal],
    records: Iterable[Record],
    *,
    until: date,
    thresholds: Thresholds,
    told_until: date | None = None,
) -> Answered:
    """Return the letters that were answered by the end of a day; both are all of one complainant's.

    ``records`` may leave out what has none of `words_of_answers`. ``told_until``: the last day of the officers' answers
    and of what became of the decisions on them, ``until`` where it is None: nothing is proposed again that was answered
    on whatever day, while a profile is that of its own day.
    """
    read, held = list(records), list(proposals)
    last = until if told_until is None else told_until
    lives = {record.id: _Life.of(record, until) for record in read}
    decisions = lives if last == until else {record.id: _Life.of(record, last) for record in read}
    declined, recorded, annulled = [list[HeldProposal]() for _ in range(3)]
    for proposal in held:
        done = {e.kind: e.record for e in proposal.events if e.on <= last}
        life = decisions.get(done.get(ProposalEventKind.RECORDED) or RecordId(""))
        if ProposalEventKind.DECLINED in done:
            declined.append(proposal)
        elif ProposalEventKind.RECORDED in done and not (life and life.mistaken):
            (annulled if life and life.annulled else recorded).append(proposal)
    named = {e.record for proposal in held for e in proposal.events if e.record is not None}
    days = _days(lives, named, until, thresholds)
    bans = (p for p in (*declined, *recorded, *annulled) if p.content.kind is ProposalKind.BAN)
    return Answered(
        counted=_facts((*declined, *recorded)),
        punished=_facts(bans),
        perhaps=_facts(annulled),
        through=days.get(_Says.COUNT),
        perhaps_through=days.get(_Says.UNCLEAR),
        false_through=days.get(_Says.FALSE),
    )


def words_of_answers(thresholds: Thresholds) -> tuple[str, ...]:
    """Return words of which one stands in the text of every record that may answer letters: so the store finds them."""
    lists = thresholds.sets["answering_lists"].values
    return (*lists, PenaltyKind.BAD_CONDUCT_LISTING, Category.MALICIOUS_COMPLAINT, BanScope.PROCUREMENT)


def may_answer(record: Record, thresholds: Thresholds) -> bool:
    """Tell whether a record is one of those, as it was recorded or as it was amended."""
    contents = (record.content, as_amended(record, date.max))
    return any(_bears(content, thresholds) for content in contents)


class _Says(StrEnum):
    """What a decision is on: 37¶1, 37¶2, perhaps one of them, another act."""

    COUNT = "count"
    FALSE = "false"
    UNCLEAR = "unclear"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Life:
    """A record as it stood at the end of a day; ``ended``: annulled, or an entry taken off its list."""

    content: Penalty | Listing
    mistaken: bool = False
    annulled: bool = False
    ended: bool = False
    number: str = field(default="")

    @classmethod
    def of(cls, record: Record, until: date) -> Self:
        """Read a record's events up to a day."""
        told = without_put_back([e for e in record.events if e.on.day <= until], lambda on: on.day <= until)
        kinds = {event.kind for event in told}
        content = as_amended(record, until)
        return cls(
            content,
            mistaken=EventKind.ENTERED_IN_ERROR in kinds,
            annulled=EventKind.ANNULLED in kinds,
            ended=bool(kinds & (_ENDS_ENTRY if isinstance(content, Listing) else {EventKind.ANNULLED})),
            number=normal(content.doc_no or ""),
        )

    @property
    def day(self) -> date:
        """The day by which the letters were decided that it may be on."""
        return self.content.listed_on if isinstance(self.content, Listing) else self.content.decided_on


def _bears(content: Penalty | Listing, thresholds: Thresholds) -> bool:
    if isinstance(content, Listing):
        return content.list in thresholds.sets["answering_lists"].values
    barred = content.ban is not None and content.ban.scope is BanScope.PROCUREMENT
    listed = PenaltyKind.BAD_CONDUCT_LISTING in content.kinds
    return listed or barred or content.category is Category.MALICIOUS_COMPLAINT


def _days(
    lives: Mapping[RecordId, _Life], named: set[RecordId], until: date, thresholds: Thresholds
) -> Mapping[_Says, date]:
    """Return by what they say the last day of the decisions that name no proposal.

    What bears the number of one that names a proposal is that decision, told again.
    """
    there = {name: one for name, one in lives.items() if not one.mistaken and one.day <= until}
    known = {one.number for name, one in there.items() if name in named and one.number}
    days: dict[_Says, date] = {}
    for name, one in there.items():
        if name not in named and one.number not in known and _bears(one.content, thresholds):
            beside = [x.content for key, x in there.items() if key != name and one.number and x.number == one.number]
            says = _read(one, beside, thresholds)
            days[says] = max(one.day, days.get(says, one.day))
    return days


def _read(one: _Life, beside: Sequence[Penalty | Listing], thresholds: Thresholds) -> _Says:
    """Say what a decision is on, by its words and those of ``beside``, which tell the same decision.

    Only what surely is a finance department's, on this party, and stands, surely answers.
    """
    content = one.content
    says = _worded([content, *beside], thresholds)
    office = decides(content.authority, thresholds) if content.authority is not None else None
    if says is None:
        silent = office is not False and _may_be_silent(content, thresholds)
        return _Says.UNCLEAR if silent else _Says.NOTHING
    fixed = not isinstance(content, Listing) or content.matched_by in _FIXED
    sure = office is True and fixed and not one.ended
    return _Says.UNCLEAR if says is _Says.COUNT and not sure else says


def _may_be_silent(content: Penalty | Listing, thresholds: Thresholds) -> bool:
    """Whether a decision whose words do not say may be under 37¶1, which lists and neither fines nor bars."""
    if isinstance(content, Listing):
        return content.list in thresholds.sets["bad_conduct_lists"].values
    bars = content.ban is not None or PenaltyKind.BAN in content.kinds
    return PenaltyKind.BAD_CONDUCT_LISTING in content.kinds and not bars and content.fine is None


def _worded(contents: Iterable[Penalty | Listing], thresholds: Thresholds) -> _Says | None:
    """Say by its words what a decision is on; None where they do not say."""
    told = list(contents)
    text = _BARE.sub(_in_full, normal("；".join(chain.from_iterable(map(_words, told)))))
    aside = text
    for phrase in thresholds.sets["complaint_aside"].values:
        aside = aside.replace(phrase, "")
    categories = {one.category for one in told if isinstance(one, Penalty)}
    negations = thresholds.sets["not_told"].values
    count, false, other = (
        tells(text, thresholds.sets[name].values, negations) for name in ("count_told", "false_told", "other_told")
    )
    other |= not categories.isdisjoint(thresholds.sets["other_categories"].values)
    complaint = Category.MALICIOUS_COMPLAINT in categories
    complaint |= tells(aside, thresholds.sets["complaint_told"].values)
    if count and not (false or other):
        return _Says.COUNT
    if false and not (count or other):
        return _Says.FALSE
    if complaint or count:
        return _Says.UNCLEAR
    return _Says.NOTHING if other else None


def _words(content: Penalty | Listing) -> Iterator[str]:
    if isinstance(content, Penalty):
        yield from (content.violation, *content.legal_basis)
        return
    yield content.ground or ""
    if content.basis is not None:
        yield f"{content.basis.instrument}{content.basis.article or ''}"


def _in_full(article: re.Match[str]) -> str:
    """Write an article out as laws do, by which phrases know it.

    >>> _BARE.sub(_in_full, "条例72¶2:未报告;《政府采购法实施条例》七十二;财政部令第94号;条例规定72万元")
    '条例第72条第2款:未报告;《政府采购法实施条例》第72条;财政部令第94号;条例规定72万元'
    """
    whole = f"第{number_in(article['article'])}条"
    return whole if article["paragraph"] is None else f"{whole}第{number_in(article['paragraph'])}款"


def _decided(letter: Letter) -> date:
    """The day by which an entry must have been made to be on a letter."""
    return letter.standing.decided_on or letter.filed_on


def _ids(letters: Iterable[Letter]) -> frozenset[MatterId]:
    return frozenset(name for letter in letters for name in (letter.id, *letter.told))


def _facts(proposals: Iterable[HeldProposal]) -> frozenset[MatterId]:
    return frozenset(chain.from_iterable(p.content.facts for p in proposals))
