"""The complaints of a batch of import rows: read once, planned row by row, written with the rest.

A row is held to what the API asks (`credit.registry.matters`): the office's own key or ``admin``, one content under
one natural key, items that the complaint has. Counts, roll and proposals follow once all of the batch is written.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from credit.errors import Conflict, FieldInvalid
from credit.model.caller import Caller
from credit.model.complaint import Complaint, ComplaintEvent, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind, parties_of
from credit.model.matters import AnyMatter, of_shape
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.statements import ComplaintInRow, LoadRow, Outcome, Written
from credit.names import same_name
from credit.ports import WriteUnit
from credit.registry.complaints import Ledger
from credit.registry.events import must_fit, must_stand, told_before
from credit.registry.natural import held_under, natural_keys, near_of, says_same, told_again
from credit.registry.parties import PartyPlan
from credit.registry.rights import must_be_own


def ids_in(row: LoadRow) -> Iterator[str]:
    """The parties that a row's complaints name."""
    for said in row.complaints:
        yield from (party for _, party in parties_of(said.content))


@dataclass(slots=True)
class Docket:
    """Complaints by their natural key: as held before the batch, and as they will be after it."""

    unit: WriteUnit
    caller: Caller
    plan: PartyPlan
    ledger: Ledger | None
    before: dict[str, HeldComplaint] = field(default_factory=dict[str, HeldComplaint])
    now: dict[str, HeldComplaint] = field(default_factory=dict[str, HeldComplaint])
    near: dict[str, list[HeldComplaint]] = field(default_factory=dict[str, list[HeldComplaint]])
    projects: dict[str, str] = field(default_factory=dict[str, str])
    _steps: list[tuple[str, HeldComplaint | None]] = field(default_factory=list[tuple[str, HeldComplaint | None]])

    async def read(self, rows: Sequence[LoadRow]) -> None:
        """Read the complaints that rows tell of, and the projects that these name."""
        told = [said.content for row in rows for said in row.complaints]
        if not told:
            return
        held = await self.unit.matters.by_keys(list(dict.fromkeys(key for said in told for key in self._keys(said))))
        self.before = {
            key: letter for key, one in held.items() for letter in of_shape([one], Complaint, ComplaintEvent)
        }
        self.now = dict(self.before)
        fresh = [said for said in told if all(key not in held for key in self._keys(said))]
        for letter in of_shape(await near_of(self.unit, MatterKind.COMPLAINT, fresh), Complaint, ComplaintEvent):
            self.near.setdefault(normal(letter.content.complaint_no), []).append(letter)
        await self._read_projects({normal(c.project_no): c.project_no for c in told if c.project_no is not None})

    async def _read_projects(self, numbers: Mapping[str, str]) -> None:
        if not numbers:
            return
        found = await self.unit.projects.named(list(numbers.values()))
        for key, number in numbers.items():
            named = found.get(number, ())
            if len(named) == 1:
                self.projects[key] = named[0].id

    def mark(self) -> int:
        """Name this point, to which what is planned later can be taken back."""
        return len(self._steps)

    def back_to(self, mark: int) -> None:
        """Take back what was planned after a point."""
        while len(self._steps) > mark:
            key, before = self._steps.pop()
            if before is None:
                del self.now[key]
            else:
                self.now[key] = before

    async def take(self, said: ComplaintInRow) -> Outcome:
        """Plan a complaint with its events; what is held of it already stays as it is.

        Raises: NotYourAuthority, PartyUnknown, Conflict, FieldInvalid.
        """
        if self.ledger is None:
            raise FieldInvalid("此处没有投诉台账", "there is no ledger of complaints here", pointer="/complaints")
        must_be_own(self.caller, said.content.office)
        content = self._resolved(said.content)
        key, held = held_under(MatterKind.COMPLAINT, content, self._keys(content), self.now)
        held = held or self._told_again(key, content)
        if held is None:
            await must_stand(self.unit, self.plan, content)
            held = self._step(key, None, self._opened(content))
            written = Written.CREATED
        elif not says_same(MatterKind.COMPLAINT, held.content, content):
            raise Conflict(
                "同一机关的同一投诉编号已按其他内容登记",
                "another content is recorded under this office and number",
                matter=held.id,
            )
        else:
            written = Written.UNCHANGED
        for event in said.events:
            held, new = await self._follow(key, held, event)
            written = Written.CREATED if new else written
        return Outcome(held.id, written, matter=held)

    def _told_again(self, key: str, content: Complaint) -> HeldComplaint | None:
        """Find a complaint that its office told in another way before; from here on it stands under this key."""
        near = self.near.get(normal(content.complaint_no), ())
        found = told_again(MatterKind.COMPLAINT, content, near) if near else None
        if found is not None:
            self.before[key] = self.now[key] = found
        return found

    def must_be_named(self, row: LoadRow) -> None:
        """Let a row pass whose parties have the names that the registry holds under their codes, now or formerly.

        A code that stands beside another's name would put an outcome on a party that never complained.

        Raises: Conflict.
        """
        for said in row.parties if row.complaints else ():
            held = self.plan.held.get(said.id or "")
            if held is None or not isinstance(said.name, str):
                continue
            names = (held.party.name, *held.party.former_names)
            if not any(same_name(said.name, name) for name in names):
                raise Conflict(
                    f"{said.id} 登记的名称是“{held.party.name}”，与“{said.name}”不一致，请人工核对",
                    "the party of this code is registered under another name",
                )

    def _resolved(self, content: Complaint) -> Complaint:
        """Return a complaint with its parties by their id of now."""
        named = [(role, self.plan.named(ref, f"/{role}").party.id) for role, ref in parties_of(content)]

        def of(role: str) -> tuple[PartyId, ...]:
            return tuple(dict.fromkeys(party for r, party in named if r == role))

        return replace(content, complainants=of("complainants"), respondents=of("respondents"))

    def _opened(self, content: Complaint) -> HeldComplaint:
        name = MatterId("cmp_" + secrets.token_hex(12))
        return Matter(name, MatterKind.COMPLAINT, content, self.unit.next_tick(), self.caller.id)

    async def _follow(self, key: str, held: HeldComplaint, event: ComplaintEvent) -> tuple[HeldComplaint, bool]:
        matter = cast("AnyMatter", held)
        if told_before(matter, event) is not None:
            return held, False
        await must_fit(self.unit, matter, event)
        name, tick = "mev_" + secrets.token_hex(12), self.unit.next_tick()
        fresh = replace(event, id=name, tick=tick, recorded_by=self.caller.id)
        return self._step(key, held, replace(held, events=(*held.events, fresh))), True

    def _step(self, key: str, before: HeldComplaint | None, after: HeldComplaint) -> HeldComplaint:
        self._steps.append((key, before))
        self.now[key] = after
        return after

    async def save(self) -> None:
        """Write what the sound rows add, and what follows from it."""
        changed = {key: self.now[key] for key, _ in self._steps}
        opened = {key: replace(letter, events=()) for key, letter in changed.items() if key not in self.before}
        await self.unit.matters.save(
            MatterKind.COMPLAINT, [(k, c.content.complaint_no, cast("AnyMatter", c)) for k, c in opened.items()]
        )
        numbers = (letter.content.project_no or "" for letter in opened.values())
        await self._read_projects({key: n for n in numbers if (key := normal(n)) and key not in self.projects})
        for letter in opened.values():
            project = self.projects.get(normal(letter.content.project_no or ""))
            if project is not None:
                await self.unit.matters.tie_to(letter.id, (project,))
        for key, letter in changed.items():
            for event in letter.events[len(self._events_before(key)) :]:
                await self.unit.matters.append(letter.id, event)
        for key, letter in changed.items():
            await self._follow_from(opened.get(key), self.before.get(key), letter)

    async def _follow_from(
        self, opened: HeldComplaint | None, before: HeldComplaint | None, now: HeldComplaint
    ) -> None:
        """Bring counts and proposals up to a complaint: it came in, then something happened to it."""
        if self.ledger is None:
            return
        if opened is not None:
            await self.ledger.follow(self.unit, None, cast("AnyMatter", opened))
        if now.events:
            await self.ledger.follow(self.unit, cast("AnyMatter", before or opened), cast("AnyMatter", now))

    def announce(self) -> None:
        """Tell what was written."""
        for key in dict.fromkeys(key for key, _ in self._steps):
            letter = self.now[key]
            parties = list(dict.fromkeys(party for _, party in parties_of(letter.content)))
            if key not in self.before:
                self.unit.announce("complaint.opened", letter.id, parties)
            if len(letter.events) > len(self._events_before(key)):
                self.unit.announce("complaint.followed", letter.id, parties)

    def _events_before(self, key: str) -> Sequence[ComplaintEvent]:
        return self.before[key].events if key in self.before else ()

    def _keys(self, content: Complaint) -> tuple[str, ...]:
        return natural_keys(MatterKind.COMPLAINT, content, {}, self.caller)
