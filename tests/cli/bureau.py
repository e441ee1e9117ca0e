"""A small invented ledger, kept through the registry's own door: who complains, how it ended, what offices did.

Every day in it lies before `NOW`, whatever the machine's day is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from typer.testing import CliRunner, Result

from credit.callers import CallerStatement
from credit.cli import complainants, officers, reporting
from credit.cli.checking import CALLER
from credit.cli.frame import make_app
from credit.model.caller import Scope
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome, ItemOutcome
from credit.model.matter import Content, MatterKind
from credit.model.matters import (
    Attention,
    Case,
    CaseEvent,
    CaseEventKind,
    CaseKind,
    Correction,
    CorrectionEvent,
    CorrectionEventKind,
    Rung,
)
from credit.model.party import Contact, PartyId, PartyKind, RelationKind
from credit.model.record import Authority, Category, Level, Penalty, PenaltyKind, Source
from credit.model.statements import Outcome, PartyStatement, RecordStatement, RelationStatement
from credit.model.when import When
from credit.registry.matters import Opening
from credit.sample.numbers import credit_code, identity_number
from credit.settings import Settings
from credit.wiring import Services, SystemClock, open_graph, rules_of, services_over

NOW: Final = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZIYANG: Final = Authority("资阳市财政局", region="512000", level=Level.CITY)
CHENGDU: Final = Authority("成都市财政局", region="510100", level=Level.CITY)
SICHUAN: Final = Authority("四川省财政厅", region="510000", level=Level.PROVINCE)
QINGDAO: Final = Authority("青岛市财政局", region="370200", level=Level.CITY)
POLICE: Final = Authority("资阳市公安局", region="512000", level=Level.CITY)
SECTION: Final = Authority("资阳市财政局采购科", region="512000", level=Level.CITY)
"""The same office under the name of its section, as another source tells it."""
NOWHERE: Final = Authority("某某财政局")
SERIAL, SHELL, OTHER, HONEST, BUYER = (PartyId(credit_code(n)) for n in (71, 72, 73, 74, 75))
NAMES: Final = {
    SERIAL: "青澜云溪科技有限公司",
    SHELL: "青澜云帆信息技术有限公司",
    OTHER: "青澜云起商贸有限公司",
    HONEST: "青澜白榆仪器有限公司",
    BUYER: "青澜市第二人民医院",
}
PERSON: Final = "张示〇一"
UNFOUNDED: Final = ComplaintOutcome.REJECTED_UNFOUNDED
Course = tuple[str, str | None, ComplaintOutcome]
"""Filed on, decided on (None: not yet), and how."""
EVIL: Final = '=HYPERLINK("x")<script>alert(1)</script>'
"""What a complainant may write for a number, to the harm of whoever opens the report."""


class Fixed(SystemClock):
    """`NOW`, for ever."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Bureau:
    """The registry that was filled, the keys of officers, and the commands over it."""

    data: Path
    keys: dict[str, Path]
    callers: dict[str, str]

    def run(self, *words: str, env: dict[str, str] | None = None) -> Result:
        app = make_app("test")
        app.add_typer(complainants.app, name="complainants")
        app.add_typer(reporting.app)
        app.add_typer(officers.app)
        settings = {"CREDIT_GRAPH_MEMORY": "512m", "CREDIT_KEY": ""} | (env or {})
        return CliRunner().invoke(app, [*words, "--data", str(self.data)], env=settings)


async def fill(data: Path) -> Bureau:
    """Fill a registry below a directory."""
    settings = Settings(data=data, graph_memory="512m")
    async with open_graph(settings) as (store, table):
        services = services_over(store, settings, rules=rules_of(settings), table=table, clock=Fixed())
        person = await _parties(services)
        await _letters(services, person)
        await _acts(services)
        made = {name: await _key(services, data, office) for name, office in _OFFICERS.items()}
        files = {name: file for name, (file, _) in made.items()}
        ids = {name: caller for name, (_, caller) in made.items()}
        return Bureau(data, files, ids)


_OFFICERS: Final = {"ziyang": ZIYANG, "chengdu": CHENGDU, "police": POLICE, "sichuan": SICHUAN}


async def _key(services: Services, data: Path, office: Authority) -> tuple[Path, str]:
    said = CallerStatement(name=office.name, scopes=frozenset({Scope.READ, Scope.RECORD}), authority=office)
    caller, key = await services.gate.make(said)
    file = data / f"{office.name}.key"
    file.write_text(key + "\n", encoding="utf-8")
    return file, caller.id


async def _parties(services: Services) -> str:
    phone = (Contact("phone", "0999-5550000"),)
    firms = [
        PartyStatement(id=id_, kind=PartyKind.ORGANISATION, name=name, contacts=phone if id_ in {SERIAL, SHELL} else ())
        for id_, name in NAMES.items()
    ]
    _sound(await services.registry.register(CALLER, firms))
    human = PartyStatement(id=None, kind=PartyKind.PERSON, name=PERSON, identity_number=identity_number(71))
    (person,) = _sound(await services.registry.register(CALLER, [human]))
    leads = [
        RelationStatement(kind=RelationKind.UNIT_LEADER, source=person, target=firm, since=date(2020, 1, 1))
        for firm in (SERIAL, OTHER)
    ]
    _sound(await services.registry.relate(CALLER, leads))
    return person


async def _letters(services: Services, person: str) -> None:
    """Three unproven letters of one in two provinces, two of a linked one, one upheld, one open, one of a person."""
    upheld = ComplaintOutcome.UPHELD_EFFECT
    for n, (office, filed, decided) in enumerate(_SERIAL):
        await letter(services, f"投{n}号", SERIAL, office, (filed, decided, UNFOUNDED))
    await letter(services, "投0号", SERIAL, SECTION, ("2026-02-02", None, UNFOUNDED))
    for n, filed in enumerate(("2026-02-03", "2026-04-08", "2026-06-09")):
        await letter(services, f"云帆{n}号", SHELL, ZIYANG, (filed, None, UNFOUNDED))
    await letter(services, "云起1号", OTHER, ZIYANG, ("2026-03-16", "2026-04-20", UNFOUNDED))
    for n, filed in enumerate(("2026-01-12", "2026-05-11", "2026-07-06")):
        await letter(services, f"白榆{n}号", HONEST, CHENGDU, (filed, filed, upheld))
    await letter(services, EVIL, PartyId(person), ZIYANG, ("2026-08-03", None, UNFOUNDED))
    await letter(services, "别处1号", HONEST, NOWHERE, ("2026-05-06", None, UNFOUNDED))
    await letter(services, "旧1号", HONEST, ZIYANG, ("2025-03-03", "2025-04-01", UNFOUNDED))
    await letter(services, "旧2号", HONEST, ZIYANG, ("2025-11-03", None, UNFOUNDED))


_ITEMS: Final = {
    "投": "评标委员会对中标供应商业绩证明材料的认定有误",
    "云": "采购文件将特定行业的奖项作为加分条件",
    "白": "开标记录与公示的报价不一致请求核查",
    "=": "中标结果公告没有载明评审专家名单",
    "别": "供应商资格审查结果未在规定时间告知",
    "旧": "质疑答复超过法定期限且内容不完整",
}
_SERIAL: Final = (
    (ZIYANG, "2026-02-02", "2026-03-10"),
    (QINGDAO, "2026-04-01", "2026-05-11"),
    (ZIYANG, "2026-06-01", "2026-07-06"),
)


async def letter(services: Services, number: str, who: PartyId, office: Authority, course: Course) -> None:
    """Record a letter of one item, and its decision where it has one."""
    filed, decided, outcome = course
    item = _ITEMS[number[0]]
    content = Complaint(
        complaint_no=number, complainants=(who,), respondents=(BUYER,), project_no=f"N51{number[:3]}", office=office,
        filed_on=date.fromisoformat(filed), received_on=date.fromisoformat(filed), items=(item,), participated=True,
    )  # fmt: skip
    held = await opened(services, MatterKind.COMPLAINT, content)
    if decided is not None:
        said = ComplaintEvent(
            kind=ComplaintEventKind.DECIDED, on=date.fromisoformat(decided), outcome=outcome,
            items=(ItemOutcome(1, outcome),), doc_no=f"{number}决定",
        )  # fmt: skip
        _sound([await services.handling.follow_up(CALLER, MatterKind.COMPLAINT, held, said)])


async def _acts(services: Services) -> None:
    """A late penalty and one in time, a case that awaits the police, an overdue and a repeated order, a rung."""
    for number, published in (("资财采罚〔2026〕1号", "2026-03-20"), ("资财采罚〔2026〕2号", "2026-03-04")):
        said = Penalty(
            doc_no=number, authority=ZIYANG, decided_on=date(2026, 3, 2), violation="提供虚假材料谋取中标",
            category=Category.FALSE_MATERIALS, kinds=(PenaltyKind.FINE,),
            published_on=When.of(date.fromisoformat(published)),
        )  # fmt: skip
        record = RecordStatement(party=OTHER, content=said, source=Source("资阳市财政局", kind="ledger"))
        _sound(await services.registry.record(CALLER, [record]))
    case = Case(
        case_no="资财采查〔2026〕1号", kind=CaseKind.LEAD, parties=(SERIAL,), authority=ZIYANG,
        opened_on=date(2026, 4, 28), summary="疑似收取撤诉费",
    )  # fmt: skip
    held = await opened(services, MatterKind.CASE, case)
    over = CaseEvent(kind=CaseEventKind.TRANSFERRED, on=date(2026, 5, 6), to=POLICE, due_on=date(2026, 6, 5))
    _sound([await services.handling.follow_up(CALLER, MatterKind.CASE, held, over)])
    for number, issued, due in _ORDERS:
        order = Correction(
            order_no=number, party=BUYER, authority=ZIYANG, issued_on=date.fromisoformat(issued),
            due_on=date.fromisoformat(due), items=("公告期限不足",),
        )  # fmt: skip
        held = await opened(services, MatterKind.CORRECTION, order)
        if number.endswith("1号"):
            done = CorrectionEvent(kind=CorrectionEventKind.DONE, on=date.fromisoformat(due))
            _sound([await services.handling.follow_up(CALLER, MatterKind.CORRECTION, held, done)])
    rung = Attention(
        party=SHELL, rung=Rung.REMINDER, authority=ZIYANG, on=date(2026, 6, 15), until=date(2026, 12, 14),
        reason="投诉事项反复缺乏事实依据",
    )  # fmt: skip
    await opened(services, MatterKind.ATTENTION, rung)


_ORDERS: Final = (
    ("资财采改〔2026〕1号", "2026-01-05", "2026-01-19"),
    ("资财采改〔2026〕2号", "2026-06-01", "2026-06-15"),
)


async def opened(services: Services, kind: MatterKind, content: Content) -> str:
    (held,) = _sound([await services.handling.open(CALLER, Opening(kind=kind, content=content))])
    return held


def _sound(outcomes: Iterable[Outcome]) -> list[str]:
    """Return the ids of what was written; what was refused fails the test."""
    told = list(outcomes)
    for outcome in told:
        if outcome.error is not None:
            raise outcome.error
    return [outcome.id for outcome in told]
