"""OCDS: contracting processes as projects with their lots, bidders and awards.

The process is read as it stands after its last release (``importers.ocds_merge``). A bid is won where an active award
names its bidder; others of a lot that is surely decided are lost; a pending, cancelled or unsuccessful award has no
winner. Several suppliers of one award are a consortium led by the first, but in a framework agreement each is for
itself. Complaints are rows of their own (``importers.ocds_complaints``): a process set aside takes none with it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.party import Role
from credit.model.project import BidOutcome, Domain, Lot
from credit.model.record import Source
from credit.model.statements import BidInProject, BidStatement, LoadRow, ProjectStatement
from importers.foreign import word
from importers.instants import instant_of
from importers.ocds_complaints import ComplaintWords, complaints_in
from importers.ocds_parties import Directory
from importers.schemes import Schemes
from importers.shapes import is_list, is_object, object_in, objects_in
from importers.source import Importer, Rejected, Row, SourceSpec, describe, refused

_AMOUNT: Final = re.compile(r"\d{1,15}(?:\.\d+)?")
_CENTS: Final = Decimal("0.01")
_Json = Mapping[str, Any]


class OcdsSpec(SourceSpec):
    """The TOML of OCDS: what the states of awards and bids mean; an empty word leaves the bid out."""

    awards: Mapping[str, str]
    bids: Mapping[str, str]
    complaints: ComplaintWords


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: OcdsSpec
    schemes: Schemes

    def read_all(self, row: Row, source: Source) -> Sequence[LoadRow | Rejected]:
        """Read a process, then each of its complaints; one that cannot be read is rejected for itself."""
        process: dict[str, Any] = json.loads(row["process"], parse_float=Decimal)
        letters = complaints_in(row, process, words=self.spec.complaints, schemes=self.schemes, source=source)
        try:
            told: LoadRow | Rejected = self._project(row, process)
        except Malformed as error:
            told = refused(row, error)
        return (told, *letters)

    def read(self, row: Row, source: Source) -> LoadRow:  # noqa: ARG002 - projects carry no source
        """Read a process without its complaints."""
        return self._project(row, json.loads(row["process"], parse_float=Decimal))

    def _project(self, row: Row, process: _Json) -> LoadRow:
        """Return the parties that a process names, the project, a bid for each bidder and lot."""
        directory = Directory.of(row["ocid"], process, self.schemes)
        project = _project(row["ocid"], process, directory)
        bids = tuple(
            BidInProject(project=project.project_no, bid=bid) for bid in self._bids(process, directory, project.lots)
        )
        return LoadRow(row=row.number, parties=directory.named, projects=(project,), bids=bids, doubts=_doubts(process))

    def _bids(self, process: _Json, directory: Directory, lots: Sequence[Lot]) -> list[BidStatement]:
        """Every bid once by lot and lead: as bid, as awarded, and bidders of whom nothing more is told."""
        bids: dict[tuple[str | None, str], BidStatement] = {}
        known = {lot.lot for lot in lots}
        for bid in (*self._offered(process, directory), *self._awarded(process, directory)):
            if bid.lot is not None and bid.lot not in known:
                raise FieldInvalid(f"没有标包 {bid.lot}", f"there is no lot {bid.lot}")
            before = bids.get((bid.lot, bid.lead))
            bids[bid.lot, bid.lead] = _joined(before, bid)
        seen = {member for bid in bids.values() for member in bid.members}
        for party in objects_in(object_in(process, "tender"), "tenderers"):
            member = directory.member(party, Role.SUPPLIER)
            if member not in seen:
                bids[None, member] = BidStatement(lot=None, members=(member,), lead=member)
        return _decided(list(bids.values()), process, lots=len(lots))

    def _offered(self, process: _Json, directory: Directory) -> Iterator[BidStatement]:
        """The bids of the bid extension."""
        for bid in objects_in(object_in(process, "bids"), "details"):
            outcome = self.spec.bids.get(word(str(bid.get("status") or "pending")))
            if outcome is None:
                raise FieldInvalid(
                    f"投标状态“{bid['status']}”无法识别", f"the bid status {bid['status']!r} is not known"
                )
            members = tuple(dict.fromkeys(directory.member(p, Role.SUPPLIER) for p in objects_in(bid, "tenderers")))
            if outcome and members:
                for lot in _lots_of(bid):
                    yield BidStatement(
                        lot=lot, members=members, lead=members[0], price=_yuan(bid), result=BidOutcome(outcome)
                    )

    def _awarded(self, process: _Json, directory: Directory) -> Iterator[BidStatement]:
        """What awards tell of their suppliers; one that was cancelled or failed, or has no status, tells nothing."""
        framework = object_in(object_in(process, "tender"), "techniques").get("hasFrameworkAgreement") is True
        for award in objects_in(process, "awards"):
            told = word(str(award.get("status") or ""))
            if told and told not in self.spec.awards:
                raise FieldInvalid(
                    f"中标状态“{award['status']}”无法识别", f"the award status {award['status']!r} is not known"
                )
            outcome = self.spec.awards.get(told)
            suppliers = tuple(dict.fromkeys(directory.member(p, Role.SUPPLIER) for p in objects_in(award, "suppliers")))
            if not outcome or not suppliers:
                continue
            groups = [(s,) for s in suppliers] if framework else [suppliers]
            for lot in _lots_of(award):
                for group in groups:
                    price = _yuan(award) if len(groups) == 1 else None
                    yield BidStatement(lot=lot, members=group, lead=group[0], price=price, result=BidOutcome(outcome))


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("ocds", OcdsSpec)
    reader = _Reader(spec, Schemes.load())
    return Importer(spec, reader.read, reader.read_all)


def _doubts(process: _Json) -> tuple[tuple[str, str], ...]:
    """Say of awards without a status that they were left out."""
    bare = [a for a in objects_in(process, "awards") if not a.get("status") and objects_in(a, "suppliers")]
    if not bare:
        return ()
    zh = f"有 {len(bare)} 项中标记录没有状态，未据此登记中标结果，请人工核对"
    return ((zh, f"{len(bare)} awards have no status: no result was recorded of them"),)


def _project(ocid: str, process: _Json, directory: Directory) -> ProjectStatement:
    tender = object_in(process, "tender")
    titles = [tender.get("title"), tender.get("description"), *(a.get("title") for a in objects_in(process, "awards"))]
    name = next((t.strip() for t in titles if isinstance(t, str) and t.strip()), None)
    if name is None:
        raise FieldInvalid("采购过程没有标题", "the process has no title")
    buyer, entity = process.get("buyer"), tender.get("procuringEntity")
    first = buyer or entity
    if not is_object(first):
        raise FieldInvalid("采购过程没有采购人", "the process names no buyer")
    purchaser = directory.member(first, Role.PURCHASER)
    agency = directory.member(entity, Role.AGENCY, instead_of=purchaser) if is_object(entity) else None
    period = object_in(tender, "tenderPeriod")
    notice = instant_of(period.get("startDate"), "招标开始时间")
    return ProjectStatement(
        project_no=ocid,
        name=redact(name),
        domain=Domain.OTHER,
        region=None,
        purchaser=purchaser,
        agency=agency if agency != purchaser else None,
        notice_on=notice.date() if notice else None,
        deadline=_deadline(period),
        lots=tuple(_lot(lot) for lot in objects_in(tender, "lots")),
    )


def _deadline(period: _Json) -> datetime:
    deadline = instant_of(period.get("endDate"), "投标截止时间")
    if deadline is None:
        raise FieldInvalid("没有投标截止时间（tenderPeriod.endDate）", "no deadline for tenders (tenderPeriod.endDate)")
    return deadline


def _lot(lot: _Json) -> Lot:
    return Lot(lot=str(lot.get("id") or "1"), category=None, budget=_yuan(lot))


def _yuan(thing: _Json) -> Decimal | None:
    """Return a value that is in yuan."""
    value = object_in(thing, "value")
    amount = str(value.get("amount"))
    if value.get("currency") != "CNY" or not _AMOUNT.fullmatch(amount):
        return None
    return Decimal(amount).quantize(_CENTS)


def _lots_of(thing: _Json) -> Sequence[str | None]:
    lots: Any = thing.get("relatedLots")
    return [str(lot) for lot in lots] if is_list(lots) and lots else [None]


def _joined(before: BidStatement | None, bid: BidStatement) -> BidStatement:
    """What two tellings of one bid come to: an award decides, and keeps the price that the bid named."""
    if before is None:
        return bid
    decided = bid if bid.result is not BidOutcome.PENDING else before
    members = before.members if len(before.members) >= len(bid.members) else bid.members
    return replace(decided, members=members, price=before.price if before.price is not None else bid.price)


def _decided(bids: Sequence[BidStatement], process: _Json, *, lots: int) -> list[BidStatement]:
    """Call those lost whose lot was won by another, or whose tender failed; what may still be decided stays open.

    An award or a bid that names no lot is about the whole only where there is no more than one lot.
    """
    won = {bid.lot for bid in bids if bid.result is BidOutcome.WON}
    open_still = any(award.get("status") == "pending" for award in objects_in(process, "awards"))
    failed = object_in(process, "tender").get("status") in {"unsuccessful", "cancelled"}
    single = lots <= 1 and bool(won) and not open_still

    def lost(bid: BidStatement) -> bool:
        return bid.result is BidOutcome.PENDING and (failed or single or (bid.lot is not None and bid.lot in won))

    return [replace(bid, result=BidOutcome.LOST) if lost(bid) else bid for bid in bids]
