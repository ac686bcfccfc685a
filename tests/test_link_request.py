"""The link checker against a server that misbehaves in every way that real ones do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tools.link_request import AGENT, HOPS, Answer, Patience, asked

TIMEOUT = 0.3


@dataclass
class Stub:
    """A server, what it was asked, and how long we would have waited."""

    address: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    agents: set[str | None] = field(default_factory=set)

    def ask(self, path: str, **patience: Any) -> Answer:
        given = {"timeout": TIMEOUT, "sleep": self.waited.append, **patience}
        return asked(self.address + path, Patience(**given))

    def times(self, path: str) -> int:
        return sum(1 for _, one in self.asked if one == path)


class _Misbehaving(BaseHTTPRequestHandler):
    @property
    def stub(self) -> Stub:
        assert isinstance(self.server, _Server)
        return self.server.stub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        self.stub.asked.append((self.command, path))
        self.stub.agents.add(self.headers["User-Agent"])
        turn = self.stub.times(path)
        match path.strip("/").split("/"):
            case ["there"]:
                self._say(200)
            case ["no-head"]:
                self._say(405 if self.command == "HEAD" else 200)
            case ["head-lies"]:
                self._say(404 if self.command == "HEAD" else 200)
            case ["busy", asks]:
                self._say(200 if turn > 1 else 429, {"Retry-After": asks.replace("_", " ")})
            case ["broken"]:  # HEAD and GET of the first turn, then it works
                self._say(200 if turn > 2 else 500)
            case ["status", status]:
                self._say(int(status))
            case ["moved"]:
                self._say(301, {"Location": "/there"})
            case ["twice"]:
                self._say(302, {"Location": f"{self.stub.address}/moved#part"})
            case ["to-missing"]:
                self._say(308, {"Location": "/status/404"})
            case ["loop"]:
                self._say(302, {"Location": "/loop"})
            case ["nowhere"]:
                self._say(302)
            case ["half"]:
                self._say(302, {"Location": "http://[half/"})
            case ["file"]:
                self._say(302, {"Location": "file:///etc/passwd"})
            case ["slow"]:
                time.sleep(3 * TIMEOUT)
                self._say(200)
            case ["nonsense"]:
                self.wfile.write(b"220 this is another protocol\r\n")
            case _:  # hangs up
                self.close_connection = True

    def _say(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stub: Stub

    def handle_error(self, *_: Any) -> None:
        """A client that has gone is what some of these tests are about."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    with _Server(("127.0.0.1", 0), _Misbehaving) as server:
        server.stub = made = Stub(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_a_page_that_is_there_is_asked_once(stub: Stub) -> None:
    assert stub.ask("/there#part") == Answer(state="there", status=200)
    assert stub.asked == [("HEAD", "/there")]
    assert stub.agents == {AGENT}


@pytest.mark.parametrize("path", ["/no-head", "/head-lies"])
def test_get_where_head_is_no_answer(stub: Stub, path: str) -> None:
    assert stub.ask(path) == Answer(state="there", status=200)
    assert stub.asked == [("HEAD", path), ("GET", path)]
    assert stub.waited == [1]  # between two requests of one server


@pytest.mark.parametrize("status", [404, 410])
def test_missing_is_not_asked_again(stub: Stub, status: int) -> None:
    assert stub.ask(f"/status/{status}") == Answer(state="missing", status=status)
    assert len(stub.asked) == 2


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_server_that_answers_no_program_is_not_called_missing(stub: Stub, status: int) -> None:
    assert stub.ask(f"/status/{status}") == Answer(state="refused", status=status)
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    ("asks", "waits"),
    [
        ("7", 7),
        ("4000", 60),  # no longer than that
        ("soon", 2),
        ("Wed,_01_Jan_2020_00:00:00_GMT", 1),  # past
        ("Fri,_01_Jan_2100_00:00:00_GMT", 60),
    ],
)
def test_busy_servers_are_waited_for(stub: Stub, asks: str, waits: float) -> None:
    assert stub.ask(f"/busy/{asks}").state == "there"
    assert stub.waited == [waits]
    assert [method for method, _ in stub.asked] == ["HEAD", "HEAD"]


def test_a_server_that_stays_busy(stub: Stub) -> None:
    assert stub.ask("/status/429") == Answer(state="refused", status=429)
    assert len(stub.asked) == 3
    assert stub.waited == [2, 4]


def test_broken_servers_are_asked_again(stub: Stub) -> None:
    assert stub.ask("/broken") == Answer(state="there", status=200)
    assert stub.waited == [1, 2]


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_stays_broken(stub: Stub, status: int) -> None:
    assert stub.ask(f"/status/{status}") == Answer(state="failed", status=status)
    assert len(stub.asked) == 6


def test_redirects_are_followed_and_kept(stub: Stub) -> None:
    assert stub.ask("/twice") == Answer(state="moved", status=200, to=f"{stub.address}/there")
    assert [path for _, path in stub.asked] == ["/twice", "/moved", "/there"]


def test_a_redirect_to_what_is_missing(stub: Stub) -> None:
    to = f"{stub.address}/status/404"
    assert stub.ask("/to-missing") == Answer(state="missing", status=404, to=to)


def test_a_circle_ends(stub: Stub) -> None:
    answer = stub.ask("/loop")
    assert (answer.state, answer.why) == ("failed", f"more than {HOPS} redirects")
    assert len(stub.asked) == HOPS + 1


def test_a_redirect_without_a_place_is_a_failure(stub: Stub) -> None:
    assert stub.ask("/nowhere").state == "failed"


def test_a_redirect_to_no_address(stub: Stub) -> None:
    assert stub.ask("/half") == Answer(state="failed", why="Invalid IPv6 URL")


def test_files_of_this_machine_are_not_opened(stub: Stub) -> None:
    answer = stub.ask("/file")
    assert (answer.state, answer.why) == ("failed", "leads out of the web")


def test_slow_servers_are_left(stub: Stub) -> None:
    began = time.monotonic()
    answer = stub.ask("/slow", tries=2)
    assert (answer.state, answer.status) == ("failed", 0)
    assert "timed out" in answer.why
    assert 2 * TIMEOUT <= time.monotonic() - began < 10 * TIMEOUT
    assert len(stub.asked) == 2


@pytest.mark.parametrize("path", ["/hangs-up", "/nonsense"])
def test_servers_that_speak_no_http(stub: Stub, path: str) -> None:
    answer = stub.ask(path)
    assert (answer.state, answer.status) == ("failed", 0)
    assert answer.why.isprintable()
    assert answer.why


def test_nobody_there() -> None:
    answer = asked("http://127.0.0.1:1/", Patience(tries=1, timeout=TIMEOUT))
    assert (answer.state, answer.status) == ("failed", 0)
    assert answer.why


@pytest.mark.parametrize(
    "address", ["http://no.such.host.invalid/", "http://[half/", "http://a b/"]
)
def test_what_is_no_address(address: str) -> None:
    assert asked(address, Patience(tries=1, timeout=TIMEOUT)).state == "failed"
