"""What officers do on the command line: bound to a key's authority, recorded under its name, refused to others."""

import json
from pathlib import Path
from typing import Any, Final

from tests.cli.bureau import NAMES, PERSON, SERIAL, SHELL, Bureau

CASE: Final = "资财采查〔2026〕1号"


def told(bureau: Bureau, *words: str) -> dict[str, Any]:
    shown = bureau.run(*words, "--json")
    assert shown.exit_code == 0, shown.stderr
    return json.loads(shown.stdout)


def by(bureau: Bureau, who: str) -> tuple[str, str]:
    return "--key-file", str(bureau.keys[who])


def test_the_operator_sees_all_that_is_handled(ledger: Bureau) -> None:
    day = ("--as-of", "2026-11-22")
    (case,) = told(ledger, "cases", "list", "--overdue", *day)["items"]
    assert (case["case_no"], case["overdue_since"]) == (CASE, "2026-06-05")
    assert [x["order_no"] for x in told(ledger, "corrections", "list", "--state", "overdue", *day)["items"]] == [
        "资财采改〔2026〕2号"
    ]
    assert [x["party"] for x in told(ledger, "attentions", "list", "--state", "in_force", *day)["items"]] == [SHELL]
    late = told(ledger, "publications", "--authority", "资阳市财政局", "--late", *day)["items"]
    assert [x["doc_no"] for x in late] == ["资财采罚〔2026〕1号"]
    assert [x["state"] for x in told(ledger, "proposals", "list", "--state", "open")["items"]] == ["open"]


def test_a_key_sees_what_it_sees_through_the_api(ledger: Bureau) -> None:
    assert told(ledger, "cases", "list", *by(ledger, "chengdu"))["items"] == []
    assert len(told(ledger, "cases", "list", *by(ledger, "ziyang"))["items"]) == 1
    hidden = ledger.run("cases", "show", CASE, *by(ledger, "chengdu"))
    assert (hidden.exit_code, "没有此案件" in hidden.stderr) == (2, True)


def test_a_key_may_stand_in_the_environment(ledger: Bureau) -> None:
    key = ledger.keys["chengdu"].read_text(encoding="utf-8").strip()
    shown = ledger.run("cases", "list", "--json", env={"CREDIT_KEY": key})
    assert json.loads(shown.stdout)["items"] == []


def test_a_key_that_nobody_has_is_refused(ledger: Bureau, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("x" * 40, encoding="utf-8")
    assert ledger.run("cases", "list", "--key-file", str(file)).exit_code == 2
    assert ledger.run("cases", "list", "--key-file", str(tmp_path / "none")).exit_code == 2


def test_tables_are_laid_out_in_chinese_and_english(ledger: Bureau) -> None:
    for words in (("cases", "list"), ("corrections", "list"), ("attentions", "list"), ("proposals", "list")):
        assert "·" in ledger.run(*words).stdout
    assert "迟公示 late" in ledger.run("publications", "--authority", "资阳市财政局", "--late").stdout
    assert "疑似收取撤诉费" in ledger.run("cases", "show", CASE).stdout


def test_a_proposal_is_a_document_to_be_signed(ledger: Bureau, tmp_path: Path) -> None:
    (proposal,) = told(ledger, "proposals", "list")["items"]
    out = tmp_path / "p.html"
    assert ledger.run("proposals", "show", proposal["id"], "--out", str(out)).exit_code == 0
    page = out.read_text(encoding="utf-8")
    for words in (NAMES[SERIAL], "投0号", "投1号", "投2号", "第37条第1款", "第44条", "第45条", "签名", "不是决定"):
        assert words in page
    assert PERSON not in page
    assert "<script" not in page


def test_a_proposal_is_shown_to_nobody_whom_the_api_hides_it_from(ledger: Bureau, tmp_path: Path) -> None:
    (proposal,) = told(ledger, "proposals", "list")["items"]
    out = tmp_path / "p.html"
    shown = ledger.run("proposals", "show", proposal["id"], "--out", str(out), *by(ledger, "police"))
    assert (shown.exit_code, out.exists()) == (2, False)


def test_nobody_acts_without_a_key(bureau: Bureau) -> None:
    shown = bureau.run("cases", "event", CASE, "--kind", "feedback")
    assert (shown.exit_code, "--key-file" in shown.stderr) == (2, True)


def test_an_officer_of_another_authority_is_refused(bureau: Bureau) -> None:
    words = ("cases", "event", CASE, "--kind", "feedback", "--on", "2026-06-01")
    shown = bureau.run(*words, *by(bureau, "chengdu"))
    assert (shown.exit_code, "只能登记本密钥所属机关的记录" in shown.stderr) == (2, True)
    assert [event["kind"] for event in told(bureau, "cases", "show", CASE)["events"]] == ["transferred"]


def test_a_case_that_awaits_feedback_is_not_closed_from_here_either(bureau: Bureau) -> None:
    shown = bureau.run("cases", "event", CASE, "--kind", "closed", "--on", "2026-06-08", *by(bureau, "ziyang"))
    assert shown.exit_code == 2
    assert told(bureau, "cases", "show", CASE)["state"] == "open"


def test_what_an_officer_records_bears_its_key(bureau: Bureau) -> None:
    words = ("cases", "event", CASE, "--kind", "evidence", "--on", "2026-05-20", "--text", "聊天记录")
    assert bureau.run(*words, *by(bureau, "ziyang")).exit_code == 0
    event = next(x for x in told(bureau, "cases", "show", CASE)["events"] if x["kind"] == "evidence")
    assert (event["text"], event["recorded_by"]) == ("聊天记录", bureau.callers["ziyang"])


def test_only_the_proposals_own_office_answers_it_and_once(bureau: Bureau) -> None:
    (proposal,) = told(bureau, "proposals", "list")["items"]
    words = ("proposals", "answer", proposal["id"], "--reason", "已核实", "--on", "2026-11-22")
    assert bureau.run(*words, "--accept", *by(bureau, "chengdu")).exit_code == 2
    assert bureau.run(*words, "--accept", *by(bureau, "ziyang")).exit_code == 0
    again = bureau.run(*words, "--decline", *by(bureau, "ziyang"))
    assert again.exit_code == 2
    shown = told(bureau, "proposals", "show", proposal["id"])
    assert (shown["state"], shown["events"][0]["reason"]) == ("accepted", "已核实")
    assert shown["events"][0]["recorded_by"] == bureau.callers["ziyang"]


def test_any_matter_is_recorded_by_its_body_as_through_the_api(bureau: Bureau, tmp_path: Path) -> None:
    office = {"name": "资阳市财政局", "region": "512000", "level": "city"}
    rung = {"party": SERIAL, "rung": "interview", "authority": office, "on": "2026-11-20", "reason": "约谈"}
    body = tmp_path / "rung.json"
    body.write_text(json.dumps(rung), encoding="utf-8")
    made = bureau.run("act", "attentions", str(body), *by(bureau, "ziyang"))
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["rung"] == "interview"
    refused = bureau.run("act", "attentions", str(body), *by(bureau, "chengdu"))
    assert (refused.exit_code, "只能登记本密钥所属机关的记录" in refused.stderr) == (2, True)


def test_a_malformed_body_is_told_without_its_values(bureau: Bureau, tmp_path: Path) -> None:
    body = tmp_path / "bad.json"
    body.write_text(json.dumps({"party": SERIAL, "rung": "秘密", "secret": "秘密"}), encoding="utf-8")
    shown = bureau.run("act", "attentions", str(body), *by(bureau, "ziyang"))
    assert (shown.exit_code, "秘密" in shown.stderr, "rung" in shown.stderr) == (2, False, True)
    body.write_text("[", encoding="utf-8")
    assert bureau.run("act", "attentions", str(body), *by(bureau, "ziyang")).exit_code == 2
    assert bureau.run("act", "nowhere", str(body), *by(bureau, "ziyang")).exit_code == 2
