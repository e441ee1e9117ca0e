"""Rows of the lists of one shape, tax (L04) to safety (L08), and what is read out of them."""

from collections.abc import Callable, Mapping
from typing import Final

from credit.model.record import Listing, Source
from credit.model.statements import LoadRow
from importers.source import Row, heading
from importers.sources import importer_of

Make = Callable[..., str]
Cells = dict[str, str]

# A row of each source as it is published, but for the code, and the list on which it is an entry.
ROWS: Final[Mapping[str, Cells]] = {
    "tax_violations": {
        "纳税人名称": "某某贸易有限公司",
        "纳税人识别号": "",
        "注册地址": "某市某路1号",
        "法定代表人或者负责人姓名": "某甲",
        "案件性质": "虚开增值税专用发票或者虚开用于骗取出口退税、抵扣税款的其他发票",
        "主要违法事实": "对外虚开增值税专用发票100份",
        "相关法律依据及税务处理处罚情况": "依照税收征收管理法，罚款50万元",
        "公布日期": "2024-03-12",
        "公布机关": "国家税务总局某某市税务局",
    },
    "abnormal_operations": {
        "序号": "1",
        "企业名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "列入经营异常名录原因": "未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告",
        "列入日期": "2024年7月8日",
        "作出决定机关(列入)": "某某区市场监督管理局",
        "移出经营异常名录原因": "",
        "移出日期": "",
        "作出决定机关(移出)": "",
    },
    "serious_violations": {
        "当事人名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "类别": "食品安全",
        "列入原因": "生产经营不符合食品安全标准的食品",
        "列入日期": "2024-05-06",
        "列入决定机关": "某某市市场监督管理局",
        "移出原因": "",
        "移出日期": "",
        "移出决定机关": "",
    },
    "wage_arrears": {
        "用人单位名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "法定代表人": "某甲",
        "列入事由": "拖欠农民工工资达到认定拒不支付劳动报酬罪数额标准",
        "列入日期": "2024.6.1",
        "列入决定书文号": "某人社列字〔2024〕第3号",
        "列入决定机关": "某某市人力资源和社会保障局",
        "惩戒截止日期": "2027-06-01",
    },
    "safety_list": {
        "单位名称": "某某贸易有限公司",
        "统一社会信用代码": "",
        "主要负责人": "某甲",
        "列入原因": "发生较大生产安全责任事故",
        "失信行为简况": "2023年11月发生一起中毒和窒息事故",
        "列入日期": "20240109",
        "列入部门": "某某省应急管理厅",
    },
}
LISTS: Final = {
    "tax_violations": "L04",
    "serious_violations": "L05",
    "abnormal_operations": "L06",
    "wage_arrears": "L07",
    "safety_list": "L08",
}
ALL: Final = sorted(ROWS)


def cells_of(source: str, code: str, **changes: str) -> Cells:
    row = ROWS[source]
    field = "纳税人识别号" if "纳税人识别号" in row else "统一社会信用代码"
    return {**row, field: code, **changes}


def read(source: str, cells: Cells) -> LoadRow:
    importer = importer_of(source)
    fields = importer.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return importer.read(Row(1, values, cells), Source("名单", row=1))


def entry(source: str, cells: Cells) -> Listing:
    (record,) = read(source, cells).records
    assert isinstance(record.content, Listing)
    return record.content
