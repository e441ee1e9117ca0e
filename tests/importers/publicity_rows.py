"""Rows of penalties in the double publicity, in the layouts of 2015 and 2018, and what is read out of them."""

from collections.abc import Callable, Mapping

import pytest

from credit.model.record import Penalty, Source
from credit.model.statements import LoadRow
from importers.double_publicity import importer
from importers.source import Row, heading

IMPORTER = importer()
Make = Callable[..., str]
Cells = Mapping[str, str]
SOURCE = Source("双公示", snapshot="sha256:0", row=2)


def read(cells: Cells) -> LoadRow:
    """Read a row given by the codes of its headings, in whichever layout they are of."""
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(2, values, cells), SOURCE)


def penalty(cells: Cells) -> Penalty:
    (record,) = read(cells).records
    assert isinstance(record.content, Penalty)
    return record.content


@pytest.fixture
def row(credit_code: Make) -> Cells:
    """A row of the 2018 layout."""
    return {
        "CF_XDR_MC": "某某建设有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": credit_code(1),
        "CF_XDR_GSZC": "",
        "CF_XDR_ZZJG": "",
        "CF_FRDB": "某甲",
        "CF_FR_ZJHM": "",
        "CF_XDR_ZJLX": "",
        "CF_XDR_ZJHM": "",
        "CF_WSH": "资财罚〔2024〕1号",
        "CF_WFXW": "提供虚假材料谋取中标",
        "CF_SY": "在某项目中提供虚假检测报告",
        "CF_YJ": "《中华人民共和国政府采购法》第七十七条第一款第（一）项",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款人民币2000元，列入不良行为记录名单，在一年内禁止参加政府采购活动",
        "CF_NR_FK": "0.200000",
        "CF_NR_WFFF": "",
        "CF_NR_ZKDX": "",
        "CF_JDRQ": "2024/08/01",
        "CF_YXQ": "2099/12/31",
        "CF_GSJZQ": "2099/12/31",
        "CF_CFJG": "资阳市财政局",
        "CF_CFJGDM": credit_code(9, prefix="11"),
        "BZ": "",
    }


@pytest.fixture
def old_row(credit_code: Make) -> Cells:
    """A row of the 2015 layout."""
    return {
        "CF_WSH": "资财罚〔2015〕1号",
        "CF_CFMC": "某处罚",
        "CF_CFLB1": "罚款",
        "CF_CFLB2": "警告",
        "CF_SY": "违法",
        "CF_YJ": "",
        "CF_XDR_MC": "某某有限公司",
        "CF_XDR_SHXYM": "",
        "CF_XDR_ZDM": f"{credit_code(1)[8:16]}-{credit_code(1)[16]}",
        "CF_XDR_GSJD": "",
        "CF_XDR_SFZ": "",
        "CF_FR": "某甲",
        "CF_JG": "罚款三万元",
        "CF_JDRQ": "2015年12月1日",
        "CF_XZJG": "资阳市财政局",
        "CF_ZT": "0",
        "DFBM": "512000",
        "SJC": "2015-12-02",
        "BZ": "",
    }
