"""Bodies of the contract's form, of invented parties with synthetic codes."""

from collections.abc import Mapping
from typing import Any, Final

from credit.model.record import Authority, Level

A: Final = "91512002MAF0000126"
"""A supplier with right check digits."""
FINANCE: Final = {"name": "资阳市财政局", "id": None, "region": "512000", "level": "city"}
MARKET: Final = {"name": "资阳市市场监督管理局", "id": None, "region": "512000", "level": "city"}
B: Final = "91512002MAF0000201"
Z: Final = "11512002MBF000016W"
"""A purchaser."""
LOOK_UP: Final = {"domain": "government_procurement", "role": "supplier", "on": "2026-06-10", "region": "510000"}


def authority_of(body: Mapping[str, Any]) -> Authority:
    return Authority(body["name"], body["id"], body["region"], Level(body["level"]))


def organisation(**given: object) -> dict[str, Any]:
    return {
        "kind": "organisation",
        "name": "资阳示范商贸有限公司",
        "former_names": [],
        "roles": ["supplier"],
        "region": "512002",
        "status": "active",
        "established_on": None,
        "contacts": [],
        "identity_number": None,
    } | given


def penalty(**given: object) -> dict[str, Any]:
    return {
        "party": A,
        "doc_no": "资财采罚〔2026〕1号",
        "authority": FINANCE,
        "decided_on": "2026-01-13",
        "served_on": "2026-01-14",
        "published_on": "2026-01-19",
        "violation": "提供虚假材料谋取中标",
        "category": "false_materials",
        "kinds": ["fine", "ban"],
        "fine": "9000.00",
        "confiscated": None,
        "sector": None,
        "sector_line": None,
        "legal_basis": ["采购法 77"],
        "ban": {
            "scope": "procurement",
            "from": "2026-01-16",
            "until": "2027-01-15",
            "months": None,
            "region": None,
            "indefinite": False,
        },
    } | given


def listing(**given: object) -> dict[str, Any]:
    return {
        "party": A,
        "list": "L03",
        "listed_on": "2026-02-02",
        "published_on": "2026-02-02",
        "ground": "有履行能力而拒不履行生效法律文书确定义务",
        "doc_no": "(2026)川2002执1号",
        "authority": MARKET,
        "matched_by": "identifier",
    } | given


def relation(source: str, target: str, **given: object) -> dict[str, Any]:
    return {"kind": "shareholder", "source": source, "target": target, "share": "0.51", "since": "2020-01-01"} | given


def project(purchaser: str, **given: object) -> dict[str, Any]:
    return {
        "project_no": "N5120022026000001",
        "name": "办公设备采购项目",
        "domain": "government_procurement",
        "region": "512000",
        "purchaser": purchaser,
        "agency": None,
        "notice_on": "2026-05-15",
        "deadline": "2026-06-10T09:30:00+08:00",
        "lots": [{"lot": "1", "category": None, "budget": "1800000.00"}],
    } | given


def check(*members: str, **activity: object) -> dict[str, Any]:
    return {
        "activity": {
            "domain": "government_procurement",
            "project_no": None,
            "region": "510000",
            "lot": "1",
            "notice_on": "2026-05-15",
            "deadline": "2026-06-10T09:30:00+08:00",
            "cut_off": "2026-06-10T14:00:00+08:00",
            "document": {"credit_clause": "standard", "excludes": []},
            "prior_services": [],
        }
        | activity,
        "known_at": None,
        "bids": [
            {"ref": f"B{place}", "role": "supplier", "members": [{"id": member, "name": None}]}
            for place, member in enumerate(members)
        ],
    }
