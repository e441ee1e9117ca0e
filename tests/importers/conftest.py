"""What the importers' tests share: a registry that keeps natural keys, codes made at run time, files written anew."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from credit.errors import Conflict, StoreUnavailable
from credit.model.caller import Caller, Scope
from credit.model.record import Listing, Penalty
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement, Written

Rows = Sequence[Mapping[str, Any]]


class FakeRegistry:
    """Keeps parties by id and records by natural key; the same body again is unchanged, another one a conflict."""

    def __init__(self) -> None:
        self.parties: dict[str, PartyStatement] = {}
        self.records: dict[tuple[str, ...], RecordStatement] = {}
        self.syncs: list[tuple[str, SyncStatement]] = []
        self.loads = 0
        self.fails_at: int | None = None

    async def load(self, caller: Caller, rows: Sequence[LoadRow]) -> list[Outcome]:
        self.loads += 1
        if self.loads == self.fails_at:
            raise StoreUnavailable("图数据库没有应答", "the graph does not answer")
        return [self._one(row) for row in rows]

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement) -> None:
        self.syncs.append((list_id, statement))

    def _one(self, row: LoadRow) -> Outcome:
        changed = [self._party(party) for party in row.parties]
        first = _key(row.parties[0]) if row.parties else ""
        for record in row.records:
            held = self.records.setdefault(_natural_key(record, first), record)
            if held.content != record.content:
                return Outcome(error=Conflict("同一文号已有不同内容", "another body under the same number"))
            changed.append(held is record)
        return Outcome(id=first, written=Written.CREATED if any(changed) else Written.UNCHANGED)

    def _party(self, party: PartyStatement) -> bool:
        held = self.parties.get(_key(party))
        if held is not None and (party.only_if_new or held == party):
            return False
        self.parties[_key(party)] = party
        return True


def _key(party: PartyStatement) -> str:
    return party.id or f"person:{party.identity_number}"


def _natural_key(record: RecordStatement, party: str) -> tuple[str, ...]:
    content = record.content
    if isinstance(content, Penalty):
        return (content.authority.name, content.doc_no, party)
    assert isinstance(content, Listing)
    return (party, content.list, str(content.listed_on), content.doc_no or "")


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def caller() -> Caller:
    return Caller("importer", "导入", frozenset({Scope.RECORD, Scope.ADMIN}))


def _credit_code(number: int, prefix: str = "91", region: str = "512002") -> str:
    body = f"MAF{number:05d}"
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    first17 = prefix + region + body + "0X987654321"[total % 11]
    return first17 + uscc.calc_check_digit(first17)


@pytest.fixture
def credit_code() -> Callable[..., str]:
    """Make the n-th synthetic credit code."""
    return _credit_code


@pytest.fixture
def identity_number() -> Callable[[int], str]:
    """Make the n-th synthetic identity number, of somebody born in 1908."""

    def make(number: int) -> str:
        bare = f"11010519080101{number:03d}"
        return bare + mod_11_2.calc_check_digit(bare)

    return make


def csv_bytes(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a CSV file in an encoding."""

    def write(rows: Rows, encoding: str = "utf-8", name: str = "rows.csv", delimiter: str = ",") -> Path:
        path = tmp_path / name
        path.write_bytes(csv_bytes(rows, encoding, delimiter))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a workbook."""

    def write(rows: Rows, name: str = "rows.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def write_json(tmp_path: Path) -> Callable[..., Path]:
    """Write a value as JSON text in an encoding."""

    def write(value: object, encoding: str = "utf-8", name: str = "rows.json") -> Path:
        path = tmp_path / name
        path.write_bytes(json.dumps(value, ensure_ascii=False).encode(encoding))
        return path

    return write
