"""`credit search`: the parties that a name may mean."""

import secrets
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from credit.cli.checking import CALLER, shown_name
from credit.model.caller import Access
from credit.names.matching import reasons
from credit.search import Candidate
from credit.wiring import Services


async def search(services: Services, name: str, *, region: str | None, limit: int) -> Sequence[Candidate]:
    """Find parties by name; the look-up is written to the access log.

    Raises:
        StoreUnavailable: the graph does not answer.
    """
    found = await services.search.search(name.strip(), region=region, limit=limit, persons=True)
    ids = tuple(one.party.id for one in found)
    request = f"cli-{secrets.token_hex(8)}"
    await services.accesses.note(Access(services.clock.now(), CALLER.id, "cli.search", ids, None, request))
    await services.accesses.flush()
    return found


def as_answer(found: Sequence[Candidate]) -> dict[str, Any]:
    """Say candidates as ``POST /v1/parties/search`` answers them, persons' names masked."""
    return {
        "items": [
            {
                "id": one.party.id,
                "name": shown_name(one.party),
                "score": one.likeness.score,
                "why": list(reasons(one.likeness)),
            }
            for one in found
        ]
    }


def candidate_table(found: Sequence[Candidate]) -> Table:
    """Lay out candidates, the likest first."""
    table = Table(title="名称相近的主体（不能据此确认身份） · Parties of like names (no identification)")
    for heading in ("标识 Id", "名称 Name", "相似度 Score", "理由 Why"):
        table.add_column(heading, overflow="fold")
    for one in found:
        why = "\n".join(f"{zh} · {en}" for zh, en in one.likeness.why)
        table.add_row(one.party.id, shown_name(one.party), f"{one.likeness.score:.2f}", why)
    return table
