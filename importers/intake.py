"""A source taken in from wherever it lies: fetched where it lies at an address, run, and how that ended kept.

A list that cannot be fetched has failed to synchronise, as one whose file is in no layout of its source: its old rows
stay, and verdicts say that the list is not fresh.
"""

import asyncio
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from credit.errors import CreditError, Unavailable
from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.statements import SyncStatement
from importers.addresses import Address
from importers.downloading import Bounds
from importers.fetching import fetch
from importers.gone import Absences
from importers.last_runs import LastRun, keep
from importers.own_files import alone
from importers.run import Progress, Registry, Report, run
from importers.schedule import Place, shown
from importers.sources import importer_of

FOLDER: Final = "fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Where sources are taken in: the registry, the data directory, the folder of rejects, the bounds of fetching.

    ``scheduled``: a path that is not there is a source that vanished, not a slip of the pen.
    """

    registry: Registry
    absences: Absences | None
    caller: Caller
    data: Path
    rejects_dir: Path
    bounds: Bounds
    scheduled: bool = False

    async def take(
        self, source: str, place: Place, *, progress: Progress | None = None, shrunk: bool = False
    ) -> Report:
        """Import a source from a file, a folder or an address; ``shrunk`` as in `importers.run`.

        Raises: Unknown for the source, Unavailable and TooLarge where it cannot be fetched, OSError for the path, and
        what the registry raises.
        """
        importer_of(source)
        with self._alone(source, place):
            path = await self._arrived(source, place)
            try:
                report = await run(
                    source,
                    path,
                    registry=self.registry,
                    caller=self.caller,
                    rejects_dir=self.rejects_dir,
                    progress=progress,
                    absences=self.absences,
                    shrunk=shrunk,
                )
            except Exception as error:
                await self._keep(LastRun.failed(source, shown(place), error, at=_now()))
                raise
            await self._keep(LastRun.of(source, shown(place), report, at=_now()))
            return report

    async def _give_up(self, source: str, place: Place, error: Exception) -> None:
        """Record that a source could not be imported, of its list that it failed to synchronise.

        Where the registry does not take that either, its list goes stale by itself. Raises: OSError.
        """
        await self._keep(LastRun.failed(source, shown(place), error, at=_now()))
        spec = importer_of(source).spec
        if spec.list is not None:
            statement = SyncStatement(finished_at=_now(), outcome=SyncOutcome.FAILED, records=0, silent=spec.silent)
            with suppress(CreditError):
                await self.registry.synchronise(self.caller, spec.list, statement)

    def _alone(self, source: str, place: Place) -> AbstractContextManager[None]:
        """Hold what is fetched of a source until it is imported; files of others are theirs to keep still."""
        if not isinstance(place, Address):
            return nullcontext()
        return alone(
            self._folder(source) / ".lock",
            f"来源 {source} 正由另一进程获取和导入",
            f"Another process is fetching and importing {source}",
        )

    async def _arrived(self, source: str, place: Place) -> Path:
        """Return where the source lies on this machine.

        Raises: Unavailable, TooLarge, OSError; that it failed is then recorded.
        """
        try:
            return await self._at_hand(source, place)
        except Exception as error:  # of ours too: nothing new is known of the list
            await self._give_up(source, place, error)
            raise

    async def _at_hand(self, source: str, place: Place) -> Path:
        if isinstance(place, Address):
            return (await fetch(place, source, self._folder(source), self.bounds)).path
        if self.scheduled and not place.exists():
            raise Unavailable(f"来源 {source} 已不在 {place}", f"{source} is no longer at {place}")
        return place

    def _folder(self, source: str) -> Path:
        return self.data / FOLDER / source

    async def _keep(self, last: LastRun) -> None:
        await asyncio.to_thread(keep, self.data, last)


def _now() -> datetime:
    return datetime.now(UTC)
