"""`credit serve` as a newcomer starts it, with the commands that share its graph; and how it ends."""

import asyncio
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from credit.cli.commands import app
from credit.sample.city import City
from credit.sample.load import Tally, load, size
from credit.sample.stories import Stories
from credit.settings import Settings
from credit.wiring import open_services

CREDIT = (sys.executable, "-c", "from credit.cli import main; main()")
ROOT = Path(__file__).parents[2]
END_WITHIN = 30
QUESTION = ("--region", "510000", "--deadline", "2026-06-10T09:30", "--cut-off", "2026-06-10T14:00")


SETTINGS = dict.fromkeys((name for name in os.environ if name.startswith("CREDIT_")), "") | {
    "CREDIT_GRAPH_MEMORY": "512m"
}
"""None of the machine's own; an empty one counts as left out."""


def credit(data: Path, *words: str) -> Result:
    """Run a command to its end, in this process."""
    return CliRunner().invoke(app, [*words, "--data", str(data)], env=SETTINGS)


@dataclass
class Served:
    """A registry that runs, with what it printed."""

    process: subprocess.Popen[str]
    data: Path
    printed: list[str]

    @property
    def base(self) -> str:
        return self.printed[0].split()[-1]

    def commands(self) -> list[str]:
        return [line for line in self.printed if line.startswith("curl ")]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(END_WITHIN)


@contextmanager
def start(data: Path, *words: str) -> Generator[Served]:
    """Have a registry on a free port for a block, once it has printed what it prints."""
    command = [*CREDIT, "serve", "--port", "0", "--data", str(data), *words]
    around = os.environ | SETTINGS | {"PYTHONPATH": str(ROOT)}
    log = data.with_suffix(".log")
    with (
        log.open("ab") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=around) as process,
    ):
        try:
            yield Served(process, data, list(printed_by(process, log)))
        finally:
            process.kill()


def printed_by(process: subprocess.Popen[str], log: Path) -> Iterator[str]:
    """Yield what a start prints, up to its last line."""
    assert process.stdout is not None
    for line in process.stdout:
        yield line.rstrip("\n")
        if "Ctrl-C" in line:
            return
    raise AssertionError(log.read_text("utf-8")[-2000:])


def call(command: str) -> Any:  # noqa: ANN401  # JSON
    """Do what a printed curl line does."""
    words = shlex.split(command)
    headers = dict(words[n + 1].split(": ", 1) for n, word in enumerate(words) if word == "-H")
    body = words[words.index("-d") + 1] if "-d" in words else None
    answer = httpx.request("POST" if body else "GET", words[-1], headers=headers, content=body, timeout=30)
    assert answer.is_success, answer.text
    return answer.json()


def verdicts(reply: Any) -> list[str]:  # noqa: ANN401  # JSON
    return [result["verdict"] for result in reply["results"]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with start(tmp_path_factory.mktemp("served") / "data", "--sample") as running:
        yield running
        running.end(signal.SIGTERM)
    credit(running.data, "stop")


@pytest.fixture(scope="module")
def stories() -> Stories:
    return Stories.load()


def test_the_three_printed_commands_work_as_they_stand_and_the_penalty_bites(served: Served) -> None:
    look_up, check, penalty = served.commands()
    assert call(look_up)["verdict"] == "restricted"
    before = verdicts(call(check))
    assert before[1:] == ["eligible_with_flags", "restricted"]
    assert call(penalty)["id"] == call(penalty)["id"]
    assert verdicts(call(check)) == ["restricted", "eligible_with_flags", "restricted"]
    assert before[0] == "eligible"


def test_the_first_key_lies_in_its_file_for_its_owner_alone(served: Served) -> None:
    path = served.data / "first-key"
    assert path.read_text("utf-8").strip() in served.printed[2]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_port_in_use_is_told_with_code_2(served: Served) -> None:
    port = served.base.rpartition(":")[2]
    ended = credit(served.data, "serve", "--port", port)
    assert ended.exit_code == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("handle", "code"), [("repaired", 0), ("small_fine", 0), ("wages", 1), ("fined", 1)], ids=str)
def test_a_check_on_the_command_line_ends_with_the_code_of_its_verdict(
    served: Served, stories: Stories, handle: str, code: int
) -> None:
    ended = credit(served.data, "check", stories.code(handle), *QUESTION)
    assert ended.exit_code == code, ended.stderr
    assert stories.code(handle) in ended.stdout


def test_a_check_of_somebody_unregistered_cannot_be_told(served: Served) -> None:
    assert credit(served.data, "check", "org:MAF000012", *QUESTION).exit_code == 2


def test_a_check_as_json_is_kept_as_evidence_that_the_api_shows(served: Served, stories: Stories) -> None:
    ended = credit(served.data, "check", stories.code("small_fine"), *QUESTION, "--json")
    reply = json.loads(ended.stdout)
    key = (served.data / "first-key").read_text("utf-8").strip()
    kept = httpx.get(f"{served.base}/v1/checks/{reply['id']}", headers={"Authorization": f"Bearer {key}"})
    assert kept.json()["proof"]["digest"] == reply["proof"]["digest"]


def test_a_list_of_bidders_is_checked_and_written_as_a_workbook(
    served: Served, stories: Stories, tmp_path: Path
) -> None:
    rows = "\n".join(f"{stories.code(handle)},1" for handle in ("repaired", "debtor"))
    (tmp_path / "bidders.csv").write_text(f"统一社会信用代码,包号\n{rows}\n", encoding="gb18030")
    ended = credit(
        served.data, "check", str(tmp_path / "bidders.csv"), *QUESTION, "--out", str(tmp_path / "result.xlsx")
    )
    assert ended.exit_code == 1
    assert (tmp_path / "result.xlsx").stat().st_size > 0


def test_a_party_is_shown_with_its_records_and_its_leader_masked(served: Served, stories: Stories) -> None:
    shown = credit(served.data, "party", stories.code("debtor")).stdout
    assert "青澜沉璧酒店管理有限公司" in shown
    assert "L03" in shown
    assert re.search(r"[\u4e00-\u9fff]\*{2,} person:", shown)


def test_an_unregistered_party_is_told(served: Served) -> None:
    ended = credit(served.data, "party", "org:MAF000012")
    assert ended.exit_code == 2
    assert "org:MAF000012" in ended.stderr


def test_a_key_that_is_made_works_until_it_is_revoked(served: Served) -> None:
    made = credit(served.data, "keys", "make", "probe", "--scope", "read")
    caller = re.findall(r"[0-9a-f]{16}", made.stderr)[0]
    ask = {"Authorization": f"Bearer {made.stdout.strip()}"}
    assert httpx.get(f"{served.base}/v1/rules", headers=ask).status_code == 200
    assert caller in credit(served.data, "keys", "list").stdout
    assert credit(served.data, "keys", "revoke", caller).exit_code == 0
    assert any(httpx.get(f"{served.base}/v1/rules", headers=ask).status_code == 401 for _ in range(1000))


def test_a_certificate_of_the_api_verifies_offline(served: Served, stories: Stories, tmp_path: Path) -> None:
    reply = json.loads(credit(served.data, "check", stories.code("fined"), *QUESTION, "--json").stdout)
    key = (served.data / "first-key").read_text("utf-8").strip()
    url = f"{served.base}/v1/checks/{reply['id']}/certificate.json"
    answer = httpx.get(url, headers={"Authorization": f"Bearer {key}"})
    (tmp_path / "c.json").write_bytes(answer.content)
    (tmp_path / "k.json").write_bytes(httpx.get(f"{served.base}/v1/keys").content)
    assert credit(tmp_path, "verify", str(tmp_path / "c.json"), "--key", str(tmp_path / "k.json")).exit_code == 0
    (tmp_path / "c.json").write_text(answer.text.replace('"restricted"', '"eligible"'), encoding="utf-8")
    assert credit(tmp_path, "verify", str(tmp_path / "c.json"), "--key", str(tmp_path / "k.json")).exit_code == 1


def test_a_sample_that_is_there_is_not_loaded_again(served: Served, stories: Stories) -> None:
    ended = credit(served.data, "sample")
    assert ended.exit_code == 0
    assert "the sample is there already" in ended.stderr
    assert stories.code("clean") in ended.stdout


def test_writing_the_sample_once_more_changes_nothing(served: Served) -> None:
    async def again() -> Tally:
        async with open_services(Settings(data=served.data)) as services:
            return await load(services, city)

    city = City.build()
    assert asyncio.run(again()) == Tally(created=0, unchanged=size(city), changed_since=0)


def test_a_signal_ends_it_well_and_the_next_start_finds_its_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with start(data) as first:
        key = first.printed[2]
        assert first.end(signal.SIGTERM) == 0
    with start(data) as second:  # ends by a kill
        assert second.printed[2] == key
        assert call(second.commands()[0])
    with start(data, "--workers", "2") as third:
        assert call(third.commands()[0])
        assert third.end(signal.SIGINT) == 0
    assert credit(data, "stop").exit_code == 0
