"""Sources taken in from a server on loopback: what the registry is told, and what is kept of the run."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from credit.errors import StoreUnavailable, TooLarge, Unavailable, Unknown
from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from importers.addresses import Address
from importers.downloading import Bounds
from importers.intake import Intake
from importers.last_runs import Ended, LastRun, last_run
from importers.own_files import alone
from tests.services.web import Reply, Server, serving

Make = Callable[..., str]
PAGE = b"<!DOCTYPE html><html><head><title>404</title></head><body><p>\xe9\xa1\xb5\xe9\x9d\xa2</p></body></html>"


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]
    syncs: list[tuple[str, SyncStatement]]
    fails_at: int | None

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        yield served


@pytest.fixture
def intake(registry: Fake, caller: Caller, tmp_path: Path) -> Intake:
    return Intake(
        registry=registry,
        absences=None,
        caller=caller,
        data=tmp_path,
        rejects_dir=tmp_path / "rejects",
        bounds=Bounds(size=1 << 20, whole=20, quiet=5, pause=0.01, tries=2),
    )


@pytest.fixture
def debtors(credit_code: Make) -> bytes:
    """Two entries of the courts' list."""
    common = {"courtName": "某某人民法院", "publishDate": "2020年07月21日", "disruptTypeName": "违反财产报告制度"}
    rows = [
        {
            **common,
            "iname": "某某有限公司",
            "cardNum": credit_code(n),
            "caseCode": f"（2020）某{n}号",
            "partyTypeName": "1",
        }
        for n in (1, 2)
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def outcomes(registry: Fake) -> list[tuple[str, SyncOutcome]]:
    return [(list_id, sync.outcome) for list_id, sync in registry.syncs]


def told(intake: Intake, source: str = "court_list") -> LastRun:
    last = last_run(intake.data, source)
    assert last is not None
    return last


async def test_a_source_by_url_is_imported_and_its_list_synchronised(
    intake: Intake, registry: Fake, server: Server, debtors: bytes
) -> None:
    server.replies(Reply(body=debtors))
    report = await intake.take("court_list", Address.of(server.url("/shixin.json")))
    assert (report.read, report.taken, report.exit_code) == (2, 2, 0)
    assert outcomes(registry) == [("L03", SyncOutcome.COMPLETE)]
    assert told(intake).place == server.url("/shixin.json")
    assert told(intake).ended is Ended.WHOLE


async def test_every_fact_names_the_url_that_it_was_fetched_from(
    intake: Intake, registry: Fake, server: Server, debtors: bytes
) -> None:
    server.replies(Reply(body=debtors))
    url = server.url("/shixin.json?key=s3cret&page=1").replace("//", "//who:s3cret@")
    await intake.take("court_list", Address.of(url))
    urls = {record.source.url for record in registry.records.values()}
    assert urls == {server.url("/shixin.json?key=***&page=1")}


async def test_what_did_not_change_is_run_over_again_and_synchronises_its_list(
    intake: Intake, registry: Fake, server: Server, debtors: bytes
) -> None:
    server.replies(Reply(body=debtors, headers={"ETag": '"1"'}), Reply(304, length=None))
    await intake.take("court_list", Address.of(server.url()))
    report = await intake.take("court_list", Address.of(server.url()))
    assert (report.read, report.taken, report.unchanged) == (2, 0, 2)
    assert outcomes(registry) == [("L03", SyncOutcome.COMPLETE)] * 2


@pytest.mark.parametrize(
    "gone",
    [Reply(404), Reply(410), Reply(500), Reply(body=b"[{", length=900), Reply(body=b"x" * 100, length=2 << 20)],
    ids=["not found", "gone", "fault", "cut off", "too large"],
)
async def test_a_list_that_cannot_be_fetched_has_failed_and_its_rows_stay(
    intake: Intake, registry: Fake, server: Server, debtors: bytes, gone: Reply
) -> None:
    server.replies(Reply(body=debtors), gone)
    await intake.take("court_list", Address.of(server.url()))
    with pytest.raises((Unavailable, TooLarge)):
        await intake.take("court_list", Address.of(server.url()))
    assert outcomes(registry)[1:] == [("L03", SyncOutcome.FAILED)]
    assert len(registry.records) == 2
    assert (told(intake).ended, told(intake).counts) == (Ended.FAILED, None)
    assert told(intake).why_zh
    assert told(intake).why_en


async def test_a_page_of_excuses_in_the_place_of_a_list_fails_its_sync(
    intake: Intake, registry: Fake, server: Server, debtors: bytes
) -> None:
    html = {"Content-Type": "text/html"}
    server.replies(Reply(body=debtors), Reply(body=PAGE, headers=html))
    await intake.take("court_list", Address.of(server.url()))
    report = await intake.take("court_list", Address.of(server.url()))
    assert (report.exit_code, report.read) == (2, 0)
    assert outcomes(registry)[1:] == [("L03", SyncOutcome.FAILED)]
    assert told(intake).why_zh


@pytest.mark.parametrize("body", [PAGE, b"", b"PK\x03\x04 no workbook"], ids=["page", "empty", "no workbook"])
async def test_what_is_no_table_writes_nothing(intake: Intake, registry: Fake, server: Server, body: bytes) -> None:
    server.replies(Reply(body=body))
    report = await intake.take("company_register", Address.of(server.url()))
    assert report.exit_code == 2
    assert not registry.parties
    assert told(intake, "company_register").ended is Ended.FAILED


async def test_rejected_rows_are_counted_in_what_is_kept(intake: Intake, server: Server, credit_code: Make) -> None:
    server.replies(Reply(body=f"name,code\n某某有限公司,{credit_code(1)}\n无码有限公司,x\n".encode()))
    await intake.take("company_register", Address.of(server.url()))
    last = told(intake, "company_register")
    assert last.ended is Ended.PARTLY
    assert last.counts is not None
    assert (last.counts.read, last.counts.taken, last.counts.rejected) == (2, 1, 1)


async def test_a_store_that_fails_is_kept_too(intake: Intake, registry: Fake, server: Server, debtors: bytes) -> None:
    server.replies(Reply(body=debtors))
    registry.fails_at = 1
    with pytest.raises(StoreUnavailable):
        await intake.take("court_list", Address.of(server.url()))
    assert outcomes(registry) == [("L03", SyncOutcome.FAILED)]
    assert told(intake).ended is Ended.FAILED


async def test_an_unknown_source_is_never_fetched(intake: Intake, server: Server) -> None:
    with pytest.raises(Unknown):
        await intake.take("no_such", Address.of(server.url()))
    assert not server.asked


async def test_one_source_is_fetched_by_one_process_at_once(intake: Intake, registry: Fake, server: Server) -> None:
    with alone(intake.data / "fetched" / "court_list" / ".lock", "", ""), pytest.raises(Unavailable, match="另一进程"):
        await intake.take("court_list", Address.of(server.url()))
    assert not server.asked
    assert not registry.syncs
    assert last_run(intake.data, "court_list") is None
