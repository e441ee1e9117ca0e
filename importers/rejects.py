"""Rows that could not be taken, in a CSV file beside the import, with identity numbers masked."""

import csv
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from credit.identifiers import mask_identity_number, redact, repair
from importers.snapshot import Snapshot
from importers.source import Rejected, SourceSpec, heading

SUFFIX: Final = ".rejects.csv"
REVIEW_SUFFIX: Final = ".review.csv"
_DIGEST_SHOWN: Final = 12
# An identity number has 15 or 18 digits; with a slip in it, one fewer. Most credit codes hold three letters or more.
_MOSTLY_DIGITS: Final = 14


class RejectsFile:
    """The rejects of one file: row, reasons, raw cells as JSON. It is made with the first reject, and anew by each run.

    Under ``REVIEW_SUFFIX`` it holds rows that went in but for a part that was not certain. Only its owner may read it
    (mode 0600): the rows may name persons.
    """

    def __init__(self, folder: Path, snapshot: Snapshot, spec: SourceSpec, *, suffix: str = SUFFIX) -> None:
        digest = snapshot.digest.removeprefix("sha256:")[:_DIGEST_SHOWN]
        self.path: Final = folder / f"{snapshot.path.stem}.{digest}{suffix}"
        columns = (column for layout in spec.layouts for column in layout.columns.values() if column.secret)
        self._secret = {heading(name) for column in columns for name in column.names}
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def made(self) -> bool:
        """Whether there was anything to write."""
        return self._file is not None

    def write(self, rejects: Iterable[Rejected]) -> None:
        """Add rows and put them on disk."""
        for reject in rejects:
            file = self._file = self._file or self._open()
            raw = json.dumps(self._masked(reject.raw), ensure_ascii=False)
            csv.writer(file).writerow([reject.row, redact(reject.zh), redact(reject.en), raw])
        if self._file is not None:
            self._file.flush()

    def _open(self) -> TextIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(
            os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        )
        csv.writer(file).writerow(["row", "reason_zh", "reason_en", "raw"])
        return file

    def _masked(self, raw: Mapping[str, str]) -> Mapping[str, str]:
        return {key: _mask(text) if heading(key) in self._secret else redact(text) for key, text in raw.items()}


def _mask(text: str) -> str:
    """Mask a cell meant for an identity number, right or wrong; an organisation's code in it stays."""
    code = repair(text)
    digits = sum(sign.isdigit() or sign == "*" for sign in code)
    return mask_identity_number(code) if digits >= _MOSTLY_DIGITS else redact(text)
