"""Whether an address is still there: asked by HEAD, by GET where that fails, again after a while; redirects are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

AGENT = "llm-architecture-gallery link checker"
REDIRECTS = (301, 302, 303, 307, 308)
HOPS = 8
"""Redirects that are followed."""

State = Literal["there", "moved", "missing", "refused", "failed"]
"""Refused: the server answers, but not a program (401, 403, 429 and the like), which says nothing of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How an address is asked: tries, seconds of each, and seconds between two requests of one server."""

    tries: int = 3
    timeout: float = 20
    pause: float = 1
    longest: float = 60  # that a server may ask to wait
    sleep: Callable[[float], object] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking; `status` is 0 where no server answered, `to` is where redirects ended."""

    state: State
    status: int = 0
    to: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    why: str = ""


def _opener() -> OpenerDirector:
    """One that follows no redirect, so that we count and keep them, and opens no file."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def asked(address: str, patience: Patience) -> Answer:
    """The answer of an address, whatever happens on the way."""
    try:
        return _followed(address, patience)
    except ValueError as error:  # the address, or one that a server names, is none
        return Answer(state="failed", why=str(error))


def _followed(address: str, patience: Patience) -> Answer:
    at = urldefrag(address)[0]
    for _ in range(HOPS + 1):
        reply = _reached(at, patience)
        location = reply.headers.get("location", "")
        if reply.status not in REDIRECTS or not location:
            return _answer(reply, "" if at == urldefrag(address)[0] else at)
        at = urldefrag(urljoin(at, location))[0]
        if urlsplit(at).scheme not in ("http", "https"):
            return Answer(state="failed", status=reply.status, to=at, why="leads out of the web")
    return Answer(state="failed", status=reply.status, to=at, why=f"more than {HOPS} redirects")


def _answer(reply: _Reply, to: str) -> Answer:
    status = reply.status
    state: State
    if 200 <= status < 300:
        state = "moved" if to else "there"
    elif status in (404, 410):
        state = "missing"
    elif 400 <= status < 500:
        state = "refused"
    else:
        state = "failed"
    return Answer(state=state, status=status, to=to, why=reply.why)


def _reached(address: str, patience: Patience) -> _Reply:
    """HEAD, then GET; both again, after a while, where the server is busy, broken or away."""
    for turn in range(patience.tries):
        reply = _sent("HEAD", address, patience.timeout)
        if reply.status >= 400 and reply.status != 429:
            patience.sleep(patience.pause)
            reply = _sent("GET", address, patience.timeout)
        if 0 < reply.status < 500 and reply.status != 429:
            break
        if turn + 1 < patience.tries:
            patience.sleep(_wait(reply, patience, turn))
    return reply


def _wait(reply: _Reply, patience: Patience, turn: int) -> float:
    """What the server asks for, else twice as long each time."""
    asks = reply.headers.get("retry-after", "")
    if asks.isdecimal():
        return min(float(asks), patience.longest)
    try:
        day: datetime = parsedate_to_datetime(asks)
        seconds = (day - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return min(patience.pause * 2.0 ** (turn + 1), patience.longest)
    return min(max(seconds, patience.pause), patience.longest)


def _sent(method: str, address: str, timeout: float) -> _Reply:
    """One request; nothing of a body is read."""
    request = Request(address, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})
    try:
        with _opener().open(request, timeout=timeout) as reply:
            return _Reply(status=reply.status, headers=_lower(reply.headers))
    except HTTPError as error:
        with error:
            return _Reply(status=error.code, headers=_lower(error.headers))
    except URLError as error:
        return _Reply(status=0, headers={}, why=str(error.reason))
    except (OSError, HTTPException, ValueError) as error:
        return _Reply(status=0, headers={}, why=f"{type(error).__name__} {error}".strip())


def _lower(headers: Any) -> Mapping[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}
