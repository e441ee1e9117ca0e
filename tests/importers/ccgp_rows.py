"""A row of the list of serious dishonesty in government procurement, L01, and what is read out of it."""

from collections.abc import Callable

import pytest

from credit.model.record import Listing, Penalty, Source
from credit.model.statements import LoadRow
from importers.ccgp_list import importer
from importers.source import Row, heading

IMPORTER = importer()
Make = Callable[..., str]
Cells = dict[str, str]


@pytest.fixture
def row(credit_code: Make) -> Cells:
    return {
        "序号": "1",
        "企业名称": "某某科技有限公司",
        "统一社会信用代码": credit_code(1),
        "企业地址": "某市某区某路1号",
        "严重违法失信行为的具体情形": "提供虚假材料谋取中标",
        "处罚结果": "罚款5792元, 列入不良行为记录名单, 十二个月内禁止参加政府采购活动",
        "处罚依据": "《中华人民共和国政府采购法》第七十七条第一款",
        "处罚日期": "2026-07-12",
        "公布日期": "2026-07-21 16:34",
        "执法单位": "某某市财政局",
    }


@pytest.fixture
def numbered(row: Cells) -> Cells:
    """A row whose decision has its number printed, as sheets of some offices do."""
    return {**row, "处罚决定书文号": "某财采罚〔2026〕7号"}


def read(cells: Cells) -> LoadRow:
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(1, values, cells), Source("名单", row=1))


def entry(cells: Cells) -> Listing:
    content = read(cells).records[0].content
    assert isinstance(content, Listing)
    return content


def decision(cells: Cells) -> Penalty:
    (_, record) = read(cells).records
    assert isinstance(record.content, Penalty)
    return record.content


def entry_text(cells: Cells) -> str:
    return entry(cells).ground or ""


def doubts(cells: Cells) -> str:
    return "".join(zh for zh, _ in read(cells).doubts)
