"""Who complains in tests, and how it ended: letters, profiles, clusters over the API."""

from collections.abc import Sequence
from typing import Any, Final

import httpx

from tests.api.bodies import FINANCE, A, B, Z, organisation

OFFICES: Final = (
    FINANCE,
    {"name": "青岛市财政局", "id": None, "region": "370200", "level": "city"},
    {"name": "河北省财政厅", "id": None, "region": "130000", "level": "province"},
)
DAYS: Final = (("2026-02-02", "2026-03-10"), ("2026-04-01", "2026-05-11"), ("2026-06-01", "2026-07-06"))
LISTING: Final[dict[str, Any]] = {
    "list": "L02", "party": A, "listed_on": "2026-11-20", "ground": "三次以上投诉查无实据", "matched_by": "identifier",
    "authority": OFFICES[2], "doc_no": "冀财采〔2026〕9号", "region": "130000",
}  # fmt: skip
SAID: Final = "采购人在评审结束后擅自更改评分标准中关于类似项目业绩的认定口径导致我司得分被无故核减"


async def registered(api: httpx.AsyncClient, *more: str) -> None:
    """Register those who complain."""
    for party in (A, B, Z, *more):
        await api.put(f"/v1/parties/{party}", json=organisation(name=f"资阳{party[-1]}商贸有限公司"))


async def rejected(
    api: httpx.AsyncClient, *, who: str = A, outcome: str = "rejected_unfounded", places: Sequence[int] = (0, 1, 2)
) -> None:
    """Three letters at three offices, each rejected in the same way."""
    for place in places:
        filed, decided = DAYS[place]
        letter = {"complaint_no": f"{who}-{place}", "complainants": [who], "respondents": [Z], "office": OFFICES[place],
                  "filed_on": filed, "items": [f"事项{place}"], "participated": True}  # fmt: skip
        assert (await api.post("/v1/complaints", json=letter)).status_code == 201
        event = {"kind": "decided", "on": decided, "outcome": outcome, "items": [{"item": 1, "outcome": outcome}]}
        assert (await api.post(f"/v1/complaints/{who}-{place}/events", json=event)).status_code == 201


async def profile(api: httpx.AsyncClient, who: str = A, as_of: str = "2026-08-01") -> dict[str, Any]:
    reply = await api.get(f"/v1/complainants/{who}?as_of={as_of}")
    assert reply.status_code == 200, reply.text
    return reply.json()


async def letters(api: httpx.AsyncClient, *who: str, item: str = "中标结果不公") -> None:
    """One letter of each."""
    for party in who:
        letter = {"complaint_no": f"关联{party[-1]}", "complainants": [party], "office": FINANCE,
                  "filed_on": "2026-03-09", "items": [item]}  # fmt: skip
        assert (await api.post("/v1/complaints", json=letter)).status_code == 201


async def clusters(api: httpx.AsyncClient, asked: str = "as_of=2026-08-01") -> list[dict[str, Any]]:
    reply = await api.get(f"/v1/complainants/clusters?{asked}")
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


async def merged(api: httpx.AsyncClient, keep: str, same_as: str) -> None:
    """Let two entries be one party, shown under the first."""
    said = {"keep": keep, "same_as": same_as, "on": "2026-08-01", "reason": "经查为同一主体"}
    assert (await api.post("/v1/merges", json=said)).status_code == 201
