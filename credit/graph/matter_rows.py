"""Rows of matters to domain types and back; parties stand in a body by their inner key."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from credit.graph.bolt import Row
from credit.graph.mapping import RowUnreadable, json_text, load, read
from credit.model.matter import Content, Happening, Matter, MatterId, MatterKind
from credit.model.matters import SHAPES, AnyMatter
from credit.model.party import PartyId
from credit.model.plain import to_plain


def body_text(matter: AnyMatter, keys: Mapping[PartyId, str]) -> str:
    """Write what never changes of a matter; id, kind, numbers and events stand beside it."""
    content = _renamed(matter.content.PARTIES, to_plain(matter.content), lambda party: keys[PartyId(party)])
    return json_text({"content": content, "by": matter.recorded_by})


def event_text(event: Happening) -> str:
    """Write what happened to a matter."""
    return json_text(event)


def matter_of(row: Row) -> AnyMatter:
    """Read [id, kind, nth, tick, body, events, list of [key, id] of its parties].

    Raises: RowUnreadable.
    """
    name, kind_name, nth, tick, body, events, parties = row
    data = load(body, "matter", name)
    ids = dict(cast("list[tuple[str, str]]", parties))
    try:
        kind = MatterKind(kind_name)
        shape, happens = SHAPES[kind]
        content = _renamed(shape.PARTIES, data["content"], ids.__getitem__)
        held: Matter[Content, Happening] = Matter(
            MatterId(name),
            kind,
            read(shape, content, "matter", name),
            tick,
            read(str, data["by"], "matter", name),
            tuple(read(happens, load(text, "matter", name), "matter", name) for text in events),
            nth,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RowUnreadable(f"matter {name}: {error!r}") from error
    return cast("AnyMatter", held)


def _renamed(roles: tuple[str, ...], content: Any, name: Callable[[str], str]) -> dict[str, Any]:  # noqa: ANN401
    """Return plain content with its parties under other names."""
    named: dict[str, Any] = {}
    for role in roles:
        value = content[role]
        named[role] = None if value is None else name(value) if isinstance(value, str) else [name(one) for one in value]
    return {**content, **named}
