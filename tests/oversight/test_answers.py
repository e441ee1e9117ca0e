"""What a decision has answered: by its words where it names no proposal, and what became of it later (94号令 37)."""

import json
from dataclasses import replace
from datetime import date

import pytest

from credit.model.complaint import HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import Proposal, ProposalEvent, ProposalEventKind, ProposalKind
from credit.model.record import (
    BACK,
    GONE,
    Authority,
    Ban,
    BanScope,
    Basis,
    Category,
    Event,
    EventKind,
    Listing,
    MatchedBy,
    Penalty,
    PenaltyKind,
    Record,
    RecordId,
    Source,
)
from credit.model.when import When
from credit.oversight.answers import HeldProposal, answered, may_answer
from credit.oversight.trigger import Trigger, TriggerState, Weight, trigger
from tests.oversight.lodging import HEBEI, RULES, UNFOUNDED, A, day, decided, event, letter

MET, NOT_MET, REVIEW = TriggerState
COUNT = "十二个月内三次以上投诉查无实据"
LISTED = Listing(list="L02", listed_on=date(2026, 4, 1), ground=COUNT, authority=HEBEI)
BANNED = Penalty(
    doc_no="冀财采罚〔2026〕1号",
    authority=HEBEI,
    decided_on=date(2026, 4, 1),
    violation="捏造事实进行投诉",
    category=Category.MALICIOUS_COMPLAINT,
    kinds=(PenaltyKind.BAN, PenaltyKind.BAD_CONDUCT_LISTING),
    ban=Ban(BanScope.PROCUREMENT, months=12),
)


def record(content: Listing | Penalty, *events: Event, name: str = "lst_1") -> Record:
    return Record(RecordId(name), A, content, Source("某市财政局"), 1, "", events)


def befell(kind: EventKind, on: str, reason: str | None = None, **changes: object) -> Event:
    said = json.dumps(changes, ensure_ascii=False) if changes else None
    return Event(f"evt_{kind}_{on}", kind, When(day(on)), reason=reason, changes=said)


def three() -> tuple[HeldComplaint, ...]:
    """Three letters decided by 2026-03-20."""
    days = (("2025-10-10", "2025-11-20"), ("2025-12-01", "2026-01-15"), ("2026-02-09", "2026-03-20"))
    return tuple(decided(filed, on, items=(f"第{n}件",)) for n, (filed, on) in enumerate(days))


def proposal(letters: tuple[HeldComplaint, ...], *events: ProposalEvent) -> HeldProposal:
    said = Proposal(
        party=A, kind=ProposalKind.LIST, rule="MOF94-37-1", facts=tuple(x.id for x in letters),
        made_on=date(2026, 3, 20), office=HEBEI,
    )  # fmt: skip
    return Matter(MatterId("prp_1"), MatterKind.PROPOSAL, said, 9, "", events)


def recorded(on: str = "2026-04-01", name: str = "lst_1") -> ProposalEvent:
    return ProposalEvent(kind=ProposalEventKind.RECORDED, on=day(on), record=RecordId(name))


def found(
    *records: Record,
    letters: tuple[HeldComplaint, ...] | None = None,
    proposals: tuple[HeldProposal, ...] = (),
    as_of: str = "2026-06-01",
) -> Trigger:
    held = three() if letters is None else letters
    done = answered(proposals, records, until=day(as_of), thresholds=RULES)
    return trigger(held, as_of=day(as_of), thresholds=RULES, answered=done)


# ---------------------------------------------------------------- an entry that names no proposal


@pytest.mark.parametrize(
    "content",
    [
        LISTED,
        replace(LISTED, ground="全国范围12个月内 3 次以上投诉"),
        replace(LISTED, ground="该公司多次提起投诉，经审查均查无实据"),
        replace(LISTED, ground=None, basis=Basis("政府采购质疑和投诉办法（财政部令第94号）", "第三十七条第一款")),
        replace(LISTED, ground="违反94号令37条1款"),
        replace(LISTED, basis=Basis("财政部令第94号", "37¶1"), ground="列入不良行为记录名单"),
        replace(LISTED, list="L01"),
        replace(LISTED, matched_by=MatchedBy.ORGANISATION_CODE),
        replace(BANNED, kinds=(PenaltyKind.BAD_CONDUCT_LISTING,), ban=None, category=Category.OTHER, violation=COUNT),
    ],
)
def test_an_entry_for_the_number_of_letters_answers_those_decided_by_its_day(content: Listing | Penalty) -> None:
    told = found(record(content))
    assert (told.state, told.proposal) == (NOT_MET, None)
    assert [x.weight for x in told.letters] == [Weight.LEFT_OUT] * 3


def test_on_days_before_the_entry_its_letters_still_counted() -> None:
    assert found(record(LISTED), as_of="2026-03-31").state is MET
    assert found(record(LISTED), as_of="2026-04-01").state is NOT_MET


def test_a_letter_decided_on_the_day_of_the_entry_is_answered_and_one_of_the_next_day_is_not() -> None:
    letters = three()
    same = found(record(replace(LISTED, listed_on=date(2026, 3, 20))), letters=letters)
    before = found(record(replace(LISTED, listed_on=date(2026, 3, 19))), letters=letters)
    assert (same.by_filing, before.by_filing) == (0, 1)


def test_letters_decided_after_the_entry_make_a_number_of_their_own() -> None:
    later = tuple(decided(f"2026-04-0{n}", f"2026-05-0{n}", items=(f"新{n}",)) for n in (1, 2, 3))
    told = found(record(LISTED), letters=(*three(), *later))
    assert (told.state, told.by_filing) == (MET, 3)
    assert set(told.facts) == {x.id for x in later}


@pytest.mark.parametrize(
    "ground",
    [
        "与其他供应商恶意串通投标",
        "提供虚假材料谋取中标",
        "中标后无正当理由拒不与采购人签订政府采购合同",
        "经投诉查实，与其他供应商串通投标",
        "向采购代理机构行贿",
    ],
)
def test_an_entry_for_another_act_excuses_nobody(ground: str) -> None:
    assert found(record(replace(LISTED, ground=ground))).state is MET


@pytest.mark.parametrize(
    "content",
    [
        replace(LISTED, ground=None),
        replace(LISTED, ground="扰乱政府采购秩序"),
        replace(LISTED, ground="恶意投诉"),
        replace(LISTED, ground="不属于三次以上投诉"),
        replace(LISTED, ground=None, basis=Basis("财政部令第94号", "37")),
        replace(LISTED, ground=f"{COUNT}；并与他人串通投标"),
        replace(LISTED, ground="捏造事实投诉，经查无实据"),
        replace(LISTED, authority=None),
        replace(LISTED, authority=Authority("某县公共资源交易监督管理局")),
        replace(LISTED, authority=Authority("某市住房和城乡建设局")),
        replace(LISTED, matched_by=MatchedBy.NAME),
        replace(BANNED, violation="多次恶意投诉"),
    ],
)
def test_an_entry_that_may_be_for_them_is_for_a_person(content: Listing | Penalty) -> None:
    told = found(record(content))
    assert (told.state, told.questions, told.proposal) == (REVIEW, ("Q2",), None)
    assert {(x.weight, x.question) for x in told.letters} == {(Weight.DOUBTFUL, "Q2")}


@pytest.mark.parametrize(
    "content",
    [
        replace(LISTED, ground=None, list="L01"),
        replace(LISTED, ground=None, authority=Authority("某市住房和城乡建设局")),
        replace(LISTED, list="L03"),
        replace(BANNED, kinds=(PenaltyKind.FINE,), ban=None, category=Category.OTHER, violation=COUNT),
    ],
)
def test_what_37_1_cannot_have_led_to_says_nothing_of_letters(content: Listing | Penalty) -> None:
    assert found(record(content)).state is MET


@pytest.mark.parametrize("kind", [EventKind.ANNULLED, EventKind.REMOVED, EventKind.LIFTED])
def test_an_entry_that_is_no_more_is_for_a_person_from_then_on(kind: EventKind) -> None:
    gone = record(LISTED, befell(kind, "2026-05-01"))
    assert [found(gone, as_of=on).state for on in ("2026-04-30", "2026-05-01")] == [NOT_MET, REVIEW]


def test_an_entry_that_its_list_tells_again_answers_as_before() -> None:
    back = befell(EventKind.REMOVED, "2026-05-01", GONE), befell(EventKind.RESUMED, "2026-05-08", BACK)
    assert found(record(LISTED, *back)).state is NOT_MET


def test_an_entry_made_in_error_answered_nothing() -> None:
    wrong = record(LISTED, befell(EventKind.ENTERED_IN_ERROR, "2026-05-01"))
    assert [found(wrong, as_of=on).state for on in ("2026-04-30", "2026-05-01")] == [NOT_MET, MET]


def test_an_entry_is_read_as_it_was_amended() -> None:
    amended = record(replace(LISTED, ground="串通投标"), befell(EventKind.AMENDED, "2026-05-01", ground=COUNT))
    assert [found(amended, as_of=on).state for on in ("2026-04-30", "2026-05-01")] == [MET, NOT_MET]


def test_a_record_that_became_such_an_entry_is_one_that_may_answer() -> None:
    assert not may_answer(record(replace(LISTED, list="L03")), RULES)
    assert may_answer(record(replace(LISTED, list="L03"), befell(EventKind.AMENDED, "2026-05-01", list="L02")), RULES)


def test_a_ban_for_a_fabricated_letter_leaves_the_others_in_the_count() -> None:
    forged = decided("2026-01-05", "2026-02-05", items=("伪造的",), outcome=UNFOUNDED.REJECTED_FABRICATED)
    told = found(record(BANNED), letters=(*three(), forged))
    assert (told.state, told.by_filing) == (MET, 3)
    assert {x.id: x.weight for x in told.letters}[forged.id] is Weight.DOUBTFUL


def test_an_entry_is_read_with_the_decision_of_its_number() -> None:
    entry = record(replace(LISTED, ground=None, doc_no="冀财采罚〔2026〕8号"))
    other = replace(BANNED, doc_no="冀财采罚[2026]8号", violation="串通投标", category=Category.COLLUSION)
    assert [found(entry).state, found(entry, record(other, name="pen_1")).state] == [REVIEW, MET]


def test_a_letter_decided_anew_after_the_entry_is_for_a_person() -> None:
    first, second, third = three()
    again = replace(third, events=(*third.events, event("reversed", "2026-04-20"),
                                   event("decided", "2026-05-10", UNFOUNDED.value)))  # fmt: skip
    more = decided("2026-04-02", "2026-05-02", items=("新一",)), decided("2026-04-03", "2026-05-03", items=("新二",))
    assert found(letters=(first, second, again, *more)).state is MET
    assert found(record(LISTED), letters=(first, second, again, *more)).state is REVIEW


def test_a_letter_that_is_still_pending_is_not_answered() -> None:
    assert found(record(LISTED), letters=(letter("2026-03-01"),)).letters[0].why.en != RULES.reason("answered").en


REGULATION = "政府采购法实施条例"


@pytest.mark.parametrize(
    "content",
    [
        replace(LISTED, ground="未报告资格变化", basis=Basis(REGULATION, "72")),
        replace(LISTED, ground=None, basis=Basis(REGULATION, "72¶2")),
        replace(LISTED, ground=None, basis=Basis(f"《中华人民共和国{REGULATION}》", "七十二")),
        replace(LISTED, ground="条例72¶2：未报告资格变化"),
        replace(LISTED, ground="条例 72：未报告资格变化"),
        replace(LISTED, ground=f"《{REGULATION}》第七十二条第二款"),
        replace(
            BANNED, kinds=(PenaltyKind.BAD_CONDUCT_LISTING,), ban=None, category=Category.OTHER,
            violation="未报告资格变化", legal_basis=("条例 72¶2",),
        ),
    ],
)  # fmt: skip
def test_an_entry_under_article_72_is_another_act_however_it_is_cited(content: Listing | Penalty) -> None:
    assert found(record(content)).state is MET


def test_a_number_that_is_no_article_is_not_read_as_one() -> None:
    told = found(record(replace(LISTED, ground="按条例72万元以下罚款处理")))
    assert (told.state, told.questions) == (REVIEW, ("Q2",))


# ---------------------------------------------------------------- a decision that names its proposal


def test_what_names_a_proposal_answers_what_that_rests_on_and_no_other_letter() -> None:
    letters = three()
    more = tuple(decided(f"2026-03-0{n}", f"2026-03-2{n}", items=(f"又{n}",)) for n in (1, 2, 3))
    named = proposal(letters, recorded())
    assert found(record(LISTED), letters=letters, proposals=(named,)).state is NOT_MET
    assert found(record(LISTED), letters=(*letters, *more), proposals=(named,)).by_filing == 3


def test_the_same_decision_told_again_answers_no_more_than_what_it_names() -> None:
    letters = three()
    more = tuple(decided(f"2026-03-0{n}", f"2026-03-2{n}", items=(f"又{n}",)) for n in (1, 2, 3))
    own, feed = replace(LISTED, doc_no="冀财采〔2026〕9号"), replace(LISTED, doc_no="冀财采[2026]9号", ground=None)
    told = found(
        record(own), record(feed, name="lst_2"), letters=(*letters, *more), proposals=(proposal(letters, recorded()),)
    )
    assert (told.state, told.by_filing) == (MET, 3)


@pytest.mark.parametrize(("kind", "state"), [(EventKind.ENTERED_IN_ERROR, MET), (EventKind.ANNULLED, REVIEW),
                                             (EventKind.REMOVED, NOT_MET)])  # fmt: skip
def test_what_becomes_of_a_decision_that_names_a_proposal(kind: EventKind, state: TriggerState) -> None:
    letters = three()
    ended, named = record(LISTED, befell(kind, "2026-05-01")), (proposal(letters, recorded()),)
    assert found(ended, letters=letters, proposals=named, as_of="2026-04-30").state is NOT_MET
    assert found(ended, letters=letters, proposals=named).state is state


def test_an_answer_of_a_later_day_is_one_for_what_is_proposed_and_none_in_the_profile_of_today() -> None:
    letters = three()
    declined = proposal(letters, ProposalEvent(kind=ProposalEventKind.DECLINED, on=date(2099, 1, 1)))
    told = [
        answered((declined,), (), until=day("2026-06-01"), thresholds=RULES, told_until=last)
        for last in (None, date.max)
    ]
    assert [one.counted for one in told] == [frozenset(), frozenset(x.id for x in letters)]
