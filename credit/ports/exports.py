"""What leaves the registry for other systems, read from end to end."""

from collections.abc import AsyncIterator
from typing import Protocol

from credit.model.party import Party
from credit.model.record import Record


class PenaltyReader(Protocol):
    """The penalties held, each with its party, as they stand when their page is read."""

    def penalties(self, *, authority: str | None = None) -> AsyncIterator[tuple[Record, Party]]:
        """Those of the authority of a name, else all; of each authority in the order of writes.

        What is recorded after an authority was begun is not among them. Raises: StoreUnavailable.
        """
        ...
