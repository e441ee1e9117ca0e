"""Says in a few lines who is who and what was recorded, then asks.

A story is put together from the contract's own field names and made into ``Facts`` without a store. What it leaves out
is the default project P0: government procurement in Sichuan, lot 1, deadline 2026-06-10 09:30, cut-off 14:00, every
list fresh since 08:00. Names and codes are invented.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final

from stdnum.cn import uscc

from credit.model.facts import Dossier, Facts
from credit.model.party import Party, PartyId, PartyKind, Relation, RelationEnd, Role
from credit.model.plain import from_plain, to_plain
from credit.model.project import Project, RecordedBid, Sync, SyncOutcome
from credit.model.question import Activity, Bid, Member, Question
from credit.model.record import Event, Listing, Penalty, Record, RecordId, Source
from credit.model.verdict import Answer, Effect, Finding, Result, Verdict
from credit.model.when import SHANGHAI
from credit.regions import Regions
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules, evaluate

DAY: Final = timedelta(days=1)
P0: Final = date(2026, 6, 10)
ASKED: Final = datetime(2026, 11, 21, tzinfo=UTC)
LISTS: Final = tuple(f"L{n:02d}" for n in range(1, 29))
CATALOGUE: Final = Catalogue.load()
REGIONS: Final = Regions.load()
FINANCE: Final = {"name": "资阳市财政局", "region": "512000", "level": "city"}
MARKET: Final = {"name": "资阳市市场监督管理局", "region": "512000", "level": "city"}
HOUSING: Final = {"name": "资阳市住房和城乡建设局", "region": "512000", "level": "city"}
UNWILLING: Final = "有履行能力而拒不履行生效法律文书确定义务"

Members = str | Sequence[str | Member] | Bid
Data = dict[str, Any]


def credit_code(number: int) -> str:
    """Make a valid code of the invented MAF series."""
    body = f"MAF{number:05d}"
    left = 11 - sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    first = f"91512002{body}{ {10: 'X', 11: '0'}.get(left, str(left)) }"
    return first + uscc.calc_check_digit(first)


def at(text: str) -> datetime:
    """Read an instant of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def when(day: date, hour: str = "14:00") -> datetime:
    """Return an instant of a day in Shanghai."""
    return at(f"{day}T{hour}")


@dataclass
class Story:
    """Facts in the making; every method that adds one returns its id."""

    parties: dict[PartyId, Party] = field(default_factory=dict[PartyId, Party])
    records: dict[RecordId, Record] = field(default_factory=dict[RecordId, Record])
    relations: list[Relation] = field(default_factory=list[Relation])
    syncs: list[Sync] = field(default_factory=list[Sync])
    held_project: Project | None = None
    bids: list[RecordedBid] = field(default_factory=list[RecordedBid])
    catalogue: Catalogue = CATALOGUE
    allowed: timedelta = timedelta(hours=72)
    asked_at: datetime = ASKED
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    # ---------------------------------------------------------------- who

    def firm(self, name: str | None = None, **more: object) -> PartyId:
        n = next(self.numbers)
        return self.party(more.pop("id", None) or credit_code(n), name=name or f"资阳试例{n}商贸有限公司", **more)

    def person(self, name: str = "欧阳试例", **more: object) -> PartyId:
        return self.party(f"person:p{next(self.numbers)}", kind="person", name=name, **more)

    def party(self, party: object, **body: object) -> PartyId:
        said: Data = {"id": party, "kind": "organisation", "roles": ["supplier"], "region": "512002", **body}
        made = from_plain(Party, said)
        self.parties[made.id] = made
        return made.id

    def correct(self, party: PartyId, **body: object) -> None:
        """Say fields of a party anew."""
        self.parties[party] = from_plain(Party, {**to_plain(self.parties[party]), **body})

    def relate(self, kind: str, source: str, target: str, **body: object) -> str:
        n = next(self.numbers)
        said: Data = {"id": f"rel{n}", "kind": kind, "source": source, "target": target, "tick": n, **body}
        self.relations.append(from_plain(Relation, said))
        return f"rel{n}"

    def leads(self, person: str, firm: str, **body: object) -> str:
        return self.relate("unit_leader", person, firm, **body)

    def holds(self, holder: str, firm: str, share: str | None, **body: object) -> str:
        return self.relate("shareholder", holder, firm, share=share, **body)

    def ends(self, relation: str, until: date) -> None:
        """Say later that a relation ends (or ended) on a day, exclusive."""
        end = RelationEnd(until, None, next(self.numbers))
        self.relations = [replace(r, ends=(*r.ends, end)) if r.id == relation else r for r in self.relations]

    # ---------------------------------------------------------------- what was recorded

    def penalty(self, party: str, *kinds: str, **body: object) -> RecordId:
        """A decision of the market regulator; of its sector's fine line it was looked up that there is none."""
        said: Data = {
            "doc_no": f"测罚〔2025〕{next(self.numbers)}号",
            "authority": MARKET,
            "decided_on": "2025-03-03",
            "violation": "违反市场监督管理规定的经营行为",
            "category": "other",
            "kinds": list(kinds),
            "legal_basis": ["产品质量法 49"],
            "sector": "制造业",
            "sector_line": {"checked_on": "2026-06-01", "amount": None},
            **body,
        }
        return self._record(party, from_plain(Penalty, _texts(said)))

    def fine(self, party: str, amount: str, **body: object) -> RecordId:
        return self.penalty(party, "fine", **{"fine": amount, **body})

    def ban(self, party: str, **body: object) -> RecordId:
        """A finance bureau's decision by 采购法 77; the ban's own fields stand among the decision's, ``from_`` too."""
        keys = ("scope", "from_", "until", "months", "region", "indefinite")
        ban = {"scope": "procurement"} | {k.rstrip("_"): body.pop(k) for k in keys if k in body}
        said: Data = {
            "authority": FINANCE,
            "decided_on": "2026-01-15",
            "violation": "提供虚假材料谋取中标",
            "category": "false_materials",
            "legal_basis": ["采购法 77"],
            "kinds": ["ban"],
            "ban": _texts(ban),
            **body,
        }
        return self.penalty(party, **said)

    def listing(self, party: str, list_id: str, **body: object) -> RecordId:
        """An entry; on L03 by the ground that has no term."""
        ground = UNWILLING if list_id == "L03" else None
        said: Data = {"list": list_id, "listed_on": "2025-08-04", "ground": ground, **body}
        return self._record(party, from_plain(Listing, _texts(said)))

    def happens(self, record: RecordId, kind: str, on: date | str, **body: object) -> None:
        """Something happens to a record; ``changes`` of an amendment is an object."""
        n = next(self.numbers)
        said: Data = {"id": f"evt{n}", "kind": kind, "on": str(on), "tick": n, **body}
        if "changes" in body:
            said["changes"] = json.dumps(body["changes"])
        held = self.records[record]
        self.records[record] = replace(held, events=(*held.events, from_plain(Event, said)))

    def _record(self, party: str, content: Penalty | Listing) -> RecordId:
        n = next(self.numbers)
        made = Record(RecordId(f"rec{n}"), PartyId(party), content, Source("试例"), n, "key")
        self.records[made.id] = made
        return made.id

    # ---------------------------------------------------------------- sources and projects

    def sync(
        self, list_id: str, finished: str, outcome: str = "complete", *, silent: Sequence[str] = (), seen: str = ""
    ) -> None:
        n = next(self.numbers)
        kinds, seen_at = tuple(map(PartyKind, silent)), at(seen) if seen else None
        self.syncs.append(Sync(f"syn{n}", list_id, at(finished), SyncOutcome(outcome), 1000, n, kinds, seen_at))

    def project(self, number: str = "N51-1", **body: object) -> None:
        said: Data = {
            "id": "prj1",
            "project_no": number,
            "name": "办公设备采购项目",
            "domain": "government_procurement",
        }
        said |= {"region": "510000", "purchaser": credit_code(99999), "agency": None, "notice_on": "2026-05-15"}
        self.held_project = from_plain(Project, {**said, "deadline": when(P0, "09:30").isoformat(), **body})

    def bid(self, *members: str, lot: str | None = "1", **signals: str) -> None:
        """A bid as the platform recorded it, with the traces of its file."""
        n = next(self.numbers)
        said: Data = {"id": f"bid{n}", "lot": lot, "members": list(members), "lead": members[0], "signals": signals}
        self.bids.append(from_plain(RecordedBid, {**said, "tick": n}))

    # ---------------------------------------------------------------- asking

    def facts(self, fresh: date | None = P0) -> Facts:
        """All facts; ``fresh``: every list was synchronised that day at 08:00."""
        day = [] if fresh is None else [when(fresh, "08:00")]
        own = [Sync(f"fresh-{x}", x, instant, SyncOutcome.COMPLETE, 1000) for x in LISTS for instant in day]
        records = {p: tuple(r for r in self.records.values() if r.party == p) for p in self.parties}
        names = {str(p): p for p in self.parties}
        organisations = {f"org:{p[8:17]}": p for p in self.parties if ":" not in p}
        return Facts(
            known=next(self.numbers),
            resolved=names | organisations,
            dossiers={p: Dossier(party, records[p]) for p, party in self.parties.items()},
            relations=tuple(self.relations),
            syncs=(*own, *self.syncs),
            project=self.held_project,
            recorded_bids=tuple(self.bids),
        )

    def question(self, *bids: Members, on: date = P0, role: str = "supplier", **over: object) -> Question:
        said = tuple(_bid(b, chr(ord("A") + n), role) for n, b in enumerate(bids))
        return Question(activity(on, **over), said, self.asked_at)

    def ask(self, *bids: Members, on: date = P0, role: str = "supplier", **over: object) -> Answer:
        """Ask of bids that compete; each is one member's id, several, or a whole ``Bid``."""
        return self.answer(self.question(*bids, on=on, role=role, **over), self.facts(fresh=on))

    def answer(self, question: Question, facts: Facts) -> Answer:
        return evaluate(facts, Rules(self.catalogue, REGIONS, self.allowed), question)

    def result(self, *members: str | Member, on: date = P0, role: str = "supplier", **over: object) -> Result:
        """Ask of one bid."""
        return self.ask(members, on=on, role=role, **over).results[0]

    def verdict(self, *members: str | Member, on: date = P0, role: str = "supplier", **over: object) -> Verdict:
        return self.result(*members, on=on, role=role, **over).verdict


def activity(on: date = P0, **over: object) -> Activity:
    """P0 moved to another day; instants may be given as texts of Shanghai."""
    said: Data = {"domain": "government_procurement", "region": "510000", "lot": "1"}
    said |= {"notice_on": str(on - 26 * DAY), "deadline": f"{on}T09:30", "cut_off": f"{on}T14:00", **over}
    for key in ("deadline", "cut_off"):
        if isinstance(said[key], str):
            said[key] = at(str(said[key])).isoformat()
    return from_plain(Activity, said)


def _bid(members: Members, ref: str, role: str) -> Bid:
    if isinstance(members, Bid):
        return members
    each = [members] if isinstance(members, str) else members
    return Bid(ref, Role(role), tuple(m if isinstance(m, Member) else Member(m) for m in each))


def _texts(said: Data) -> Data:
    """Write days as the contract does."""
    return {key: str(value) if isinstance(value, date) else value for key, value in said.items()}


def found(result: Result, rule: str) -> Finding:
    """Return the finding by a rule; there must be one."""
    return next(f for f in result.findings if f.rule == rule)


def effects(result: Result) -> dict[str, Effect]:
    """Return what each rule that bit does, the strictest where it bit twice."""
    return {f.rule: f.effect for f in sorted(result.findings, key=lambda f: f.effect.rank)}


def bearing(result: Result) -> set[RecordId]:
    """Return the records that the findings name."""
    return {r for f in result.findings for r in f.records}


def questions(result: Result) -> set[str]:
    return {f.question for f in result.findings if f.question}
