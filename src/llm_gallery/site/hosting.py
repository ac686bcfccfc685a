"""Where a site will stand and where its repository is, as far as whoever builds it says so."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, quoted

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Hosting:
    """Addresses, each empty where nobody says it: the site works at any, and invents none."""

    address: str = ""  # of the site's top, with a slash at its end
    repository: str = ""
    hub: bool = False  # whether readers may have their browser fetch a config from the Hub

    @property
    def root(self) -> str:
        """The way from the host to the site's top, empty where it isn't known."""
        return urlsplit(self.address).path

    @property
    def top(self) -> str:
        """The address in lines that are pasted elsewhere; where it isn't known, what to write over."""
        return self.address or "https://YOUR-HOST/"

    @property
    def issues(self) -> str:
        """Where errors are reported."""
        return f"{self.repository}/issues" if self.repository else ""


NOWHERE = Hosting()
"""Nothing is said."""


def hosting(
    address: str | None = None, repository: str | None = None, *, hub: bool = False
) -> Hosting:
    """What is said, checked. Raises Refusal where it is no address of a page."""
    top = _address("--url", address).rstrip("/") + "/" if address else ""
    source = _address("--repository", repository).rstrip("/") if repository else ""
    return Hosting(top, source, hub)


def _address(option: str, address: str) -> str:
    parts = urlsplit(address)
    plain = address.isascii() and address.isprintable() and not set(address) & set("\"'<>\\ `{}")
    if (
        parts.scheme not in ("http", "https")
        or not (parts.hostname and plain and len(address) <= LONGEST)
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise Refusal(
            f"{option} is {quoted(address)}, expected an address such as https://example.org/gallery/"
        )
    return address
