"""Writers take turns, and none waits for ever for its own."""

from pathlib import Path

import pytest

from credit.errors import WriteContended
from credit.graph import gate
from credit.graph.gate import Gate


@pytest.fixture(params=["one process", "several"])
def turnstile(request: pytest.FixtureRequest, tmp_path: Path) -> Gate:
    return Gate(tmp_path / "lock" if request.param == "several" else None)


async def test_a_turn_that_does_not_come_in_time_is_refused(turnstile: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.01)
    async with turnstile.turn():
        with pytest.raises(WriteContended):
            async with turnstile.turn():
                pass


async def test_who_was_refused_a_turn_leaves_it_to_the_next(turnstile: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    async with turnstile.turn():
        with monkeypatch.context() as hurry:
            hurry.setattr(gate, "PATIENCE", 0.01)
            with pytest.raises(WriteContended):
                async with turnstile.turn():
                    pass
    async with turnstile.turn():
        pass
