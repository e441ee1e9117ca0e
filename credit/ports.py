"""What the use-cases ask of the outside: one small port a family. Adapters: ``credit.graph`` and ``credit.cache``."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from credit.model.caller import Access, Caller
from credit.model.facts import Facts
from credit.model.matter import Happening, MatterId, MatterKind
from credit.model.matters import AnyMatter
from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Event, Record, RecordId

T = TypeVar("T")


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The aware UTC instant."""
        ...


class Signer(Protocol):
    """Signs what is kept as evidence (Ed25519)."""

    @property
    def key_id(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...

    def public_keys(self) -> Mapping[str, bytes]:
        """Every public key by id (raw 32 bytes), retired ones too."""
        ...


class Hasher(Protocol):
    """Turns personal data into keyed hashes (HMAC-SHA256, hex)."""

    def digest(self, kind: str, value: str) -> str: ...


@dataclass(frozen=True, slots=True)
class HeldParty:
    """A party as held now: ``key`` is its lasting inner key, ``revision`` the last write that touched it.

    ``mistaken`` says that one of its records was entered by mistake, so that natural keys have to be looked at closer;
    ``recorded`` that it may have records at all.
    """

    key: str
    party: Party
    revision: int
    mistaken: bool = False
    recorded: bool = True


class PartyWriter(Protocol):
    """Parties and relations within one write."""

    async def find(self, ids: Sequence[str]) -> Mapping[str, HeldParty]:
        """The parties that these identifiers name (any of a party's, ``idhash:…`` too); absent where none."""
        ...

    async def save(self, parties: Sequence[tuple[str, Party, Sequence[str]]]) -> None:
        """Write (inner key, state, identifiers that name it): a new party, or a further state of one found before.

        An ``idhash:`` among the identifiers takes the place of the one held.
        """
        ...

    async def relations(self, natural_keys: Sequence[str]) -> Mapping[str, Relation]:
        """The relations held under these natural keys; absent where none."""
        ...

    async def relation(self, relation_id: str) -> Relation | None: ...

    async def relate(self, relations: Sequence[tuple[str, Relation]]) -> None:
        """Write (natural key, relation) between parties found or saved before in this write."""
        ...

    async def end_relation(self, relation: Relation) -> None:
        """Write the relation's newest end."""
        ...


class RecordWriter(Protocol):
    """Records and their events within one write."""

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, Record]: ...

    async def by_id_or_number(self, name: str) -> Sequence[Record]:
        """The records with this id, or this document number (several authorities may have given it)."""
        ...

    async def save(self, records: Sequence[tuple[str, Record]]) -> None:
        """Write (natural key, record), each tied to its party, which was found or saved before in this write."""
        ...

    async def append(self, record: RecordId, event: Event, *, suffix: str = "") -> None:
        """Append an event; ``suffix`` is put to the natural key, which is then free for another content."""
        ...

    async def append_all(self, events: Sequence[tuple[RecordId, Event]]) -> None:
        """Append events, none of which amends its record."""
        ...


class ProjectWriter(Protocol):
    """Projects, bids and syncs within one write."""

    async def project(self, name: str) -> Sequence[Project]:
        """The projects with this id, or this number (several purchasers may have given it)."""
        ...

    async def named(self, names: Sequence[str]) -> Mapping[str, Sequence[Project]]:
        """The same of many names at once, by name."""
        ...

    async def save_projects(self, projects: Sequence[tuple[str, Project]]) -> None:
        """Write (natural key, project)."""
        ...

    async def bids(self, projects: Sequence[str]) -> Mapping[str, Sequence[RecordedBid]]:
        """By each of these ids of projects the bids recorded in it."""
        ...

    async def save_bids(self, bids: Sequence[tuple[str, RecordedBid]]) -> None:
        """Write (id of the project, bid)."""
        ...

    async def sync(self, list_id: str, finished_at: datetime) -> Sync | None: ...

    async def save_sync(self, sync: Sync) -> None: ...


class MatterReader(Protocol):
    """Complaints, cases, orders and the like, as held now."""

    async def named(self, kind: MatterKind, name: str) -> Sequence[AnyMatter]:
        """The matters of a kind with this id, or this number (several authorities may have given it)."""
        ...

    async def filed(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Every complaint of these complainants, in no order; absent where none (so for the next two)."""
        ...

    async def faced(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Every complaint against these parties."""
        ...

    async def concerning(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """All other matters of these parties."""
        ...

    async def about_record(self, record: str) -> Sequence[AnyMatter]: ...

    async def about_projects(self, projects: Collection[str]) -> Sequence[AnyMatter]: ...

    async def tallies(self, names: Collection[str]) -> Mapping[str, int]:
        """Counts by name (`credit.oversight.tallies`); absent where nothing was counted."""
        ...

    async def linked(self, matter: MatterId) -> Sequence[AnyMatter]:
        """The matters that a matter is about, and those that are about it."""
        ...


class MatterBrowser(MatterReader, Protocol):
    """Matters by the page."""

    async def page(self, kind: MatterKind, *, before: int | None, limit: int) -> Sequence[AnyMatter]:
        """Those of a kind, newest first, before a number within the kind (``Matter.nth``)."""
        ...

    async def tenders(self, numbers: Collection[str]) -> Mapping[str, Sequence[tuple[Project, Sequence[RecordedBid]]]]:
        """Projects by number (`naturalkey.normal`) with their bids; of one number there may be several."""
        ...

    async def entries(self, party: PartyId) -> Sequence[tuple[Project, RecordedBid]]:
        """The projects that a party entered, with its bid in each."""
        ...

    async def complainants(self, *, before: int | None, limit: int) -> Sequence[tuple[int, PartyId]]:
        """Complainants on the roll (see ``MatterWriter.enrol``) with their number there, newest first."""
        ...


class NameFinder(Protocol):
    """Parties by name."""

    async def called(self, name: str, *, province: str = "") -> Sequence[Party]:
        """The parties whose name may be meant, in no order, at most some hundreds; a former name counts too.

        ``province`` (two digits) is where to look first when the name says no place.
        """
        ...


class PublicationBrowser(Protocol):
    """The penalties of an authority by the page."""

    async def page(self, authority: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Record]]:
        """Those of the authority of a name with their number there, newest first, before a number."""
        ...


class MatterWriter(MatterReader, Protocol):
    """Matters within one write."""

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, AnyMatter]: ...

    async def save(self, kind: MatterKind, matters: Sequence[tuple[str, str, AnyMatter]]) -> None:
        """Write (natural key, number or "", matter); its parties were found or saved before in this write."""
        ...

    async def tie_to(self, matter: MatterId, about: Collection[str]) -> set[str]:
        """Tie a matter saved in this write to the records, projects and matters of these ids; return those held."""
        ...

    async def append(self, matter: MatterId, event: Happening) -> None: ...

    async def tally(self, counts: Mapping[str, int]) -> None:
        """Add to counts."""
        ...

    async def enrol(self, parties: Collection[PartyId], *, least: int) -> None:
        """Put complainants that have filed so many complaints on the roll of those whose profile is worth reading."""
        ...


class WriteUnit(Protocol):
    """One transaction with its place in the order of writes (``tick``, strictly growing microseconds)."""

    @property
    def tick(self) -> int: ...

    def next_tick(self) -> int:
        """Take a place within this write for one of several things that are paged by it; the first is ``tick``."""
        ...

    @property
    def parties(self) -> PartyWriter: ...

    @property
    def records(self) -> RecordWriter: ...

    @property
    def projects(self) -> ProjectWriter: ...

    @property
    def matters(self) -> MatterWriter: ...

    @property
    def evidence(self) -> "EvidenceWriter": ...

    def announce(self, kind: str, subject: str, parties: Sequence[PartyId]) -> None:
        """Add a line to the change event that is written with this transaction."""
        ...


class Writes(Protocol):
    """The one door for writing."""

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        """Run ``work`` in one transaction; it may run again after a conflict, so it must not act outside the unit.

        Raises: StoreUnavailable, StorageFull, WriteContended.
        """
        ...


class FactReader(Protocol):
    """Facts for the eligibility of parties."""

    async def gather(
        self, ids: Sequence[str], *, project_no: str | None, known: int | None, cut_off: datetime | None
    ) -> Facts:
        """All that bears on these parties, in one round trip.

        ``known`` None is now; of each list, the last sync finished at or before ``cut_off`` (None: now) is there.

        Raises: StoreUnavailable.
        """
        ...

    async def syncs(self, *, cut_off: datetime, ask: bool) -> tuple[Sync, ...]:
        """Of each list, the last sync finished at or before ``cut_off``.

        ``ask`` False: of those that this process saw when it gathered last. Raises: StoreUnavailable.
        """
        ...


class Browser(Protocol):
    """What is shown of parties, relations, records, projects and sources."""

    async def party(self, party_id: str) -> HeldParty | None: ...

    async def records(self, party: PartyId, *, before: int | None, limit: int) -> Sequence[Record]:
        """A party's records, newest first, before a place in the order of writes."""
        ...

    async def record(self, name: str) -> Sequence[Record]: ...

    async def relation(self, relation_id: str) -> Relation | None: ...

    async def neighbourhood(
        self, party: PartyId, *, depth: int, limit: int
    ) -> tuple[Sequence[Party], Sequence[Relation], bool]:
        """Parties and relations within ``depth`` steps; the last says that more than ``limit`` parties were there."""
        ...

    async def project(self, project_no: str) -> Sequence[Project]: ...

    async def bids(self, project_id: str) -> Sequence[RecordedBid]: ...

    async def syncs(self) -> Sequence[Sync]:
        """The last two syncs of every list by when they finished."""
        ...

    async def sync(self, sync_id: str) -> Sync | None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the evidence chain: a kept check or a decision, as canonical JSON with its proof.

    ``body`` is the RFC 8785 text that ``digest`` is taken of; ``previous`` the digest of the link before.
    """

    id: str
    kind: str
    body: str
    digest: str
    signature: str
    key_id: str
    previous: str
    number: int
    tick: int
    subject: str
    project_no: str | None = None
    records: tuple[RecordId, ...] = ()


class EvidenceWriter(Protocol):
    """The chain within one write."""

    async def head(self) -> tuple[int, str]:
        """Number and digest of the last link; (0, "") before the first."""
        ...

    async def revisions(self, parties: Sequence[str], project_no: str | None) -> Mapping[str, int]:
        """The last write that touched each party, the syncs (``"sources"``) and the project (``"project"``)."""
        ...

    async def append(self, entry: Entry) -> None: ...


class EvidenceReader(Protocol):
    async def entry(self, entry_id: str) -> Entry | None: ...

    async def of_subject(self, subject: str) -> Sequence[Entry]:
        """The decisions on a check, oldest first."""
        ...

    async def of_project(self, project_no: str | None, *, before: int | None, limit: int) -> Sequence[Entry]:
        """Kept checks, newest first, before a chain number."""
        ...

    async def chain(self, *, after: int, limit: int) -> Sequence[Entry]:
        """Links in order, for verifying the whole."""
        ...

    async def events_since(self, records: Sequence[RecordId], tick: int) -> Sequence[tuple[RecordId, Event]]:
        """What happened to these records after a place in the order of writes."""
        ...


class Callers(Protocol):
    """Keys and the access log."""

    async def caller(self, key_hash: str) -> Caller | None: ...

    async def save_caller(self, caller: Caller, key_hash: str) -> None:
        """Write a caller under its key's hash; the hashes it had before stay valid until ``retire_hash``."""
        ...

    async def retire_hash(self, caller_id: str, keep: str | None, at: datetime) -> None:
        """End every key of a caller but ``keep`` at an instant."""
        ...

    async def callers(self) -> Sequence[Caller]: ...

    async def log_accesses(self, accesses: Sequence[Access]) -> None: ...

    async def accesses(self, *, party: str | None, before: int | None, limit: int) -> Sequence[tuple[int, Access]]: ...


class KeptReplies(Protocol):
    """What an ``Idempotency-Key`` was answered, and long jobs."""

    async def reply(self, caller: str, key: str) -> tuple[str, int, str] | None:
        """(digest of the request, status, body) answered before under this key."""
        ...

    async def claim(self, caller: str, key: str, request: str, holder: str) -> tuple[str, int, str] | None:
        """Take a key for a request in hand: None where it is the holder's now, else what stands there.

        That is (digest of the request, status, body); status 0: another holder is at it. One that has given no sign of
        life for some while loses the key to whoever claims it.
        """
        ...

    async def beat(self, caller: str, key: str, holder: str) -> None:
        """Give a sign of life for a claim."""
        ...

    async def free(self, caller: str, key: str, holder: str) -> None:
        """Give back a claim that came to nothing; what is answered stays."""
        ...

    async def keep_reply(self, caller: str, key: str, request: str, status: int, body: str) -> None:
        """Write the answer under a key, claimed or not; the first one stands."""
        ...

    async def save_job(self, job: "Job") -> None: ...

    async def job(self, job_id: str) -> "Job | None": ...

    async def unfinished_jobs(self) -> Sequence["Job"]: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A long check: ``question`` is the request body as JSON text, ``holder`` the process that runs it.

    ``beat`` is its last sign of life (tick).
    """

    id: str
    caller: str
    state: str
    done: int
    total: int
    question: str
    result: str | None = None
    error: str | None = None
    holder: str = ""
    beat: int = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Parties whose facts count as doubtful until a write is decided: its mark, their slots, marks of dead writes."""

    generation: str
    number: int
    slots: tuple[int, ...]
    dead: tuple[int, ...] = ()


class Revisions(Protocol):
    """Tells every process which facts are no longer those that it may have kept; see `credit.cache`."""

    async def doubt(self, generation: str, parties: Collection[str], *, sources: bool) -> Doubt | None:
        """Put parties (inner keys), and the syncs of sources, in doubt: within a write, before its commit.

        None says that it could not be done: then the write closes the table's generation.
        """
        ...

    async def release(self, doubt: Doubt) -> None:
        """Say that the write is committed and seen by every reader, before it is acknowledged; never raises."""
        ...

    async def lapse(self, closed: int) -> bool:
        """Wait until no process believes a generation any more that was closed at a place in the order of writes.

        0: there is none. Tells whether this process had to wait.
        """
        ...


class Generations(Protocol):
    """Which table of revisions counts: its name stands in the graph, and changes in the order of writes."""

    async def current(self) -> str:
        """Return the generation that counts now; empty where facts must not be kept. Raises: StoreUnavailable."""
        ...

    async def change(self, before: str, after: str) -> bool:
        """Let another generation count; False where ``before`` is no longer the one.

        Raises: StoreUnavailable, WriteContended.
        """
        ...


class CurrentFacts(Protocol):
    """Facts for the quick look-up of one party."""

    async def current(self, party: str, *, cut_off: datetime) -> Facts:
        """All that bears on a party now, kept from before where it surely still holds. Raises: StoreUnavailable."""
        ...
