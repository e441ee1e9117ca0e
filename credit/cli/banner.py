"""What `credit serve` prints once it answers: the address, the first key, three lines to try."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from credit.sample.stories import Stories

PROJECT: Final = "QLZC2026-001"
LOOKED_UP: Final = "banned"
BIDDERS: Final = ("clean", "noted", "banned")
PUNISHED: Final = "clean"
DAY: Final = "2026-06-10"


def lines(base: str, key: str | None, data: Path, *, sample: bool) -> Iterator[str]:
    """Yield the lines, Chinese first; ``key`` None: the first key was put away or revoked."""
    yield f"地址 · address        {base}"
    yield f"接口描述 · API         {base}/openapi.json"
    if key is None:
        yield f"首个密钥已移走或撤销（{data / 'first-key'}） · the first key was put away or revoked"
        return
    yield f"首个密钥 · first key   {key}"
    yield f"  （另存于 {data / 'first-key'} · also in that file）"
    for zh, en, command in sample_commands(base, key) if sample else plain_commands(base, key):
        yield ""
        yield f"# {zh} · {en}"
        yield command
    yield ""
    yield "按 Ctrl-C 结束 · Ctrl-C ends it"


def sample_commands(base: str, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield three calls on the sample, each with what it shows."""
    stories = Stories.load()
    names = {firm.handle: firm.name for firm in stories.cast.firm}
    query = f"domain=government_procurement&role=supplier&on={DAY}&region=510000"
    yield (
        f"快速核查：{names[LOOKED_UP]}可否参加政府采购",
        "a quick look-up: may this supplier take part?",
        curl(f"{base}/v1/parties/{stories.code(LOOKED_UP)}/eligibility?{query}", key),
    )
    yield (
        f"核查项目 {PROJECT} 第 1 包的三家投标人，并留存证据",
        "a check of three bidders, kept as evidence",
        curl(f"{base}/v1/checks", key, check_body(stories, names)),
    )
    yield (
        f"登记一项处罚（{names[PUNISHED]}），再执行上一行即见其效力",
        "record a penalty, then run the line above again and see it bite",
        curl(f"{base}/v1/penalties", key, penalty_body(stories)),
    )


def plain_commands(base: str, key: str) -> Iterator[tuple[str, str, str]]:
    """Yield three calls that work on an empty registry."""
    yield "规则目录", "the rule catalogue", curl(f"{base}/v1/rules", key)
    yield "各名单的同步情况", "how fresh each list is", curl(f"{base}/v1/sources", key)
    yield "验证证据用的公钥", "the public keys that evidence verifies with", curl(f"{base}/v1/keys", key)


def check_body(stories: Stories, names: dict[str, str]) -> dict[str, object]:
    """Make the body of a check of the sample's first lot."""
    activity = {
        "domain": "government_procurement",
        "project_no": PROJECT,
        "region": "510000",
        "lot": "1",
        "deadline": f"{DAY}T09:30:00+08:00",
        "cut_off": f"{DAY}T14:00:00+08:00",
    }
    bids = [
        {"ref": ref, "role": "supplier", "members": [{"id": stories.code(handle), "name": names[handle]}]}
        for ref, handle in zip("ABC", BIDDERS, strict=True)
    ]
    return {"activity": activity, "bids": bids}


def penalty_body(stories: Stories) -> dict[str, object]:
    """Make the body of a penalty that bans a supplier of whom nothing is held."""
    office = stories.offices()["finance"]
    return {
        "party": stories.code(PUNISHED),
        "doc_no": "青财采罚〔2026〕88号",
        "authority": {"name": office.name, "region": office.region, "level": office.level},
        "decided_on": "2026-06-01",
        "served_on": "2026-06-01",
        "published_on": "2026-06-03",
        "violation": "提供虚假材料谋取中标",
        "category": "false_materials",
        "kinds": ["ban"],
        "legal_basis": ["采购法 77"],
        "ban": {"scope": "procurement", "from": "2026-06-02", "until": "2027-06-01"},
    }


def curl(url: str, key: str, body: dict[str, object] | None = None) -> str:
    """Write a call on one line that a shell takes as it stands."""
    parts = ["curl", "-sS", "-H", f"Authorization: Bearer {key}"]
    if body is not None:
        parts += [
            "-H",
            "Content-Type: application/json",
            "-d",
            json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        ]
    return shlex.join([*parts, url])


def base_address(host: str, port: int) -> str:
    """Write the address at which this machine reaches the API.

    >>> base_address("0.0.0.0", 8000), base_address("::1", 8000)
    ('http://127.0.0.1:8000', 'http://[::1]:8000')
    """
    reached = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # read, not bound
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
