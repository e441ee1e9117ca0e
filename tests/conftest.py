"""What every test shares: the event loop, and what happens when a service that a test needs is missing.

On a developer's machine such a test skips, and the end of the run names the service. With ``CI=true`` nothing may skip:
a skip of whatever origin is turned into a failure.
"""

import logging
import os
from collections import Counter
from collections.abc import Generator

import pytest
import structlog
from hypothesis import settings

NEEDS = "needs "
"""How the reason of a skip begins that `require` made; then come name, colon, why."""

# No example has a deadline, on however busy a machine; the rest stays as Hypothesis chose it, for CI or not.
settings.register_profile("patient", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("patient")


def require(name: str, available: object, why: str) -> None:
    """Skip the test (or all tests of the fixture) unless ``available`` is true.

    ``name`` is the service's name as the summary prints it, ``why`` says what is missing and how to get it.
    """
    if not available:
        pytest.skip(f"{NEEDS}{name}: {why}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the long form of tests that have one: faults that last a minute, dozens of kills, the real time limits."""
    parser.addoption("--long", action="store_true", help="run tests that have a long form in it")


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Tell whether the long form was asked for."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run all async tests on asyncio, in one loop: session-wide fixtures hold connections."""
    return "asyncio"


@pytest.fixture
def logging_as_before() -> Generator[None]:
    """Let a test configure logging, and undo it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def skips_are_forbidden() -> bool:
    return os.environ.get("CI") == "true"


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def fail_instead_of_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where skipping is forbidden; an expected failure is no skip."""
    if report.skipped and not hasattr(report, "wasxfail") and skips_are_forbidden():
        report.longrepr = f"{report.nodeid} would skip, but CI=true forbids it: {skip_reason(report)}"
        report.outcome = "failed"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_instead_of_skip(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_instead_of_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each service for want of which tests were skipped, and how many they were."""
    reasons = Counter(
        reason.removeprefix(NEEDS)
        for report in terminalreporter.getreports("skipped")
        if (reason := skip_reason(report)).startswith(NEEDS)
    )
    if reasons:
        terminalreporter.section("缺少的服务 · services that were missing")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{reason} ({count} skipped)")
