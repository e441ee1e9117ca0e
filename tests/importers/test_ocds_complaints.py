import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit.model.complaint import ComplaintEventKind, ComplaintLaw, ComplaintOutcome
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.statements import LoadRow
from credit.oversight.letters import letters
from credit.oversight.outcomes import Doubt
from importers.ocds import importer
from importers.source import Rejected
from tests.importers.reading import read_file

IMPORTER = importer()
Make = Callable[..., str]
Json = dict[str, Any]
Read = Callable[..., LoadRow | Rejected]
ARTICLE = "根据《政府采购质疑和投诉办法》（财政部令第94号）第二十九条第（二）项的规定，驳回投诉"


@pytest.fixture
def process(credit_code: Make) -> Json:
    """A tender of the mainland: a purchaser, a bidder, and the finance bureau that decides on complaints."""

    def party(number: int, name: str, *roles: str, prefix: str = "91") -> Json:
        identifier = {"scheme": "CN-USCC", "id": credit_code(number, prefix=prefix)}
        return {"id": f"p{number}", "name": name, "identifier": identifier, "roles": list(roles)}

    return {
        "ocid": "ocds-abc123-0001",
        "id": "1",
        "date": "2024-03-01T00:00:00Z",
        "parties": [
            party(1, "云溪市第一中学", "buyer", prefix="12"),
            party(2, "云溪科技有限公司", "tenderer"),
            party(3, "云溪市财政局", "reviewBody", prefix="11"),
        ],
        "buyer": {"id": "p1"},
        "tender": {"id": "t", "title": "课桌采购", "tenderPeriod": {"endDate": "2024-04-01T12:00:00+08:00"}},
    }


@pytest.fixture
def complaint() -> Json:
    """A complaint that a review body declined under an article that it names."""
    return {
        "id": "TS-2024-1",
        "type": "complaint",
        "author": {"id": "p2", "name": "云溪科技有限公司"},
        "title": "评审有误",
        "description": "1.评审有误\n2.参数有倾向",
        "dateSubmitted": "2024-04-09T17:30:00Z",
        "dateDecision": "2024-05-20",
        "status": "declined",
        "decision": ARTICLE,
    }


@pytest.fixture
def read(tmp_path: Path, process: Json, complaint: Json) -> Read:
    """Read the one complaint of the process, changed."""

    def of(**change: object) -> LoadRow | Rejected:
        process["tender"]["complaints"] = [{**complaint, **change}]
        path = tmp_path / "ocds.json"
        path.write_text(json.dumps({"releases": [process]}, ensure_ascii=False), encoding="utf-8")
        taken, rejected = read_file(IMPORTER, path)
        letters = [row for row in taken if row.complaints]
        return letters[0] if letters else rejected[0]

    return of


def test_a_complaint_is_a_letter_with_its_parties_its_office_and_its_project(read: Read, credit_code: Make) -> None:
    row = read()
    assert isinstance(row, LoadRow)
    letter = row.complaints[0].content
    assert (letter.complaint_no, letter.project_no) == ("TS-2024-1", "ocds-abc123-0001")
    assert letter.complainants == (credit_code(2),)
    assert (letter.office.name, letter.office.id) == ("云溪市财政局", credit_code(3, prefix="11"))
    assert letter.law is ComplaintLaw.PROCUREMENT
    assert letter.filed_on == date(2024, 4, 10)  # 01:30 in Shanghai
    assert letter.items == ("评审有误", "参数有倾向")
    assert letter.source is not None
    assert letter.source.kind == "notice"


def test_no_decision_is_given_the_number_that_a_process_has_for_its_complaint(read: Read) -> None:
    row = read(complaintNumber="T-77")
    assert isinstance(row, LoadRow)
    told = row.complaints[0]
    assert (told.content.complaint_no, [event.doc_no for event in told.events]) == ("T-77", [None])


def test_a_letter_of_a_process_may_be_one_of_the_offices_ledger_by_another_project_number(read: Read) -> None:
    row = read()
    assert isinstance(row, LoadRow)
    told = row.complaints[0]
    own = replace(told.content, complaint_no="云财采投1号", project_no="YX-2024-1", source=None)
    decided = replace(told.events[0], doc_no="云财采决1号")
    held = [
        Matter(MatterId(name), MatterKind.COMPLAINT, content, 1, "x", events=(event,))
        for name, content, event in [("own", own, decided), ("process", told.content, told.events[0])]
    ]
    found = {one.id: one.standing.doubts for one in letters(held, date(2024, 6, 1))}
    assert found == {"own": frozenset(), "process": {Doubt.TOLD_TWICE}}


def test_a_rejection_is_told_by_the_article_that_it_cites(read: Read) -> None:
    row = read()
    assert isinstance(row, LoadRow)
    (event,) = row.complaints[0].events
    assert (event.kind, event.on) == (ComplaintEventKind.DECIDED, date(2024, 5, 20))
    assert event.outcome is ComplaintOutcome.REJECTED_UNFOUNDED
    assert not row.doubts


@pytest.mark.parametrize(
    ("change", "kind", "outcome"),
    [
        ({"status": "invalid"}, ComplaintEventKind.NOT_ACCEPTED, None),
        ({"status": "cancelled", "dateCancelled": "2024-04-20"}, ComplaintEventKind.WITHDRAWN, None),
        (
            {"status": "resolved", "decision": "", "resolution": "成立（影响采购结果）"},
            ComplaintEventKind.DECIDED,
            ComplaintOutcome.UPHELD_EFFECT,
        ),
        (
            {"decision": "", "resolution": "驳回（缺乏事实依据）", "resolutionType": "declined"},
            ComplaintEventKind.DECIDED,
            ComplaintOutcome.REJECTED_UNFOUNDED,
        ),
    ],
)
def test_an_end_that_is_certain_is_told(
    read: Read, change: Json, kind: ComplaintEventKind, outcome: ComplaintOutcome | None
) -> None:
    row = read(**change)
    assert isinstance(row, LoadRow)
    assert [(e.kind, e.outcome) for e in row.complaints[0].events] == [(kind, outcome)]


@pytest.mark.parametrize("status", ["pending", "accepted"])
def test_an_open_complaint_has_no_end_and_no_doubt(read: Read, status: str) -> None:
    row = read(status=status)
    assert isinstance(row, LoadRow)
    assert (row.complaints[0].events, row.doubts) == ((), ())


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "驳回投诉"},
        {"decision": "The complaint is unfounded"},
        {"status": "resolved"},
        {"status": "resolved", "decision": "", "resolution": "成立"},
        {"status": "stopped"},
        {"status": "perhaps"},
        {"status": None},
        {"status": "declined", "resolutionType": "resolved"},
        {"dateDecision": None},
        {"status": "cancelled"},
        {"status": "invalid", "dateDecision": None},
    ],
    ids=str,
)
def test_an_end_that_is_not_certain_goes_to_the_review_and_the_letter_in(read: Read, change: Json) -> None:
    row = read(**change)
    assert isinstance(row, LoadRow)
    assert row.complaints[0].events == ()
    assert "不能确定" in row.doubts[0][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "claim"}, "质疑"),
        ({"type": None, "status": "draft"}, "质疑"),
        ({"author": {"name": "云溪科技有限公司"}}, "Q27"),
        ({"author": None}, "Q27"),
        ({"author": None, "intervenes": [{"id": "p2", "name": "云溪科技有限公司"}]}, "Q27"),
        ({"id": None}, "编号"),
        ({"dateSubmitted": None}, "日期"),
        ({"dateSubmitted": "2024-04-09T17:30:00"}, "时区"),
        ({"description": "2.第二项\n3.第三项"}, "编号"),
    ],
    ids=str,
)
def test_a_complaint_that_is_none_or_not_certain_is_rejected_for_itself(read: Read, change: Json, said: str) -> None:
    row = read(**change)
    assert isinstance(row, Rejected)
    assert said in row.zh
    assert "complaint" in row.raw


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"roles": []}, "受理投诉的机关"),
        ({"name": "云溪市文化馆"}, "哪部法律"),
        ({"address": {"countryName": "Kenya"}}, "境外"),
        ({"identifier": {"scheme": "GB-COH", "id": "01234567"}}, "境外"),
    ],
    ids=str,
)
def test_a_letter_to_an_office_that_is_not_certain_or_abroad_stays_out(
    read: Read, process: Json, body: Json, said: str
) -> None:
    process["parties"][2] |= body
    row = read()
    assert isinstance(row, Rejected)
    assert said in row.zh


def test_a_tendering_supervisor_decides_under_the_other_law(read: Read, process: Json) -> None:
    process["parties"][2]["name"] = "云溪市住房和城乡建设局"
    row = read()
    assert isinstance(row, LoadRow)
    assert row.complaints[0].content.law is ComplaintLaw.BIDDING


def test_who_intervenes_as_a_complainant_complains(read: Read, credit_code: Make) -> None:
    row = read(author=None, intervenes=[{"id": "p2", "roles": ["complainant"]}, {"id": "p1", "roles": ["respondent"]}])
    assert isinstance(row, LoadRow)
    letter = row.complaints[0].content
    assert (letter.complainants, letter.respondents) == ((credit_code(2),), (credit_code(1, prefix="12"),))


def test_an_escalated_claim_was_filed_when_it_was_escalated(read: Read) -> None:
    row = read(type=None, status="pending", dateEscalated="2024-04-12")
    assert isinstance(row, LoadRow)
    assert row.complaints[0].content.filed_on == date(2024, 4, 12)


def test_complaints_of_awards_and_of_the_release_are_read_each_once(
    tmp_path: Path, process: Json, complaint: Json
) -> None:
    process["complaints"] = [complaint]
    process["tender"]["complaints"] = [complaint]
    process["awards"] = [{"id": "a", "status": "pending", "complaints": [{**complaint, "id": "TS-2024-2"}]}]
    path = tmp_path / "ocds.json"
    path.write_text(json.dumps({"releases": [process]}, ensure_ascii=False), encoding="utf-8")
    taken, _ = read_file(IMPORTER, path)
    assert [c.content.complaint_no for row in taken for c in row.complaints] == ["TS-2024-1", "TS-2024-2"]


def test_a_process_that_is_set_aside_takes_no_complaint_with_it(read: Read, process: Json) -> None:
    process["tender"]["tenderPeriod"] = {}
    assert isinstance(read(), LoadRow)


def test_nothing_of_people_goes_to_the_rejects(read: Read) -> None:
    row = read(author={"name": "某某", "contactPoint": {"telephone": "SECRET-1"}})
    assert isinstance(row, Rejected)
    assert "SECRET-1" not in json.dumps(row.raw)
