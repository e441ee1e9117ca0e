from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from credit.errors import FieldInvalid, IdentifierInvalid, LayoutDrift
from credit.model.party import PartyKind
from credit.model.record import Source
from credit.model.statements import UNSET, LoadRow
from importers.double_publicity_licences import importer
from importers.rows import rows_of
from importers.set_aside import SetAside
from importers.snapshot import take_snapshot
from importers.source import Row, heading
from tests.importers.reading import read_file

IMPORTER = importer()
Make = Callable[..., str]
Cells = Mapping[str, str]


def read(cells: Cells) -> LoadRow:
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(2, values, cells), Source("双公示"))


@pytest.fixture
def row(credit_code: Make) -> Cells:
    """A row of the 2018 layout."""
    return {
        "行政相对人名称": "云溪建设有限公司",
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": credit_code(1),
        "行政相对人代码_2 (工商注册号)": "",
        "行政相对人代码_3(组织机构代码)": "",
        "行政相对人代码_4(税务登记号)": "",
        "行政相对人代码_5(事业单位证书号)": "",
        "行政相对人代码_6(社会组织登记证号)": "",
        "法定代表人": "某甲",
        "法定代表人证件类型": "身份证",
        "法定代表人证件号码": "",
        "证件类型": "",
        "证件号码": "",
        "行政许可决定文书名称": "准予行政许可决定书",
        "行政许可决定文书号": "资建许〔2024〕1号",
        "许可类别": "普通",
        "许可证书名称": "建筑业企业资质证书",
        "许可编号": "D000000001",
        "许可内容": "建筑工程施工总承包三级",
        "许可决定日期": "2024/08/01",
        "有效期自": "2024/08/01",
        "有效期至": "2099/12/31",
        "许可机关": "资阳市住房和城乡建设局",
        "许可机关统一社会信用代码": credit_code(9, prefix="11"),
        "当前状态": "1",
        "数据来源单位": "资阳市住房和城乡建设局",
        "数据来源单位统一社会信用代码": "",
        "备注": "",
    }


@pytest.fixture
def old_row(credit_code: Make) -> Cells:
    """A row of the 2015 layout."""
    return {
        "XK_WSH": "资建许〔2015〕1号",
        "XK_XMMC": "某项目",
        "XK_SPLB": "普通",
        "XK_NR": "准予",
        "XK_XDR": "云溪建设有限公司",
        "XK_XDR_SHXYM": "",
        "XK_XDR_ZDM": credit_code(1)[8:17],
        "XK_XDR_GSDJ": "",
        "XK_XDR_SWDJ": "",
        "XK_XDR_SFZ": "",
        "XK_FR": "某甲",
        "XK_JDRQ": "2015年12月1日",
        "XK_JZQ": "",
        "XK_XZJG": "资阳市住房和城乡建设局",
        "XK_ZT": "0",
        "DFBM": "512000",
        "SJC": "2015-12-02",
        "BZ": "",
    }


def test_a_licence_registers_its_holder_where_new_and_nothing_else(row: Cells, credit_code: Make) -> None:
    loaded = read(row)
    (party,) = loaded.parties
    assert (party.id, party.kind, party.name) == (credit_code(1), PartyKind.ORGANISATION, "云溪建设有限公司")
    assert party.only_if_new
    assert (loaded.records, loaded.relations, loaded.doubts) == ((), (), ())


def test_a_row_of_2015_is_read_too(old_row: Cells, credit_code: Make) -> None:
    assert read(old_row).parties[0].id == f"org:{credit_code(1)[8:17]}"


@pytest.mark.parametrize("state", ["2", "撤销", "吊销", "注销", ""])
def test_a_licence_that_is_gone_says_nothing_of_its_holder(row: Cells, state: str) -> None:
    loaded = read({**row, "当前状态": state})
    assert loaded.records == ()
    assert loaded.parties[0].status is UNSET


def test_a_state_that_is_not_known_rejects_the_row(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="当前状态"):
        read({**row, "当前状态": "9"})


def test_a_natural_person_is_not_recorded_for_a_licence(row: Cells, old_row: Cells, identity_number: Make) -> None:
    number = identity_number(1)
    for cells in (
        {**row, "行政相对人类别": "自然人", "证件号码": number},
        {**old_row, "XK_XDR_ZDM": "", "XK_XDR_SFZ": number},
    ):
        with pytest.raises(SetAside) as caught:
            read(cells)
        assert number not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("行政相对人名称", ""),
        ("行政相对人名称", "云溪建*有限公司"),
        ("行政相对人类别", "外星人"),
        ("行政许可决定文书号", ""),
        ("许可决定日期", "去年"),
        ("许可机关", ""),
        ("行政相对人代码_1(统一社会信用代码)", ""),
    ],
)
def test_a_cell_that_every_licence_has_must_be_understood(row: Cells, field: str, value: str) -> None:
    with pytest.raises(FieldInvalid):
        read({**row, field: value})


def test_a_wrong_code_registers_nobody(row: Cells, credit_code: Make) -> None:
    with pytest.raises(IdentifierInvalid):
        read({**row, "行政相对人代码_1(统一社会信用代码)": credit_code(1)[:17] + "Z"})


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_file_is_read_in_any_order_of_its_columns(row: Cells, write_csv: Callable[..., Path], encoding: str) -> None:
    shuffled = dict(sorted(row.items(), reverse=True))
    rows, rejected = read_file(IMPORTER, write_csv([shuffled, shuffled], encoding))
    assert (len(rows), rejected) == (2, [])


def test_a_file_of_penalties_is_no_file_of_licences(row: Cells, write_csv: Callable[..., Path]) -> None:
    drifted = {head.replace("许可", "处罚"): text for head, text in row.items()}
    with pytest.raises(LayoutDrift, match="未知列"):
        rows_of(take_snapshot(write_csv([drifted])), IMPORTER.spec)
