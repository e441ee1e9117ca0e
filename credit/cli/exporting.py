"""`credit export --double-publicity`: our own penalties as a file in the layout of 双公示."""

from datetime import UTC, date, datetime
from pathlib import Path

from credit.cli.frame import say
from credit.model.when import legal_day
from credit.ports.exports import PenaltyReader
from importers.export_double_publicity import Exported, Exporter, export_penalties


async def export_double_publicity(
    reader: PenaltyReader, path: Path, *, authority: str | None = None, since: date | None = None, persons: bool = False
) -> Exported:
    """Write the penalties (of one authority, decided on or after a day) into a CSV or XLSX file, and say how it went.

    ``persons``: natural persons' rows too, with their names; their numbers are masked all the same.

    Raises:
        FieldInvalid: the file's name ends in neither suffix.
        Unavailable: the file cannot be written.
        StoreUnavailable: the graph does not answer.
    """
    exporter = Exporter.load(legal_day(datetime.now(UTC)))
    held = reader.penalties(authority=authority)
    done = await export_penalties(held, path, exporter, since=since, persons=persons)
    say(f"已导出 {done.written} 条行政处罚到 {path}", f"{done.written} penalties written")
    if done.changed:
        say(
            f"其中 {done.changed} 条决定已有变化（停止执行、异议等），写在备注中，读回时须人工处理",
            f"of {done.changed} the remark says what became of them; where it is read, a person must enter them",
        )
    if done.amended:
        say(
            f"其中 {done.amended} 条按变更后的内容导出",
            f"{done.amended} of them with their content as amended",
        )
    for why, count in sorted(done.left_out.items()):
        zh, en = exporter.spec.reasons[why]
        say(f"未导出 {count} 条：{zh}", f"{count} not written: {en}")
    return done
