"""What routes ask for in their signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar
from urllib.parse import quote

from fastapi import Depends, Path, Query, Request, Response

from credit.api.replies import CURSOR, DEFAULT_LIMIT, MOST
from credit.api.schemas.fields import In
from credit.errors import Denied, IdentifierInvalid
from credit.identifiers import parse
from credit.model.caller import Access, Caller, Scope
from credit.model.statements import Outcome, Written
from credit.ports import Browser
from credit.wiring import Services

T = TypeVar("T")


class Paging(In):
    """Which part of a list."""

    limit: Annotated[int, Query(ge=1, le=MOST, description="每页条数 · items in a page")] = DEFAULT_LIMIT
    after: Annotated[
        str | None, Query(pattern=f"^{CURSOR.pattern}$", description="上一页的 next · next of the page before")
    ] = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The request as routes need it: services, who asks, the request's id, and the reply's status and headers."""

    services: Services
    caller: Caller
    request_id: str
    reply: Response

    @property
    def sees_all(self) -> bool:
        """Whether the caller may see persons' names."""
        return self.caller.has(Scope.RECORD) or self.caller.has(Scope.ADMIN)

    def sees_names_of(self, party: str) -> bool:
        """Whether the caller may see the name of a person: any person's, or its own."""
        return self.sees_all or self.caller.is_party(party)

    def allow_self(self, party: str, *scopes: Scope) -> None:
        """Let a key of scope ``self`` look at its own party alone.

        Raises:
            Denied: it has no wider scope, and this is another party.
        """
        if not any(map(self.caller.has, scopes)) and not self.caller.is_party(party):
            raise Denied(
                "该密钥只能查询其绑定的主体。", "The key may look at the party that it is bound to, and no other"
            )

    async def note(self, action: str, parties: Iterable[str], project_no: str | None = None) -> None:
        """Write down who was looked up; what is no identifier of ours is not written."""
        known = tuple(party for party in parties if is_identifier(party))
        now = self.services.clock.now()
        await self.services.accesses.note(Access(now, self.caller.id, action, known, project_no, self.request_id))

    def made(self, outcome: Outcome, location: str) -> str:
        """Set the reply's status and place by what a write came to; return the id.

        Raises:
            CreditError: the write was refused.
        """
        if outcome.error is not None:
            raise outcome.error
        if outcome.written is Written.CREATED:
            self.reply.status_code = 201
            self.reply.headers["Location"] = quote(outcome.id.join(location.rsplit("{id}", 1)), safe="/:")
        else:
            self.reply.status_code = 200
        return outcome.id


async def asked_of(request: Request, response: Response) -> Asked:
    """Gather what routes need of a request that ``Route`` has let pass; a coroutine, so no thread is asked for it."""
    state = request.state
    caller = await with_own_party(state.services.browser, state.caller)
    return Asked(state.services, caller, state.request_id, response)


async def with_own_party(browser: Browser, caller: Caller) -> Caller:
    """Give a party's own key every id that the party has now, through identifiers and merges; ask for no other key.

    Raises:
        StoreUnavailable: the graph does not answer.
    """
    if caller.party is None or not caller.has(Scope.SELF):
        return caller
    held = await browser.party(caller.party)
    if held is None:
        return caller
    party = held.party.id
    one = (await browser.alike([party])).get(party) if held.merged else None
    return replace(caller, party=party, own=frozenset({caller.party, *(one.ids if one else ())}))


async def services_of(request: Request) -> Services:
    """Return the services, for routes that are open to all."""
    return request.state.services


Ask = Annotated[Asked, Depends(asked_of)]
Served = Annotated[Services, Depends(services_of)]
Pages = Annotated[Paging, Query()]
PartyPath = Annotated[
    str, Path(max_length=200, description="主体标识 · id of a party", examples=["91512002MAF0000126"])
]
NumberPath = Annotated[
    str, Path(min_length=1, max_length=200, description="编号或文号 · id, or number where unambiguous")
]
IdPath = Annotated[str, Path(min_length=1, max_length=200, description="编号 · id")]


def is_identifier(text: str) -> bool:
    """Tell whether a text is an identifier of a right form."""
    try:
        parse(text)
    except IdentifierInvalid:
        return False
    return True


def only(found: Sequence[T]) -> T:
    """Return the one answer to the one statement."""
    (one,) = found
    return one
