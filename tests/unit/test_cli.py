"""The command line's pure parts: what it reads, what it asks, how it answers and with which exit code."""

import base64
import json
import re
import shlex
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openpyxl import Workbook, load_workbook
from typer.main import get_command
from typer.testing import CliRunner

from credit.cli import banner
from credit.cli.bidders import Bidder, bidders_of, read_bidders
from credit.cli.checking import Asking, activity_of, bids_of, code_of
from credit.cli.commands import app
from credit.cli.serving import environment_of, take_port
from credit.cli.showing import write_workbook
from credit.errors import FieldInvalid, LayoutDrift, Unavailable
from credit.evidence import seal
from credit.keys import FileSigner, key_id_of
from credit.model.party import PartyId, Role
from credit.model.project import Domain, Lot, Project
from credit.sample.numbers import credit_code
from credit.settings import Settings

ONE, TWO, THREE = credit_code(1), credit_code(2), credit_code(3)
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RUN = CliRunner()


def reply(*verdicts: str, name: str = "青澜墨山办公设备有限公司") -> dict[str, Any]:
    finding = {
        "rule": "GP-BAN", "effect": "restrict", "member": ONE, "records": ["rec_1"], "path": [], "until": "2027-08-31",
        "question": None, "reason": {"zh": "禁止期内。", "en": "Banned."},
        "citations": [{"instrument": "政府采购法", "article": "77"}],
    }  # fmt: skip
    results = [
        {
            "ref": str(place),
            "verdict": verdict,
            "until": "2027-08-31" if verdict == "restricted" else None,
            "members": [{"id": ONE, "name": name, "verdict": verdict}],
            "findings": [finding] if verdict == "restricted" else [],
        }
        for place, verdict in enumerate(verdicts, 1)
    ]
    return {
        "id": "chk_1", "checked_at": "2026-06-10T14:00:00+08:00", "known_at": "2026-06-10T14:00:00+08:00",
        "rules": {"version": "1", "digest": "sha256:0"}, "sources": [], "results": results, "alerts": [],
        "annotations": [], "proof": {"digest": "sha256:1", "signature": "x", "key_id": "k", "previous": ""},
    }  # fmt: skip


def write_xlsx(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("投标人")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


# ── who is asked about ──


def test_a_code_on_the_command_line_is_repaired_as_sources_write_it() -> None:
    assert [bidder.id for bidder in bidders_of([f" {ONE.lower()} ", f"org:{TWO[8:17]}"])] == [ONE, f"org:{TWO[8:17]}"]


def test_what_is_no_identifier_is_asked_about_as_it_stands() -> None:
    assert list(bidders_of(["某某公司"])) == [Bidder("某某公司")]


def test_a_list_of_bidders_is_found_below_its_title_and_extra_columns_are_passed_over(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "b.xlsx",
        ("某某项目投标人一览表",),
        ("序号", "投标人名称", "统一社会信用代码", "报价（元）", "包号"),
        (1, "青澜墨山办公设备有限公司", ONE, 100, 1),
        (2, "青澜白榆\n信息技术有限公司", f" {TWO.lower()}", 200, 2),
    )
    assert list(read_bidders(path)) == [
        Bidder(ONE, "青澜墨山办公设备有限公司", "1"),
        Bidder(TWO, "青澜白榆信息技术有限公司", "2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_list_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "b.csv"
    path.write_text(f"供应商名称,统一社会信用代码\n青澜墨山办公设备有限公司,{ONE}\n", encoding=encoding)
    assert list(read_bidders(path)) == [Bidder(ONE, "青澜墨山办公设备有限公司")]


def test_a_bidder_without_a_code_is_asked_about_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("名称,id\n青澜无名贸易有限公司,\n", encoding="utf-8")
    assert list(read_bidders(path)) == [Bidder("青澜无名贸易有限公司", "青澜无名贸易有限公司")]


def test_a_list_without_a_column_of_identifiers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("名称,报价\n某某,1\n", encoding="utf-8")
    with pytest.raises(LayoutDrift, match="统一社会信用代码"):
        list(read_bidders(path))


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutDrift, match=r"missing\.xlsx"):
        list(bidders_of([str(tmp_path / "missing.xlsx")]))


def test_rows_that_share_a_bid_are_a_consortium() -> None:
    bids = bids_of([Bidder(ONE, ref="甲"), Bidder(TWO, ref="甲"), Bidder(THREE)], Role.SUPPLIER)
    assert [(bid.ref, [member.id for member in bid.members]) for bid in bids] == [("甲", [ONE, TWO]), ("3", [THREE])]


def test_one_mark_on_two_lots_makes_two_bids_of_different_refs() -> None:
    bids = bids_of([Bidder(ONE, ref="甲", lot="1"), Bidder(ONE, ref="甲", lot="2")], Role.SUPPLIER)
    assert [(bid.ref, bid.lot) for bid in bids] == [("甲", "1"), ("甲/2", "2")]


# ── what is asked ──


def test_without_a_deadline_the_end_of_today_in_shanghai_counts() -> None:
    activity = activity_of(Asking(), None, NOW)
    assert activity.deadline.isoformat() == "2026-11-22T23:59:59.999999+08:00"
    assert activity.cut_off == activity.deadline
    assert activity.domain is Domain.GOVERNMENT_PROCUREMENT


def test_a_deadline_without_an_offset_is_shanghais_and_the_end_of_its_day_the_cut_off() -> None:
    activity = activity_of(Asking(deadline="2026-06-10T09:30"), None, NOW)
    assert activity.deadline.isoformat() == "2026-06-10T09:30:00+08:00"
    assert activity.cut_off_at.isoformat() == "2026-06-10T23:59:59.999999+08:00"


def test_a_silent_document_leaves_the_cut_off_open() -> None:
    assert activity_of(Asking(deadline="2026-06-10", silent=True), None, NOW).cut_off is None


def test_what_is_left_out_comes_from_the_project() -> None:
    deadline = datetime(2026, 6, 10, 1, 30, tzinfo=UTC)
    project = Project(
        "p", "X-1", "某项目", Domain.STATUTORY_TENDER, "512002", PartyId(ONE), None, None, deadline, (Lot("1"),)
    )
    activity = activity_of(Asking(project_no="X-1", lot="1"), project, NOW)
    assert (activity.domain, activity.region, activity.deadline) == (Domain.STATUTORY_TENDER, "512002", deadline)


def test_an_instant_of_no_right_form_is_refused() -> None:
    with pytest.raises(FieldInvalid, match="--deadline"):
        activity_of(Asking(deadline="tomorrow"), None, NOW)


# ── what is answered ──


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        (("eligible",), 0),
        (("eligible", "eligible_with_flags"), 0),
        (("eligible", "restricted"), 1),
        (("review",), 1),
        (("unknown", "eligible"), 2),
        (("unknown", "restricted"), 1),
    ],
)
def test_the_exit_code_tells_the_worst_that_is_certain(verdicts: tuple[str, ...], code: int) -> None:
    assert code_of(reply(*verdicts)) == code


def test_a_workbook_holds_verdicts_findings_and_evidence(tmp_path: Path) -> None:
    write_workbook(reply("eligible", "restricted"), tmp_path / "out.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    assert len(book.worksheets) == 3
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][:4] == ("1", ONE, "青澜墨山办公设备有限公司", "可以参加 eligible")
    assert rows[2][3:] == ("受限 restricted", "2027-08-31")
    assert any("禁止期内。" in row for row in book.worksheets[1].iter_rows(values_only=True))
    assert ("核查编号 Check", "chk_1") in set(book.worksheets[2].iter_rows(values_only=True))


def test_a_name_in_a_workbook_is_never_a_formula(tmp_path: Path) -> None:
    write_workbook(reply("eligible", name="=1+1\x07"), tmp_path / "out.xlsx")
    cell = load_workbook(tmp_path / "out.xlsx").worksheets[0]["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_workbook_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"out\.xlsx"):
        write_workbook(reply("eligible"), tmp_path / "missing" / "out.xlsx")


# ── what is printed at the start ──


@pytest.fixture(params=[True, False], ids=["sample", "no sample"])
def commands(request: pytest.FixtureRequest) -> list[str]:
    printed = banner.lines("http://127.0.0.1:8000", "credit_key", Path("data"), sample=request.param)
    return [line for line in printed if line.startswith("curl ")]


def test_three_commands_are_printed_each_on_one_line_with_the_key(commands: list[str]) -> None:
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        assert words[words.index("-H") + 1] == "Authorization: Bearer credit_key"
        assert words[-1].startswith("http://127.0.0.1:8000/v1/")


def test_the_bodies_that_are_printed_are_json() -> None:
    printed = banner.lines("http://127.0.0.1:8000", "credit_key", Path("data"), sample=True)
    words = [shlex.split(line) for line in printed if " -d " in line]
    bodies = [json.loads(line[line.index("-d") + 1]) for line in words]
    assert [len(body.get("bids", ())) for body in bodies] == [3, 0]
    assert bodies[1]["party"] == bodies[0]["bids"][0]["members"][0]["id"]


def test_a_first_key_that_was_put_away_is_not_printed() -> None:
    printed = "\n".join(banner.lines("http://127.0.0.1:8000", None, Path("data"), sample=True))
    assert "Bearer" not in printed
    assert "first-key" in printed


# ── the port and the processes ──


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with take_port("127.0.0.1", 0) as listening:
        yield listening


def test_a_port_that_is_taken_is_told_before_anything_is_loaded(taken: socket.socket) -> None:
    with pytest.raises(Unavailable, match=str(taken.getsockname()[1])):
        take_port("127.0.0.1", taken.getsockname()[1])


def test_the_processes_of_the_api_read_the_settings_that_were_given(tmp_path: Path) -> None:
    given = {"CREDIT_DATA": str(tmp_path), "CREDIT_GRAPH_PASSWORD": "s3cret", "CREDIT_METRICS_PUBLIC": "yes"}
    settings = Settings.from_env(given)
    assert Settings.from_env(environment_of(settings)) == settings


# ── commands ──


def commands_below(group: Any, path: str = "credit") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield every command with its path; typer keeps the types of its commands to itself."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands_below(command, f"{path} {name}")


COMMANDS = dict(commands_below(get_command(app)))


def test_every_command_is_there() -> None:
    named = {
        "serve",
        "sources",
        "stop",
        "import",
        "check",
        "party",
        "rules",
        "verify",
        "keys",
        "migrate",
        "sample",
        "search",
        "merges",
        "twins",
        "complainants",
        "report",
        "cases",
        "proposals",
        "corrections",
        "attentions",
        "publications",
        "act",
        "backup",
        "restore",
        "export",
        "adopt",
    }
    assert {path.split()[1] for path in COMMANDS if path != "credit"} == named


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_is_explained_in_chinese_and_english(path: str) -> None:
    command = COMMANDS[path]
    explained = [command.help, *(parameter.help for parameter in command.params)]
    assert [text for text in explained if not re.search("[\u4e00-\u9fff].* / [A-Za-z]", text or "", re.DOTALL)] == []


def test_help_itself_is_explained_in_chinese_and_english() -> None:
    assert "显示此帮助 / Show this help and exit" in RUN.invoke(app, ["check", "--help"]).output


def test_a_rule_is_shown_with_its_source_of_law() -> None:
    shown = RUN.invoke(app, ["rules", "show", "gp-ban"])
    assert shown.exit_code == 0
    assert "中华人民共和国政府采购法" in shown.output
    assert "77" in shown.output


def test_an_unknown_rule_is_told_in_both_languages_without_a_traceback() -> None:
    shown = RUN.invoke(app, ["rules", "show", "NO-SUCH"])
    assert shown.exit_code == 2
    assert "没有规则 NO-SUCH" in shown.stderr
    assert "there is no rule NO-SUCH" in shown.stderr
    assert "Traceback" not in shown.output


def test_all_rules_are_listed() -> None:
    shown = RUN.invoke(app, ["rules", "list"])
    assert shown.exit_code == 0
    assert "GP-BAN" in shown.output


def test_a_right_rule_file_passes(tmp_path: Path) -> None:
    (tmp_path / "over.toml").write_text('version = "test"\n', encoding="utf-8")
    assert RUN.invoke(app, ["rules", "check", str(tmp_path / "over.toml")]).exit_code == 0


def test_a_wrong_rule_file_is_told_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "over.toml").write_text("no_such_key = 1\n", encoding="utf-8")
    shown = RUN.invoke(app, ["rules", "check", str(tmp_path / "over.toml")])
    assert shown.exit_code == 1
    assert "no_such_key" in shown.output


# ── certificates ──


@pytest.fixture
def signer(tmp_path: Path) -> FileSigner:
    return FileSigner.open(tmp_path / "data")


@pytest.fixture
def certificate(tmp_path: Path, signer: FileSigner) -> Path:
    entry = seal({"id": "chk_1", "results": []}, kind="check", subject="chk_1", head=(0, ""), tick=1, signer=signer)
    proof = {"digest": entry.digest, "signature": entry.signature, "key_id": entry.key_id, "previous": entry.previous}
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps({"check": json.loads(entry.body), "proof": proof}), encoding="utf-8")
    return path


def public_keys_file(path: Path, keys: list[tuple[str, bytes]]) -> Path:
    items = [
        {"key_id": name, "algorithm": "Ed25519", "public_key": base64.b64encode(raw).decode()} for name, raw in keys
    ]
    path.write_text(json.dumps({"items": items}), encoding="utf-8")
    return path


def verify(certificate: Path, *options: str) -> int:
    return RUN.invoke(app, ["verify", str(certificate), *options]).exit_code


def test_a_certificate_holds_by_the_keys_of_the_data_directory(tmp_path: Path, certificate: Path) -> None:
    assert verify(certificate, "--data", str(tmp_path / "data")) == 0


def test_a_certificate_holds_by_what_the_api_says_its_keys_are(
    tmp_path: Path, signer: FileSigner, certificate: Path
) -> None:
    keys = public_keys_file(tmp_path / "keys.json", list(signer.public_keys().items()))
    assert verify(certificate, "--key", str(keys)) == 0


def test_a_certificate_holds_by_a_pem_file(tmp_path: Path, signer: FileSigner, certificate: Path) -> None:
    public = Ed25519PublicKey.from_public_bytes(signer.public_keys()[signer.key_id])
    pem = tmp_path / "key.pem"
    pem.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert verify(certificate, "--key", str(pem)) == 0


def test_an_edited_certificate_is_bad(tmp_path: Path, certificate: Path) -> None:
    certificate.write_text(certificate.read_text("utf-8").replace("chk_1", "chk_2"), encoding="utf-8")
    assert verify(certificate, "--data", str(tmp_path / "data")) == 1


def test_a_strangers_key_under_the_registrys_id_does_not_make_a_certificate_good(
    tmp_path: Path, signer: FileSigner, certificate: Path
) -> None:
    stranger = FileSigner.open(tmp_path / "stranger")
    forged = public_keys_file(tmp_path / "keys.json", [(signer.key_id, stranger.public_keys()[stranger.key_id])])
    assert key_id_of(stranger.public_keys()[stranger.key_id]) != signer.key_id
    assert verify(certificate, "--key", str(forged)) == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"items": []}', '{"items": [{"public_key": "AAAA"}]}'])
def test_a_file_without_a_key_verifies_nothing(tmp_path: Path, certificate: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content, encoding="utf-8")
    assert verify(certificate, "--key", str(tmp_path / "keys.json")) == 2


def test_without_any_key_it_cannot_be_told(tmp_path: Path, certificate: Path) -> None:
    assert verify(certificate, "--data", str(tmp_path / "empty")) == 2
    assert not (tmp_path / "empty").exists()


def test_what_is_no_certificate_cannot_be_told(tmp_path: Path, signer: FileSigner) -> None:
    assert signer.key_id
    (tmp_path / "c.json").write_text("no json", encoding="utf-8")
    assert verify(tmp_path / "c.json", "--data", str(tmp_path / "data")) == 2


def test_the_public_keys_are_printed_as_the_api_answers_them(tmp_path: Path, signer: FileSigner) -> None:
    shown = RUN.invoke(app, ["keys", "public", "--data", str(tmp_path / "data")])
    assert [item["key_id"] for item in json.loads(shown.stdout)["items"]] == [signer.key_id]


def test_a_rotation_of_the_signing_key_keeps_certificates_good(tmp_path: Path, certificate: Path) -> None:
    assert RUN.invoke(app, ["keys", "rotate-signing", "--data", str(tmp_path / "data")]).exit_code == 0
    assert verify(certificate, "--data", str(tmp_path / "data")) == 0
