"""What is exported is read back as what was held; what could not be stays out, and is counted."""

import csv
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.cli.exporting import export_double_publicity
from credit.errors import FieldInvalid, Unavailable
from credit.identifiers import redact
from credit.model.caller import Caller
from credit.model.party import Party, PartyId, PartyKind
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Category,
    Event,
    EventKind,
    Level,
    Listing,
    Penalty,
    PenaltyKind,
    Record,
    RecordId,
    SectorLine,
    Source,
)
from credit.model.when import When
from importers.double_publicity import importer
from importers.double_publicity_supplement import differences, supplemented
from importers.export_double_publicity import Exporter, LeftOut, export_penalties
from importers.run import run
from tests.importers.conftest import FakeRegistry
from tests.importers.reading import penalty_of, read_file

Make = Callable[..., str]
EXPORTER = Exporter.load(date(2026, 6, 10))
IMPORTER = importer()
PENALTY = Penalty(
    doc_no="资财采罚〔2026〕7号",
    authority=Authority("资阳市财政局", None, "512000", Level.CITY),
    decided_on=date(2026, 1, 5),
    violation="提供虚假材料谋取中标",
    category=Category.FALSE_MATERIALS,
    kinds=(PenaltyKind.FINE, PenaltyKind.BAN, PenaltyKind.BAD_CONDUCT_LISTING),
    served_on=When.of(date(2026, 1, 6)),
    published_on=When.of(datetime(2026, 1, 7, 1, 30, tzinfo=UTC)),
    fine=Decimal("20000.00"),
    confiscated=Decimal("30.50"),
    sector="food",
    sector_line=SectorLine(date(2026, 1, 1), Decimal("50000.00")),
    legal_basis=("中华人民共和国政府采购法 77¶1", "政府采购法实施条例 73"),
    in_business=True,
    ban=Ban(BanScope.PROCUREMENT, When.of(date(2026, 1, 10)), date(2027, 1, 9), 12),
)


@pytest.fixture
def firm(credit_code: Make) -> Party:
    return Party(PartyId(credit_code(1)), PartyKind.ORGANISATION, "资阳云溪商贸有限公司")


def record(content: Penalty | Listing, party: Party, *events: Event) -> Record:
    return Record(RecordId("pen_1"), party.id, content, Source("某局网站"), 1, "officer", events)


def event(kind: EventKind, on: date = date(2026, 2, 1), changes: str | None = None) -> Event:
    return Event("evt_1", kind, When.of(on), changes=changes)


async def told(*held: tuple[Record, Party]) -> AsyncIterator[tuple[Record, Party]]:
    for one in held:
        yield one


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def back(content: Penalty, party: Party) -> Penalty:
    """Write a row, and read it as it would be read from a file."""
    row = EXPORTER.row(record(content, party), party)
    assert not isinstance(row, LeftOut), row
    return EXPORTER.reader.penalty(EXPORTER.as_read(row))


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
async def test_what_is_exported_is_read_back_as_it_was(firm: Party, tmp_path: Path, name: str) -> None:
    plain = replace(PENALTY, doc_no="资财采罚〔2026〕8号", kinds=(PenaltyKind.WARNING,), ban=None, fine=None)
    done = await export_penalties(
        told((record(PENALTY, firm), firm), (record(plain, firm), firm)), tmp_path / name, EXPORTER
    )
    assert (done.written, done.left_out) == (2, {})
    rows, rejected = read_file(IMPORTER, tmp_path / name)
    assert rejected == []
    assert [row.parties[0].id for row in rows] == [firm.id] * 2
    assert [row.parties[0].name for row in rows] == [firm.name] * 2
    for row, held in zip(rows, (PENALTY, plain), strict=True):
        assert differences(penalty_of(row), held) == set()


async def test_into_the_same_registry_nothing_changes(
    firm: Party, tmp_path: Path, registry: FakeRegistry, caller: Caller
) -> None:
    path = tmp_path / "out.csv"
    await export_penalties(told((record(PENALTY, firm), firm)), path, EXPORTER)
    first = await run("double_publicity", path, registry=registry, caller=caller, rejects_dir=tmp_path / "r")
    again = await run("double_publicity", path, registry=registry, caller=caller, rejects_dir=tmp_path / "r")
    assert (first.read, first.taken, first.rejected) == (1, 1, 0)
    assert (again.read, again.unchanged, again.rejected) == (1, 1, 0)


DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WHENS = DAYS.map(When.of) | INSTANTS.map(When.of)
NAMES = st.text("资阳市财政局采购监督管理办公室甲乙丙", min_size=2, max_size=20)
NUMBERS = st.text("资财采罚〔〕()0123456789号第-", min_size=1, max_size=20).filter(lambda t: redact(t) == t)
TEXTS = st.text(min_size=1, max_size=120).filter(lambda t: any(s.isprintable() and not s.isspace() for s in t))
SUMS = st.none() | st.decimals(0, 10**9, places=2)
SCOPES, STARTS = st.sampled_from(list(EXPORTER.spec.bans)), st.none() | DAYS.map(When.of)
MONTHS, LAST = st.none() | st.integers(1, 1200), st.none() | DAYS
# A term, first and last day that do not agree are no plain ban.
BANS = (
    st.builds(Ban, scope=SCOPES, from_=STARTS, months=MONTHS)
    | st.builds(Ban, scope=SCOPES, until=LAST, months=MONTHS)
    | st.builds(Ban, scope=SCOPES, from_=STARTS, until=LAST)
    | st.builds(Ban, scope=SCOPES, from_=STARTS, indefinite=st.just(value=True))
)
PENALTIES = st.builds(
    Penalty,
    doc_no=NUMBERS,
    authority=st.builds(
        Authority, name=NAMES, id=st.none() | st.just("org:MAF000012"), region=st.none() | st.just("512000")
    ),
    decided_on=DAYS,
    violation=TEXTS,
    category=st.sampled_from(Category),
    kinds=st.lists(st.sampled_from(list(EXPORTER.spec.kinds)), min_size=1, unique=True).map(tuple),
    served_on=st.none() | WHENS,
    published_on=st.none() | WHENS,
    fine=SUMS,
    confiscated=SUMS,
    sector=st.none() | TEXTS,
    sector_line=st.none() | st.builds(SectorLine, checked_on=DAYS, amount=SUMS),
    legal_basis=st.lists(TEXTS | st.sampled_from(PENALTY.legal_basis), max_size=3).map(tuple),
    in_business=st.none() | st.booleans(),
    ban=st.none() | BANS,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(content=PENALTIES.filter(lambda p: not set(p.kinds) <= EXPORTER.not_penalties))
def test_whatever_the_layout_can_hold_comes_back(content: Penalty, firm: Party) -> None:
    masked = replace(
        content, violation=redact(content.violation), legal_basis=tuple(redact(text) for text in content.legal_basis)
    )
    assert differences(back(content, firm), masked) == set()


def test_a_text_with_breaks_and_unseen_signs_comes_back_whole(firm: Party) -> None:
    held = replace(PENALTY, violation="一、提供虚假材料；\n二、\u200b串通投标 \u0007")
    assert differences(back(held, firm), held) == set()


def test_the_layout_itself_says_most_of_it(firm: Party) -> None:
    """What others read who know nothing of the supplement."""
    row = EXPORTER.row(record(PENALTY, firm), firm)
    assert not isinstance(row, LeftOut)
    cells = dict(zip(EXPORTER.header, row, strict=True))
    assert cells["处罚类别"] == "罚款;其他-禁止参加政府采购活动;其他-列入不良行为记录名单;没收违法所得、没收非法财物"
    assert cells["处罚内容"] == (
        "罚款人民币20000.00元；没收违法所得人民币30.50元；列入不良行为记录名单"
        "；12个月内禁止参加政府采购活动，自2026年1月10日起至2027年1月9日止"
    )
    assert (cells["罚款金额(万元)"], cells["没收违法所得、没收非法财物的金额(万元)"]) == ("2.000000", "0.003050")
    assert cells["处罚依据"] == "《中华人民共和国政府采购法》第77条第1款、《政府采购法实施条例》第73条"
    assert (cells["处罚决定日期"], cells["处罚有效期"]) == ("2026/01/05", "2027/01/09")


def test_what_the_columns_say_needs_no_supplement(firm: Party) -> None:
    plain = Penalty("1号", Authority("某局"), date(2026, 1, 5), "违法", Category.OTHER, (PenaltyKind.WARNING,))
    row = EXPORTER.row(record(plain, firm), firm)
    assert not isinstance(row, LeftOut)
    assert row[-1] == ""


@pytest.mark.parametrize("kind", sorted(EventKind))
def test_what_was_withdrawn_is_not_published(firm: Party, kind: EventKind) -> None:
    withdrawn = {EventKind.ANNULLED, EventKind.REPAIRED, EventKind.REMOVED, EventKind.ENTERED_IN_ERROR}
    changes = '{"sector": "toys"}' if kind is EventKind.AMENDED else None
    found = EXPORTER.row(record(PENALTY, firm, event(kind, changes=changes)), firm)
    assert (found is LeftOut.WITHDRAWN) == (kind in withdrawn)


@pytest.mark.parametrize("kind", [EventKind.SUSPENDED, EventKind.LIFTED, EventKind.OBJECTION_OPENED])
def test_a_decision_that_may_not_stand_is_set_aside_where_it_is_read(firm: Party, kind: EventKind) -> None:
    row = EXPORTER.row(record(PENALTY, firm, event(kind)), firm)
    assert not isinstance(row, LeftOut)
    assert EXPORTER.spec.standing[kind] in row[-1]
    with pytest.raises(FieldInvalid, match="已有变化"):
        EXPORTER.reader.penalty(EXPORTER.as_read(row))


def test_an_objection_that_is_closed_is_none(firm: Party) -> None:
    closed = (event(EventKind.OBJECTION_OPENED), event(EventKind.OBJECTION_CLOSED, date(2026, 3, 1)))
    assert EXPORTER.row(record(PENALTY, firm, *closed), firm) == EXPORTER.row(record(PENALTY, firm), firm)
    again = EXPORTER.row(record(PENALTY, firm, *closed, event(EventKind.OBJECTION_OPENED, date(2026, 4, 1))), firm)
    assert not isinstance(again, LeftOut)
    assert "2026-04-01 提出异议" in again[-1]


@pytest.mark.parametrize(("on", "fine"), [(date(2026, 6, 10), "5000.00"), (date(2026, 6, 11), "20000.00")])
def test_an_amendment_counts_from_its_day(firm: Party, on: date, fine: str) -> None:
    held = record(PENALTY, firm, event(EventKind.AMENDED, on, '{"fine": "5000.00"}'))
    content = EXPORTER.content(held)
    assert content is not None
    assert content.fine == Decimal(fine)


def test_persons_stay_out_unless_asked_for_and_their_numbers_always(identity_number: Make) -> None:
    number = identity_number(1)
    masked = number[:10] + "****" + number[14:]
    person = Party(PartyId("person:abc"), PartyKind.PERSON, "某甲乙", identity_masked=masked)
    told = record(replace(PENALTY, violation=f"某甲乙（{number}）提供虚假材料"), person)
    assert EXPORTER.row(told, person) is LeftOut.PERSON
    row = EXPORTER.row(told, person, persons=True)
    assert not isinstance(row, LeftOut)
    assert masked in row
    assert number not in "".join(row)
    with pytest.raises(FieldInvalid, match="请人工核对"):
        IMPORTER.read(EXPORTER.as_read(row), Source(""))


def test_an_identity_number_in_a_text_is_masked(firm: Party, identity_number: Make) -> None:
    number = identity_number(1)
    row = EXPORTER.row(record(replace(PENALTY, violation=f"{number}提供虚假材料\n"), firm), firm)
    assert not isinstance(row, LeftOut)
    assert number not in "".join(row)
    for field in ("doc_no", "sector"):
        held = replace(PENALTY, **{field: number})
        assert EXPORTER.row(record(held, firm), firm) is LeftOut.OTHER


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"ban": Ban(BanScope.MILITARY_PROCUREMENT, months=12)}, LeftOut.BAN),
        ({"ban": Ban(BanScope.PROCUREMENT, months=12, region="512000")}, LeftOut.BAN),
        ({"ban": Ban(BanScope.PROCUREMENT, When.of(datetime(2026, 1, 1, 3, tzinfo=UTC)))}, LeftOut.BAN),
        ({"ban": Ban(BanScope.PROCUREMENT, until=date(2027, 1, 9), months=12, indefinite=True)}, LeftOut.BAN),
        ({"kinds": (PenaltyKind.CRIMINAL, PenaltyKind.FINE)}, LeftOut.OTHER),
        ({"kinds": (PenaltyKind.CORRECTION_ORDER,), "fine": None, "ban": None}, LeftOut.NO_PENALTY),
        ({"violation": "违" * 40_000}, LeftOut.OTHER),
    ],
)
def test_what_would_not_come_back_stays_out(firm: Party, said: dict[str, object], why: LeftOut) -> None:
    assert EXPORTER.row(record(replace(PENALTY, **said), firm), firm) is why


def test_a_body_abroad_stays_out() -> None:
    abroad = Party(PartyId("foreign:GB:coh:06292597"), PartyKind.FOREIGN, "Alder Ltd")
    assert EXPORTER.row(record(PENALTY, abroad), abroad) is LeftOut.ABROAD


@pytest.mark.parametrize(("prefix", "kind"), [("92", PartyKind.INDIVIDUAL_BUSINESS), ("91", PartyKind.ORGANISATION)])
def test_the_party_comes_back_under_its_number(credit_code: Make, tmp_path: Path, prefix: str, kind: PartyKind) -> None:
    code = credit_code(3, prefix=prefix)
    for ident in (code, f"org:{code[8:17]}"):
        party = Party(PartyId(ident), kind, "云溪副食店")
        row = EXPORTER.row(record(PENALTY, party), party)
        assert not isinstance(row, LeftOut)
        (told,) = IMPORTER.read(EXPORTER.as_read(row), Source("")).parties
        assert (told.id, told.kind, told.name) == (ident, kind, party.name)


async def test_counts_say_what_went_in_and_what_stayed_out(firm: Party, tmp_path: Path) -> None:
    held = [
        record(PENALTY, firm),
        record(PENALTY, firm, event(EventKind.SUSPENDED)),
        record(PENALTY, firm, event(EventKind.AMENDED, changes='{"sector": "toys"}')),
        record(PENALTY, firm, event(EventKind.ANNULLED)),
        record(replace(PENALTY, decided_on=date(2025, 12, 31)), firm),
        record(Listing("L01", date(2026, 1, 5)), firm),
    ]
    path = tmp_path / "out.csv"
    done = await export_penalties(told(*((r, firm) for r in held)), path, EXPORTER, since=date(2026, 1, 1))
    assert (done.written, done.changed, done.amended) == (3, 1, 1)
    assert done.left_out == {LeftOut.WITHDRAWN: 1}
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 4


async def test_a_sheet_takes_no_text_for_a_formula(firm: Party, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    held = replace(PENALTY, doc_no="=1+1")
    await export_penalties(told((record(held, firm), firm)), path, EXPORTER)
    rows, _ = read_file(IMPORTER, path)
    assert penalty_of(rows[0]).doc_no == "=1+1"


@pytest.mark.parametrize(("name", "error"), [("out.txt", FieldInvalid), ("none/out.csv", Unavailable)])
async def test_a_file_that_cannot_be_written_is_told(
    firm: Party, tmp_path: Path, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await export_penalties(told(), tmp_path / name, EXPORTER)


async def test_an_export_that_fails_leaves_the_old_file(firm: Party, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[tuple[Record, Party]]:
        yield record(PENALTY, firm), firm
        raise Unavailable("图数据库没有应答", "the graph does not answer")

    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(Unavailable):
        await export_penalties(broken(), path, EXPORTER)
    assert files_in(tmp_path) == ["out.csv"]
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    ("remark", "message"),
    [
        ('登记补充：{"送达时间": "2026-01-06"', "不完整"),
        ('登记补充：{"别的": 1}', "不完整"),
        ('登记补充：{"送达时间": "去年"}', "有误"),
        ("登记补充：" + "[" * 100_000, "不完整"),
        ('登记补充：{"没收金额(元)": "-1.00"}', "不一致"),
        ('登记补充：{"罚款金额(元)": "1.00"}', "不一致"),
        ('登记补充：{"处罚种类": ["warning"]}', "不一致"),
    ],
)
def test_a_supplement_that_is_damaged_or_says_otherwise_sets_the_row_aside(
    firm: Party, remark: str, message: str
) -> None:
    row = EXPORTER.row(record(PENALTY, firm), firm)
    assert not isinstance(row, LeftOut)
    with pytest.raises(FieldInvalid, match=message):
        EXPORTER.reader.penalty(EXPORTER.as_read([*row[:-1], remark]))


@pytest.mark.parametrize("field", ["罚款金额(元)", "没收金额(元)"])
def test_a_supplement_adds_no_sum_that_the_columns_do_not_state(firm: Party, field: str) -> None:
    plain = Penalty("1号", Authority("某局"), date(2026, 1, 5), "违法", Category.OTHER, (PenaltyKind.WARNING,))
    for value in ('"99999999"', "0.01", '"1E+3"', '"许多"'):
        with pytest.raises(FieldInvalid, match="不一致"):
            supplemented(EXPORTER.words, plain, f'登记补充：{{"{field}": {value}}}')
    assert supplemented(EXPORTER.words, plain, f'登记补充：{{"{field}": "0.00"}}').doc_no == "1号"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("2026-01-06"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=100)
@given(told=st.dictionaries(st.sampled_from(sorted(EXPORTER.words.words)), JSON, min_size=1))
def test_no_supplement_breaks_the_import(told: dict[str, object]) -> None:
    """It is taken, or the row is set aside."""
    plain = Penalty("1号", Authority("某局"), date(2026, 1, 5), "违法", Category.OTHER, (PenaltyKind.WARNING,))
    remark = EXPORTER.words.mark + json.dumps(told, ensure_ascii=False)
    with suppress(FieldInvalid):
        assert supplemented(EXPORTER.words, plain, remark).doc_no == plain.doc_no


def test_another_remark_adds_nothing(firm: Party) -> None:
    plain = replace(PENALTY, authority=Authority("某局"), sector=None, sector_line=None, in_business=None)
    plain = replace(plain, served_on=None, published_on=None)
    row = EXPORTER.row(record(plain, firm), firm)
    assert not isinstance(row, LeftOut)
    line: Sequence[str] = [*row[:-1], "送达时间：2026-01-06"]
    assert EXPORTER.reader.penalty(EXPORTER.as_read(line)).served_on is None


class FakeReader:
    """Holds penalties of one authority."""

    def __init__(self, *held: tuple[Record, Party]) -> None:
        self.held = held

    def penalties(self, *, authority: str | None = None) -> AsyncIterator[tuple[Record, Party]]:
        return told(*(self.held if authority in {None, PENALTY.authority.name} else ()))


async def test_the_command_says_what_went_in_and_why_others_did_not(
    firm: Party, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = FakeReader(
        (record(PENALTY, firm), firm),
        (record(PENALTY, firm, event(EventKind.SUSPENDED)), firm),
        (record(PENALTY, firm, event(EventKind.REPAIRED)), firm),
    )
    done = await export_double_publicity(reader, tmp_path / "out.csv", authority=PENALTY.authority.name)
    assert done.written == 2
    said = capsys.readouterr().err
    assert "已导出 2 条" in said
    assert "1 条决定已有变化" in said
    assert "未导出 1 条：已撤销、修复、移出或误录" in said
    assert (await export_double_publicity(reader, tmp_path / "out.csv", authority="别的局")).written == 0
