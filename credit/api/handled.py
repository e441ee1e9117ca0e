"""What the routes of "Acting on it" share: finding one matter, walking all of a kind, naming what a matter is about.

A matter is shown to few: to its authority and ``admin``, some kinds to the party itself. To others it is not there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from credit.api.deps import Asked, Paging
from credit.api.replies import read_cursor, write_cursor
from credit.errors import NumberAmbiguous, Unknown
from credit.identifiers import parse
from credit.model.caller import Caller, Scope
from credit.model.matter import Content, Happening, Matter, MatterKind
from credit.model.matters import AnyMatter, Case, CaseEvent, of_shape
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.record import Authority, Record
from credit.model.statements import Outcome
from credit.model.when import legal_day
from credit.registry.rights import same_authority
from credit.rules.periods import Periods

C = TypeVar("C", bound=Content)
H = TypeVar("H", bound=Happening)
STRIDE: Final = 500
STRIDES: Final = 20
"""Matters read at once, and how often, before a page is ended short: it is gone on with its cursor."""
_IDS: Final = ("pen_", "lst_", "prj_", "cmp_", "cas_", "cor_", "att_")
"""What begins an id: such names are held against the graph when the matter is written."""


@dataclass(frozen=True, slots=True)
class Sort(Generic[C, H]):
    """A kind of matter as routes know it: its types, who is shown it, and what is said where there is none."""

    kind: MatterKind
    content: type[C]
    event: type[H]
    shown: Callable[[Caller, C], bool]
    zh: str
    en: str


def today(ask: Asked) -> date:
    """Return the legal day of now."""
    return legal_day(ask.services.clock.now())


def periods(ask: Asked) -> Periods:
    """Return the legal periods in force."""
    return ask.services.supervision.practice.periods


def is_office(caller: Caller, authority: Authority | None) -> bool:
    """Tell whether a caller is an authority itself, or ``admin``."""
    if caller.has(Scope.ADMIN):
        return True
    return authority is not None and caller.authority is not None and same_authority(authority, caller.authority)


def is_any_office(caller: Caller) -> bool:
    """Tell whether a caller is bound to some authority, or ``admin``."""
    return caller.authority is not None or caller.has(Scope.ADMIN)


def names_authority(authority: Authority, asked: str | None) -> bool:
    """Tell whether an authority is the one asked for, by name or id; None asks for all."""
    return asked is None or normal(authority.name) == normal(asked) or authority.id == asked


async def one(ask: Asked, sort: Sort[C, H], name: str) -> Matter[C, H]:
    """Return the one matter of an id or number that the caller is shown.

    Raises:
        Unknown: there is none.
        NumberAmbiguous: several authorities gave this number.
    """
    held = of_shape(await ask.services.matters.named(sort.kind, name), sort.content, sort.event)
    found = [matter for matter in held if sort.shown(ask.caller, matter.content)]
    if not found:
        raise Unknown(sort.zh, sort.en)
    if len(found) > 1:
        raise NumberAmbiguous("有多件使用该编号，请改用登记编号。", "Several bear this number. Use the id")
    return found[0]


def written(sort: Sort[C, H], outcome: Outcome) -> Matter[C, H]:
    """Return the matter that the caller has just written, or written to."""
    (matter,) = of_shape([outcome.matter] if outcome.matter else [], sort.content, sort.event)
    return matter


def event_of(events: Sequence[H], event_id: str) -> H:
    """Return an event by its id.

    Raises:
        Unknown: there is none.
    """
    found = next((event for event in events if event.id == event_id), None)
    if found is None:
        raise Unknown("没有此事件。", "There is no such event")
    return found


async def walk(
    ask: Asked, sort: Sort[C, H], page: Paging, fits: Callable[[Matter[C, H]], bool]
) -> tuple[list[Matter[C, H]], str | None]:
    """Gather a page of the matters of a kind that the caller is shown, newest first, with the cursor of the next.

    A page may hold fewer than asked for where many do not fit: the cursor says whether to go on.
    """
    before = read_cursor(page.after) if page.after else None
    found: list[Matter[C, H]] = []
    for _ in range(STRIDES):
        rows = await ask.services.matters.page(sort.kind, before=before, limit=STRIDE)
        held = of_shape(rows, sort.content, sort.event)
        found += [matter for matter in held if sort.shown(ask.caller, matter.content) and fits(matter)]
        if len(found) > page.limit:
            return found[: page.limit], write_cursor(found[page.limit - 1].nth)
        if len(rows) < STRIDE:
            return found, None
        before = rows[-1].nth
    return found, write_cursor(before or 0)


async def of_party(
    ask: Asked, sort: Sort[C, H], party: PartyId, page: Paging, fits: Callable[[Matter[C, H]], bool]
) -> tuple[list[Matter[C, H]], str | None]:
    """Gather a page of the matters of a kind that concern a party and that the caller is shown, newest first."""
    before = read_cursor(page.after) if page.after else None
    held = (await ask.services.matters.concerning([party])).get(party, ())
    found = [
        matter
        for matter in of_kind(held, sort)
        if (before is None or matter.nth < before) and sort.shown(ask.caller, matter.content) and fits(matter)
    ]
    found.sort(key=lambda matter: matter.nth, reverse=True)
    more = len(found) > page.limit
    return found[: page.limit], write_cursor(found[page.limit - 1].nth) if more else None


def of_kind(matters: Sequence[AnyMatter], sort: Sort[C, H]) -> list[Matter[C, H]]:
    """Return the matters of one kind: two kinds may have one type of content."""
    return [matter for matter in of_shape(matters, sort.content, sort.event) if matter.kind is sort.kind]


async def named(ask: Asked, party: str) -> PartyId | None:
    """Return the id that a party has now; None where it is not registered.

    Raises:
        IdentifierInvalid: the id is of no right form.
    """
    held = await ask.services.browser.party(parse(party).id)
    return held.party.id if held else None


# ---------------------------------------------------------------- what a matter is about


async def about(ask: Asked, names: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of records, complaints, cases and projects that are named by id or unambiguous number.

    Raises:
        Unknown: nothing held has such a name.
        NumberAmbiguous: it may mean several.
    """
    found = [await _about_one(ask, name, f"/about/{place}") for place, name in enumerate(names)]
    return tuple(dict.fromkeys(found))


async def _about_one(ask: Asked, name: str, pointer: str) -> str:
    if name.startswith(_IDS):
        return name
    matters = ask.services.matters
    ids = [str(m.id) for kind in (MatterKind.COMPLAINT, MatterKind.CASE) for m in await matters.named(kind, name)]
    ids += [project.id for project in await ask.services.browser.project(name)]
    ids += [str(record.id) for record in await ask.services.browser.record(name)]
    if not ids:
        raise Unknown(f"没有 {name}。", f"There is no {name}", pointer=pointer)
    if len(set(ids)) > 1:
        raise NumberAmbiguous(
            f"{name} 对应多件，请用登记编号。", f"{name} may mean several. Use the id", pointer=pointer
        )
    return ids[0]


async def case_ids(
    ask: Asked, authority: Authority, numbers: Mapping[str, str], *, own_only: bool = False
) -> tuple[str, ...]:
    """Return the ids of cases by number or id (numbers by their place in the body): the authority's own come first.

    ``own_only``: another authority's case is not there, for what is tied to it would keep it from being closed.

    Raises:
        Unknown: there is no such case.
        NumberAmbiguous: several other authorities gave the number.
    """
    found: dict[str, None] = {}
    for pointer, number in numbers.items():
        held = of_shape(await ask.services.matters.named(MatterKind.CASE, number), Case, CaseEvent)
        own = [case for case in held if same_authority(case.content.authority, authority)]
        meant = own if own_only else own or held
        if not meant:
            raise Unknown(f"没有案件 {number}。", f"There is no case {number}", pointer=pointer)
        if len(meant) > 1:
            raise NumberAmbiguous(
                f"有多个案件使用编号 {number}。", f"Several cases bear {number}. Use the id", pointer=pointer
            )
        found[meant[0].id] = None
    return tuple(found)


async def project_ids(ask: Asked, project_no: str | None) -> tuple[str, ...]:
    """Return the id of the project of a number, where it is recorded and no other bears it."""
    projects = await ask.services.browser.project(project_no) if project_no else ()
    return (projects[0].id,) if len(projects) == 1 else ()


async def record_named(ask: Asked, name: str) -> Record | None:
    """Return the record of an id."""
    found = [record for record in await ask.services.browser.record(name) if record.id == name]
    return found[0] if found else None
