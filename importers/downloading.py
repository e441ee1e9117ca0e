"""A body from an address into a file: redirects, tries again, goes on where it broke off, never above its bounds.

Specifications: RFC 9110 (§10.2.3 Retry-After, §13 conditions, §14 ranges, §15.4 redirects).
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential

from credit.errors import Unavailable
from importers.addresses import Address
from importers.inflating import too_large
from importers.own_files import on_disk, open_new

MOST_REDIRECTS: Final = 5
AGENT: Final = "credit-registry"
CODINGS_ASKED: Final = "gzip, deflate"
WORTH_ANOTHER_TRY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_SERVER_ERRORS: Final = range(500, 600)
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What fetching a source may cost.

    ``size``: bytes, as sent and as unpacked. Seconds: ``whole`` of all tries with what lies between them, ``quiet``
    without a byte (or a connection), ``pause`` before the second try (twice as long before each further one),
    ``patience`` with a server that says when to come again.
    """

    size: int
    whole: float = 3600
    quiet: float = 60
    pause: float = 2
    patience: float = 300
    tries: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said of a body, besides the body; ``url`` after redirects."""

    url: httpx.URL
    headers: httpx.Headers

    @property
    def coding(self) -> str:
        """How the body is packed; empty where it is not."""
        return self.headers.get("content-encoding", "").strip().lower().replace("identity", "")


class _Again(Unavailable):
    """Worth another try, ``after`` so many seconds or more."""

    def __init__(self, zh: str, en: str = "", *, after: float = 0) -> None:
        super().__init__(zh, en)
        self.after = after


class Download:
    """One body on its way into the file ``part``, over as many tries as it takes; ``conditions`` are headers."""

    def __init__(self, address: Address, part: Path, bounds: Bounds, conditions: Mapping[str, str]) -> None:
        self._address = address
        self._bounds = bounds
        self._conditions = conditions
        self._part = _Part(part, bounds.size)

    async def run(self) -> Answer | None:
        """Fetch it; None where the server says that nothing changed since the conditions.

        Raises: Unavailable, TooLarge, and OSError where the file cannot be written.
        """
        whole = self._bounds.whole
        try:
            async with asyncio.timeout(whole), self._client() as client:
                with self._part:
                    return await self._tries(client)
        except TimeoutError as error:
            raise Unavailable(
                f"{self._address.shown} 未能在 {whole:g} 秒内取完（CREDIT_FETCH_SECONDS）",
                f"{self._address.shown} was not fetched within {whole:g} s (CREDIT_FETCH_SECONDS)",
            ) from error

    def _client(self) -> httpx.AsyncClient:
        asked = {"user-agent": AGENT, "accept": "*/*", "accept-encoding": CODINGS_ASKED}
        return httpx.AsyncClient(headers=asked, timeout=self._bounds.quiet)

    async def _tries(self, client: httpx.AsyncClient) -> Answer | None:
        pause = wait_exponential(multiplier=self._bounds.pause, max=self._bounds.patience)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            return max(pause(state), error.after if isinstance(error, _Again) else 0)

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(self._bounds.tries),
            wait=wait,
            reraise=True,
        )
        return await retrying(self._try, client)

    async def _try(self, client: httpx.AsyncClient) -> Answer | None:
        """Fetch the body, or what is missing of it.

        Raises: _Again for what may pass, Unavailable for what will not, TooLarge.
        """
        try:
            async with self._answer(client) as response:
                if response.status_code == HTTPStatus.NOT_MODIFIED and self._conditions and not self._part.range:
                    return None
                self._judge(response)
                async for chunk in response.aiter_raw():
                    self._part.write(chunk)
                self._part.close_off()
                return Answer(response.url, response.headers)
        except httpx.InvalidURL as error:
            raise Unavailable(
                f"{self._address.shown} 转向的地址有误", f"{self._address.shown} redirects to no address"
            ) from error
        except (httpx.TransportError, UnicodeError) as error:  # the latter for a host that no name server is asked for
            raise _Again(
                f"无法从 {self._address.shown} 取得内容（连接失败、超时或中断）",
                f"{self._address.shown} cannot be fetched ({type(error).__name__}: {error})",
            ) from error

    @asynccontextmanager
    async def _answer(self, client: httpx.AsyncClient) -> AsyncGenerator[httpx.Response]:
        """Ask, follow redirects, and give the last answer, whose body is not read yet."""
        address, headers = self._address, self._part.range or self._conditions
        for _ in range(MOST_REDIRECTS + 1):
            async with client.stream("GET", address.url, headers=headers, auth=address.auth) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                address = address.redirected(response.headers["location"])
        raise Unavailable(
            f"{self._address.shown} 转向超过 {MOST_REDIRECTS} 次",
            f"{self._address.shown} redirects more than {MOST_REDIRECTS} times",
        )

    def _judge(self, response: httpx.Response) -> None:
        """Make the file ready for what comes: from the beginning, or behind what is there.

        Raises: _Again, Unavailable, TooLarge.
        """
        code = response.status_code
        if code in WORTH_ANOTHER_TRY or code in _SERVER_ERRORS:
            raise self._come_again(response)
        if code == HTTPStatus.OK:
            self._part.begin(response.headers)
        elif not (code == HTTPStatus.PARTIAL_CONTENT and self._part.continues(response.headers)):
            self._refuse(code)
        announced = int(response.headers.get("content-length", "0"))
        if self._part.size + announced > self._bounds.size:
            raise too_large(self._bounds.size)

    def _refuse(self, code: int) -> None:
        zh, en = f"{self._address.shown} 应答 {code}", f"{self._address.shown} answers {code}"
        if self._part.range:  # nothing was asked of the whole yet
            self._part.forget()
            raise _Again(zh, en)
        if code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise Unavailable(f"{zh}：来源已不在该地址", f"{en}: the source is no longer there")
        raise Unavailable(f"{zh}，未取得内容", f"{en} and gives no content")

    def _come_again(self, response: httpx.Response) -> Unavailable:
        code, after = response.status_code, _retry_after(response.headers)
        zh, en = f"{self._address.shown} 应答 {code}", f"{self._address.shown} answers {code}"
        if after > self._bounds.patience:
            return Unavailable(f"{zh}，要求 {after:.0f} 秒后再来", f"{en}, and wants us back in {after:.0f} s")
        return _Again(f"{zh}，多次重试未果", f"{en}, again and again", after=after)


class _Part:
    """The file that a body comes into, kept between tries where the server marks what it sends so that it can go on."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._most = most
        self._file: BinaryIO | None = None
        self._etag = ""
        self._coding = ""
        self._total: int | None = None
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def range(self) -> Mapping[str, str]:
        """Ask for what is missing, if the body is still the same one; empty where all must come anew."""
        if not self.size or not self._etag:
            return {}
        return {"range": f"bytes={self.size}-", "if-range": self._etag}

    def begin(self, headers: httpx.Headers) -> None:
        """Begin anew. Only a strong mark tells that two bodies are the same to the byte."""
        self.forget()
        etag = headers.get("etag", "")
        self._etag = "" if etag.startswith("W/") else etag
        self._coding = headers.get("content-encoding", "")
        self._file = open_new(self._path)

    def forget(self) -> None:
        """Drop what is there."""
        if self._file is not None:
            self._file.close()
        self._file, self._etag, self._total, self.size = None, "", None, 0

    def continues(self, headers: httpx.Headers) -> bool:
        """Whether what comes belongs right behind what is there."""
        told = _RANGE.fullmatch(headers.get("content-range", "").strip())
        same = headers.get("etag", self._etag) == self._etag and headers.get("content-encoding", "") == self._coding
        if not self.range or told is None or int(told[1]) != self.size or not same:
            return False
        self._total = int(told[2]) if told[2].isdigit() else None
        return True

    def write(self, chunk: bytes) -> None:
        """Add a piece.

        Raises: TooLarge, OSError.
        """
        self.size += len(chunk)
        if self.size > self._most:
            raise too_large(self._most)
        if self._file is not None:
            self._file.write(chunk)

    def close_off(self) -> None:
        """Put it on disk once the server is done.

        Raises: _Again where it is not as long as the server said when it went on.
        """
        if self._total is not None and self.size != self._total:
            self.forget()
            raise _Again("来源分段发送的内容长度不符", "The parts that the source sent do not make the whole")
        if self._file is not None:
            on_disk(self._file)


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds that a server wants to be left alone; 0 where it says nothing that can be read."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
