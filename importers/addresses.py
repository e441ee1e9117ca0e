"""Addresses that sources are fetched from: http and https alone, and never shown with what opens them.

Specification: RFC 3986 (URL, and how a reference to another is resolved), RFC 9110 §15.4 (redirects).
"""

import re
from dataclasses import dataclass, field
from typing import Final, Self

from httpx import URL, BasicAuth, InvalidURL

from credit.errors import FieldInvalid, Unavailable

SCHEMES: Final = ("http", "https")
MOST_PORT: Final = 65535
HIDDEN: Final = "***"
_SECRET: Final = re.compile(
    r"(?:token|key|secret|sign|signature|sig|password|passwd|pwd|auth|ticket|credential)$", re.IGNORECASE
)
_LOOKS: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source lies; name and password that stood in the URL are kept apart from it."""

    url: URL
    auth: BasicAuth | None = field(default=None, repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a URL.

        Raises: FieldInvalid; the text is not told, since there may be a password in it.
        """
        try:
            url = URL(text.strip())
        except InvalidURL as error:
            raise _no_address() from error
        if not _is_usable(url):
            raise _no_address()
        auth = BasicAuth(url.username, url.password) if url.userinfo else None
        return cls(_bare(url), auth)

    @property
    def shown(self) -> str:
        """The URL as it may be told, logged and kept in records: values of parameters that open something are hidden.

        >>> Address.of("https://u:p@example.org/a.csv?page=1&access_token=x#top").shown
        'https://example.org/a.csv?page=1&access_token=***'
        """
        address, mark, query = str(self.url).partition("?")
        return address + mark + "&".join(map(_hidden, query.split("&")))

    def redirected(self, location: str) -> "Address":
        """Follow a redirect; name and password go along only to the same server.

        Raises: Unavailable where it leads to something else than http(s), or out of https.
        """
        try:
            url = self.url.join(location)
        except InvalidURL as error:
            raise Unavailable(f"{self.shown} 转向的地址有误", f"{self.shown} redirects to no address") from error
        if not _is_usable(url) or (self.url.scheme == "https" and url.scheme != "https"):
            raise Unavailable(
                f"{self.shown} 转向不安全的地址（{url.scheme}），不予跟随",
                f"{self.shown} redirects to where nothing is fetched from ({url.scheme})",
            )
        same = _origin(url) == _origin(self.url)
        return Address(_bare(url), self.auth if same else None)


def is_address(text: str) -> bool:
    """Whether a text is meant for an address, of whatever scheme; anything else is a path.

    >>> is_address("https://example.org/a.csv"), is_address("data/a.csv")
    (True, False)
    """
    return _LOOKS.match(text) is not None


def _is_usable(url: URL) -> bool:
    return url.scheme in SCHEMES and bool(url.host) and (url.port is None or 0 < url.port <= MOST_PORT)


def _bare(url: URL) -> URL:
    return url.copy_with(username="", password="", fragment=None)


def _origin(url: URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]


def _hidden(parameter: str) -> str:
    name, mark, _ = parameter.partition("=")
    return name + mark + HIDDEN if mark and _SECRET.search(name) else parameter


def _no_address() -> FieldInvalid:
    return FieldInvalid(
        "地址有误：只能从 http:// 或 https:// 地址获取", "Wrong address: sources are fetched from http:// or https://"
    )
