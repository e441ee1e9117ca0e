"""The report as a workbook: a sheet for each section, typed cells, charts that a spreadsheet draws itself.

What is text stays text: a name that would begin a formula is marked, so that it is none after any saving either.
"""

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from credit.model.verdict import Reason
from credit.model.when import SHANGHAI
from credit.reports.model import Head, Report
from credit.reports.sections import Section, sections
from credit.reports.sections.section import Row
from credit.reports.words import Cell, both, cell_text

FORMULA: Final = tuple("=+-@＝＋－＠\t\r")
"""Signs at the head of a text by which some spreadsheet takes it for a formula."""
NARROWEST, WIDEST, LONGEST = 10, 60, 32_767
FIRST_WIDE: Final = "\u2e80"
SHADED: Final = PatternFill("solid", fgColor="EEF2F7")
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every part: a workbook made twice of the same report is the same bytes."""


def render(report: Report) -> bytes:
    """Write a report as XLSX."""
    book = Workbook(write_only=True)
    made = sections(report)
    _write_summary(book, report.head, made)
    for section in made:
        sheet = _write_sheet(book, section)
        if section.id in {"trend", "outcomes"} and section.rows:
            sheet.add_chart(_chart(sheet, section), f"{get_column_letter(len(section.columns) + 2)}2")
    return _saved(book, report.head.made_at)


def _write_summary(book: Workbook, head: Head, made: Iterable[Section]) -> None:
    """Write the first sheet: what the report is, and the facts of each section."""
    rows: list[Row] = [
        (
            "性质 Nature",
            "内部资料，不得对外公布：作出决定之前列有投诉人名称 For the office's own files, not to be published",
        ),
        ("地区 Region", f"{head.region_name} {head.region}"),
        ("起 From", head.first),
        ("止 To", head.last),
        ("截至 As of", head.as_of),
        ("生成（北京时间） Made at (Shanghai)", f"{head.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"),
        ("规则目录 Rules", f"{head.rules} {head.digest}"),
        ("期限、阈值 Periods, thresholds", f"{head.periods}, {head.thresholds}"),
        ("读者 Reader", head.bound_to or "登记系统管理员 operator"),
    ]
    rows += [(both(section.title), f"{fact.zh}\n{fact.en}") for section in made for fact in section.facts]
    sheet: Any = book.create_sheet("摘要 summary")
    _fill(sheet, (f"{head.region_name}投诉监管报告", "Report on complaints and supervision"), rows)


def _write_sheet(book: Workbook, section: Section) -> Any:  # noqa: ANN401  # openpyxl leaves its sheets untyped
    sheet: Any = book.create_sheet(f"{section.title.zh[:20]} {section.id}"[:31])
    _fill(sheet, tuple(f"{column.zh}\n{column.en}" for column in section.columns), section.rows)
    return sheet


def _fill(sheet: Any, headings: tuple[str, ...], rows: Iterable[Row]) -> None:  # noqa: ANN401  # the same
    held = list(rows)
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _width([heading, *(row[place] for row in held)])
    sheet.append([_cell(sheet, heading, head=True) for heading in headings])
    for row in held:
        sheet.append([_cell(sheet, value) for value in row])


def _width(values: Iterable[Cell]) -> int:
    """How wide a column is, in signs of Latin letters; a Chinese sign takes two."""
    lines = (line for value in values for line in cell_text(value).split("\n"))
    most = max((sum(2 if sign >= FIRST_WIDE else 1 for sign in line) for line in lines), default=0)
    return min(max(most + 2, NARROWEST), WIDEST)


def _cell(sheet: Any, value: Cell, *, head: bool = False) -> Any:  # noqa: ANN401  # the same
    """Make a cell of the value's own type; text is never a formula."""
    make: Any = WriteOnlyCell  # its types know no Decimal
    is_text = isinstance(value, (str, Reason))
    cell = make(sheet, text_of(cell_text(value)) if is_text else value)
    if is_text:
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        cell.font, cell.fill = Font(bold=True), SHADED
    return cell


def text_of(text: str) -> str:
    """Return a text as a cell may hold it: without control signs, no longer than it takes, never a formula.

    >>> text_of("=HYPERLINK(1)"), text_of("青澜公司")
    ("'=HYPERLINK(1)", '青澜公司')
    """
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    return ("'" + plain if plain.lstrip(" \n").startswith(FORMULA) else plain)[:LONGEST]


def _chart(sheet: Any, section: Section) -> BarChart:  # noqa: ANN401  # the same
    """Make a chart of a section whose first column names what the others count."""
    chart: Any = BarChart()
    chart.type = "col" if section.id == "trend" else "bar"
    chart.title = f"{section.title.zh} {section.title.en}"
    last = len(section.rows) + 1
    chart.add_data(
        Reference(sheet, min_col=2, max_col=len(section.columns), min_row=1, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    chart.height, chart.width = max(8, 1.1 * len(section.rows) if chart.type == "bar" else 8), 22
    chart.x_axis.delete = chart.y_axis.delete = False
    if chart.type == "bar":
        chart.x_axis.scaling.orientation = "maxMin"
    return chart


def _saved(book: Workbook, made_at: datetime) -> bytes:
    """Save a workbook so that its bytes follow from the report alone."""
    plain = made_at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = plain
    book.properties.creator = "credit-registry"
    first, whole = BytesIO(), BytesIO()
    with ZipFile(first, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    with ZipFile(first) as archive, ZipFile(whole, "w", ZIP_DEFLATED) as again:
        for name in archive.namelist():
            part = ZipInfo(name, EPOCH)
            part.compress_type = ZIP_DEFLATED
            again.writestr(part, archive.read(name))
    return whole.getvalue()
