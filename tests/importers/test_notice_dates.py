"""Instants as notices write them, read in Shanghai."""

from datetime import datetime

import pytest

from credit.errors import FieldInvalid
from credit.model.when import SHANGHAI
from importers import notice_dates


@pytest.mark.parametrize(
    "said",
    [
        "2026年03月26日 09点30分",
        "2026年3月26日9时30分00秒（北京时间）",
        "2026\n年\n03\n月\n26\n日 09:30",
        "2026-03-26 09:30:00",
        "2026/3/26 9:30",
        "2026年03月26日上午09:30",
    ],
)
def test_instants_are_read_in_every_style_in_use(said: str) -> None:
    assert notice_dates.instant(said, "时间") == datetime(2026, 3, 26, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "said", ["2026年03月26日", "2026-03-26 9:3", "2026-02-30 09:30", "2026年03月26日 09点6*分", "26日"]
)
def test_what_is_no_certain_instant_is_refused(said: str) -> None:
    with pytest.raises(FieldInvalid):
        notice_dates.instant(said, "时间")
