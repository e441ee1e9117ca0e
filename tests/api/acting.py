"""Bodies of "Acting on it", and keys of those who act."""

from typing import Any, Final

import httpx

from credit.model.caller import Scope
from tests.api.bodies import FINANCE, MARKET, A, authority_of
from tests.api.conftest import Harness

POLICE: Final = {"name": "资阳市公安局", "id": None, "region": "512000", "level": "city"}
DIGEST: Final = "sha256:" + "ab" * 32
REPAIRED: Final = {"kind": "repaired", "on": "2026-05-01", "reason": "信用修复"}


def attention(**given: object) -> dict[str, Any]:
    said: dict[str, Any] = {
        "party": A,
        "rung": "attention",
        "authority": FINANCE,
        "on": "2026-02-02",
        "until": None,
        "about": [],
        "reason": "投诉事项反复缺乏事实依据",
    }
    return said | given


def case(number: str, **given: object) -> dict[str, Any]:
    return {
        "case_no": number,
        "kind": "lead",
        "parties": [A],
        "about": [],
        "authority": FINANCE,
        "opened_on": "2026-04-28",
        "summary": "疑似收取撤诉费",
        "linked": [],
    } | given


def order(number: str, **given: object) -> dict[str, Any]:
    return {
        "order_no": number,
        "party": A,
        "authority": FINANCE,
        "issued_on": "2020-10-27",
        "due_on": "2020-11-10",
        "items": ["公告期限不足"],
        "project_no": None,
        "case_no": None,
    } | given


def application(record: str, **given: object) -> dict[str, Any]:
    return {
        "record": record,
        "party": A,
        "applied_on": "2026-08-03",
        "grounds": ["已缴清罚款并完成整改"],
        "documents": [{"name": "缴款凭证.pdf", "digest": DIGEST}],
    } | given


async def post(api: httpx.AsyncClient, path: str, body: object) -> dict[str, Any]:
    reply = await api.post(path, json=body)
    assert reply.status_code == 201, reply.text
    return reply.json()


async def there_and_back(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post a body, twice, and read it: what was said is shown, the same again is the same."""
    reply = await api.post(path, json=body)
    assert reply.status_code == 201, reply.text
    made = reply.json()
    assert body.items() <= made.items()
    again = await api.post(path, json=body)
    assert (again.status_code, again.json()) == (200, made)
    assert (await api.get(reply.headers["location"])).json() == made
    return made


async def problem(api: httpx.AsyncClient, path: str, body: object) -> tuple[int, str]:
    reply = await api.post(path, json=body)
    return reply.status_code, reply.json()["code"]


async def keys(harness: Harness) -> dict[str, str]:
    """Make a key of each who may ask."""
    return {
        "office": await harness.key_of(Scope.READ, Scope.RECORD, authority=authority_of(FINANCE)),
        "other office": await harness.key_of(Scope.READ, Scope.RECORD, authority=authority_of(MARKET)),
        "reader": await harness.key_of(Scope.READ),
        "party": await harness.key_of(Scope.SELF, party=A),
        "admin": await harness.key_of(Scope.READ, Scope.ADMIN),
    }


async def seen(harness: Harness, path: str) -> dict[str, int]:
    """Ask for a path with every key; return the statuses."""
    statuses: dict[str, int] = {}
    for name, key in (await keys(harness)).items():
        async with harness.client(key) as client:
            statuses[name] = (await client.get(path)).status_code
    return statuses


async def listed(harness: Harness, path: str) -> dict[str, int]:
    """Ask for a list with every key; return how many each is shown, -1 where it is refused."""
    counts: dict[str, int] = {}
    for name, key in (await keys(harness)).items():
        async with harness.client(key) as client:
            reply = await client.get(path)
            counts[name] = len(reply.json()["items"]) if reply.is_success else -1
    return counts
