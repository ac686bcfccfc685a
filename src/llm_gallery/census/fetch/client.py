"""Asks a server no faster than allowed, waits where it says so, and tries again where it fails."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from threading import Lock
from types import MappingProxyType
from urllib import request
from urllib.error import HTTPError, URLError

TRIES = 6
"""Times that one address is asked before it counts as unanswered."""
SECONDS, WHOLE = 20.0, 60.0
"""Until the server's next byte, and until its last one."""
LONGEST = 3_600.0
"""Seconds that a server may ask to wait; where it asks for more, the fetch ends and says so."""
BUSY = 429
AGAIN = (408, 425, BUSY, 500, 502, 503, 504)
"""Statuses that say: later."""
AGENT = "llm-gallery-census"


class Unanswered(Exception):
    """Why an address gave no answer after all tries; `busy` where the server wants fewer questions."""

    def __init__(self, why: str, *, busy: bool = False) -> None:
        super().__init__(why)
        self.busy = busy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says; no body where it is larger than what was asked for."""

    status: int
    headers: Message
    body: bytes | None


@dataclass
class Client:
    """Sends at most so many requests a second, over all threads."""

    per_second: float
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    _free: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def get(
        self, address: str, most: int, headers: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        """The answer of an address, after its redirects, of so many bytes at most. Raises Unanswered."""
        why, busy = "", False
        for attempt in range(TRIES):
            self._turn()
            try:
                answer = self._answer(address, most, headers)
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = error.reason if isinstance(error, URLError) else error
                why, busy = f"{type(error).__name__}: {reason}", False
                wait = 2.0**attempt
            else:
                if answer.status not in AGAIN:
                    return answer
                why, busy = f"status {answer.status}", answer.status == BUSY
                wait = retry_after(answer.headers) or 2.0**attempt
                if wait > LONGEST:
                    raise Unanswered(f"{why}, to be asked again in {wait:,.0f} seconds", busy=True)
            self._hold(wait)
        raise Unanswered(f"{why}, {TRIES} times", busy=busy)

    def _turn(self) -> None:
        """Waits until this thread may ask."""
        with self._lock:
            now = self.now()
            at = max(now, self._free)
            self._free = at + 1 / self.per_second
        if at > now:
            self.sleep(at - now)

    def _hold(self, seconds: float) -> None:
        """Pauses all threads for a while: what fails for one fails for all."""
        with self._lock:
            self._free = max(self._free, self.now() + seconds)

    def _answer(self, address: str, most: int, headers: Mapping[str, str]) -> Answer:
        question = request.Request(
            address, headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        )
        try:
            response = _opener().open(question, timeout=SECONDS)
        except HTTPError as error:  # with the status and the headers of an answer
            with error:
                return Answer(error.code, error.headers, b"")
        with response:
            return Answer(response.status, response.headers, self._body(response, most))

    def _body(self, response: http.client.HTTPResponse, most: int) -> bytes | None:
        """All of it. Raises OSError where the server takes too long or stops before the end."""
        ends, body = self.now() + WHOLE, b""
        stated = response.headers.get("Content-Length", "")
        if stated.isascii() and stated.isdigit() and int(stated) > most:
            return None
        while part := response.read1(2**16):
            body += part
            if len(body) > most:
                return None
            if self.now() > ends:
                raise TimeoutError(f"no end after {WHOLE:.0f} seconds")
        if stated and stated != str(len(body)):
            raise OSError(f"{len(body)} bytes of {stated}")
        return body


def _opener() -> request.OpenerDirector:
    """Reads the web and nothing else, wherever a redirect points."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(), request.HTTPHandler(), request.HTTPSHandler(), request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(), request.HTTPDefaultErrorHandler(), request.UnknownHandler(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


def retry_after(headers: Message) -> float | None:
    """Seconds of `Retry-After`, which may be a day and time; None where there is none."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
