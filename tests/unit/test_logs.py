"""Logs: a JSON object a line, with the request's id, without what callers sent."""

import json
import logging

import pytest

from credit import logs

pytestmark = pytest.mark.usefixtures("logging_as_before")


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return json.loads(capsys.readouterr().err.splitlines()[-1])


def test_a_line_is_a_json_object_with_its_event(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.logger("credit.test").info("job_ended", total=3)
    line = last_line(capsys)
    assert (line["event"], line["total"], line["level"], line["logger"]) == ("job_ended", 3, "info", "credit.test")


def test_a_line_bears_the_id_of_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    log = logs.logger("credit.test")
    with logs.bind_request("abc"):
        log.info("inside")
        assert last_line(capsys)["request_id"] == "abc"
    log.info("outside")
    assert "request_id" not in last_line(capsys)


def test_lines_of_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("somewhere").warning("%s things", 3)
    assert last_line(capsys)["event"] == "3 things"


def test_a_traceback_says_where_but_not_what_was_sent(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    secret = "never to be logged"
    try:
        fail(secret)
    except ValueError:
        logs.logger("credit.test").exception("request_failed")
    text = capsys.readouterr().err
    assert secret not in text
    (error,) = json.loads(text)["exception"]
    assert error["exc_type"] == "ValueError"
    assert error["frames"][-1]["filename"] == __file__


def fail(message: str) -> None:
    raise ValueError(message)


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning")
    logs.logger("credit.test").info("job_ended")
    assert capsys.readouterr().err == ""
