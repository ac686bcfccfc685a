"""A fetch from a stand-in of the Hub that misbehaves: every repository has its row, whatever its server does."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census.fetch import Client, Counts, HubList, TableList, client, fetch, listed
from llm_gallery.census.fetch.client import Unanswered, retry_after
from llm_gallery.cli import main
from tests.census.conftest import run, table, told
from tests.census.test_census import CONFIGS

LLAMA = json.dumps(CONFIGS["llama-3-8b"]).encode()
SHA = "a" * 40
NAMES = (
    "good", "moved", "elsewhere", "busy", "broken", "cut", "chunked", "slow", "gated", "private", "none",
    "large", "bytes", "page", "always",
)  # fmt: skip


class Hub(BaseHTTPRequestHandler):
    """Answers as the name of a repository says; counts what is asked of each."""

    asked: ClassVar[Counter[str]] = Counter()
    times: ClassVar[list[float]] = []
    down: ClassVar[bool] = False
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A page of the list, or a config."""
        self.times.append(time.monotonic())
        path = urlsplit(self.path)
        self.asked[path.path] += 1
        if self.down:
            return self.say(500)
        if path.path == "/api/models":
            return self.list(parse_qs(path.query))
        name = path.path.split("/")[2]
        return self.config(name, self.asked[path.path])

    def list(self, asked: dict[str, list[str]]) -> None:
        """Five repositories a page; the second page answers only when asked again."""
        at = int(asked.get("cursor", ["0"])[0])
        if at == 5 and self.asked["/api/models"] == 2:
            return self.say(503, {"Retry-After": "0"})
        assert asked["expand[]"] == ["createdAt", "downloads", "likes", "gated", "sha"]
        found = [
            {
                "id": f"org/{name}", "createdAt": f"2025-01-{at + n + 1:02}T00:00:00.000Z", "downloads": n,
                "likes": 1, "gated": "manual" if name == "gated" else False, "sha": SHA,
            }
            for n, name in enumerate(NAMES[at : at + 5])
        ]  # fmt: skip
        host = f"http://{self.headers['Host']}{self.path.split('&cursor')[0]}"
        more = {"Link": f'<{host}&cursor={at + 5}>; rel="next"'} if at + 5 < len(NAMES) else {}
        return self.say(200, more, json.dumps(found).encode())

    def config(self, name: str, times: int) -> None:
        """What the name promises."""
        first = times == 1
        match name:
            case "moved":
                self.say(307, {"Location": f"/org/good/resolve/{SHA}/config.json"})
            case "elsewhere":
                self.say(302, {"Location": "file:///etc/passwd"})
            case "busy" if first:
                self.say(429, {"Retry-After": "1"})
            case "broken" if first:
                self.say(502)
            case "cut" if first:
                self.say(200, {"Content-Length": str(len(LLAMA))}, LLAMA[:99])
                self.close_connection = True
            case "chunked" if first:
                self.say(200, {"Transfer-Encoding": "chunked"}, b"ff\r\n{")
                self.close_connection = True
            case "slow" if first:
                time.sleep(1)
                self.close_connection = True
            case "private":
                self.say(401)
            case "none":
                self.say(404, {"X-Error-Code": "EntryNotFound"})
            case "large":
                self.say(200, {"Content-Length": str(2**40)})
                self.close_connection = True
            case "bytes":
                self.say(200, {}, b'{"model_type": "\xff"}')
            case "page":
                self.say(200, {}, b"<!DOCTYPE html>")
            case "always":
                self.say(504)
            case _:
                self.say(200, {}, LLAMA)

    def say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Sends it, with the body's length unless another is stated."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            if not (name == "Content-Length" and headers and "Transfer-Encoding" in headers):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its address."""
    monkeypatch.setattr(Hub, "asked", Counter())
    monkeypatch.setattr(Hub, "times", [])
    monkeypatch.setattr(client, "SECONDS", 0.5)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def hurried(seconds: float) -> None:
    """Waits, but not as long as a server would like."""
    time.sleep(min(seconds, 0.02))


def fetched(hub: str, out: Path, **other: Any) -> Counts:
    asks = Client(10_000, sleep=hurried)
    asks.__dict__.update(now=Clock())
    given: dict[str, Any] = {"at_once": 3, "progress": lambda counts: None} | other
    return fetch(HubList(asks, hub), asks, hub, out, **given)


class Clock:
    """A clock by which a wait is over at once."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 100.0 / 10_000
        return self._now


def rows(out: Path) -> list[dict[str, Any]]:
    files = sorted((out / "rows").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_every_repository_has_its_row(hub: str, tmp_path: Path) -> None:
    counts = fetched(hub, tmp_path / "hub")
    found = {row["repository"].removeprefix("org/"): row for row in rows(tmp_path / "hub")}
    assert [*found] == [*NAMES]
    whys = {name: row["why"] for name, row in found.items() if row["config"] is None}
    assert whys == {
        "elsewhere": "status 302",
        "gated": "gated",
        "private": "gated or private",
        "none": "no config.json",
        "large": "larger than a config",
        "always": "unanswered",
    }
    whole = {name for name, row in found.items() if row["config"] == LLAMA.decode()}
    assert whole == {"good", "moved", "busy", "broken", "cut", "chunked", "slow"}
    assert counts == Counter(whys.values()) + Counter(config=len(NAMES) - len(whys))
    assert found["busy"]["created"] == "2025-01-04T00:00:00"
    assert found["always"]["failed"] == "status 504, 6 times"
    asked = {name: Hub.asked[f"/org/{name}/resolve/{SHA}/config.json"] for name in NAMES}
    again = {"busy", "broken", "cut", "chunked", "slow"}
    assert {name for name in NAMES if asked[name] == 2} == again | {"good"}  # as which one is moved
    assert (asked["gated"], asked["always"]) == (0, client.TRIES)


def test_a_census_reads_what_was_fetched(hub: str, tmp_path: Path) -> None:
    fetched(hub, tmp_path / "hub")
    run(tmp_path / "out", f"{tmp_path}/hub/rows/*.jsonl")
    outcomes = {row["repository"].removeprefix("org/"): row for row in told(tmp_path / "out")}
    assert outcomes["moved"]["copy_of"] == "org/good"
    assert outcomes["bytes"]["outcome"] == outcomes["page"]["outcome"] == "unreadable"
    assert "UTF-8" in outcomes["bytes"]["reason"]
    assert "the row has no config" in outcomes["gated"]["reason"]


class Stopped(BaseException):
    """As if the process were killed."""


@pytest.mark.whole
@pytest.mark.parametrize("after", [1, 3, 6, 11])
def test_stopped_it_goes_on(hub: str, tmp_path: Path, after: int) -> None:
    """What has its row isn't asked for again; half a line is written anew."""
    fetched(hub, tmp_path / "whole")
    done = 0

    def stopping(counts: Counts) -> None:
        nonlocal done
        done = counts.total()
        if done >= after:
            raise Stopped

    Hub.asked.clear()
    with pytest.raises(Stopped):
        fetched(hub, tmp_path / "hub", progress=stopping, at_once=1)
    for part in (tmp_path / "hub").rglob("*.part"):
        part.write_bytes(part.read_bytes() + b'{"repository": "or')
    first = Counter(Hub.asked)
    fetched(hub, tmp_path / "hub")
    assert rows(tmp_path / "hub") == rows(tmp_path / "whole")
    had = [row["repository"] for row in rows(tmp_path / "hub")[:done]]
    for name in had:
        if name != "org/good":  # to which another one is moved
            address = f"/{name}/resolve/{SHA}/config.json"
            assert Hub.asked[address] == first[address]
    assert not [*(tmp_path / "hub").rglob("*.part")]


def test_where_the_server_is_down_it_ends_and_goes_on(
    hub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.txt").write_text("\n".join(f"org/good-{n}" for n in range(9)))
    listed, asks = TableList(tmp_path / "list.txt"), Client(10_000, sleep=hurried, now=Clock())

    def begun() -> Counts:
        return fetch(listed, asks, hub, tmp_path / "hub", at_once=2, progress=lambda counts: None)

    with monkeypatch.context() as patched:
        patched.setattr(Hub, "down", True)
        with pytest.raises(Refusal, match="answers no more .status 500, 6 times.*goes on where it"):
            begun()
        with pytest.raises(
            Refusal, match=r"/api/models.* gave status 500, 6 times, expected a list"
        ):
            fetched(hub, tmp_path / "other")
    assert begun() == Counter(config=9)
    assert [row["config"] for row in rows(tmp_path / "hub")] == [LLAMA.decode()] * 9


def test_it_asks_no_faster_than_allowed(hub: str) -> None:
    """By the clock, over all threads."""
    asks = Client(50)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda n: asks.get(f"{hub}/org/good/resolve/main/config.json", 10**6), range(20)
        )
        assert {answer.status for answer in answers} == {200}
    assert max(Hub.times) - min(Hub.times) >= 19 / 50 - 0.1


def test_it_waits_as_long_as_it_is_told() -> None:
    waits: list[float] = []
    asks = Client(1, sleep=waits.append, now=lambda: 0.0)
    asks._turn()
    asks._hold(40.0)
    asks._turn()
    assert waits == [40.0]


def test_a_wait_of_hours_ends_the_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Message()
    busy["Retry-After"] = "7200"
    monkeypatch.setattr(Client, "_answer", lambda *_: client.Answer(429, busy, b""))
    with pytest.raises(
        Unanswered, match="status 429, to be asked again in 7,200 seconds"
    ) as raised:
        Client(1).get("http://hub", 1)
    assert raised.value.busy


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("120", 120, 120),
        ("in ten minutes", 400, 600),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
        ("soon", None, None),
        ("-5", None, None),
    ],
)
def test_retry_after(text: str, low: float | None, high: float | None) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    headers = Message()
    headers["Retry-After"] = later if text == "in ten minutes" else text
    wait = retry_after(headers)
    assert (wait is None) == (low is None)
    assert wait is None or low is None or high is None or low <= wait <= high


def test_lists_in_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("org/a\n\n../b\norg/c\n")
    (tmp_path / "a.jsonl").write_text('{"id": "org/a", "downloads": 3}\n{\n{"modelId": "org/c"}\n')
    columns: dict[str, list[Any]] = {
        "id": ["org/a", None, "org/c"],
        "downloads": [3, 4, None],
        "tags": [["x"]] * 3,
    }
    for file in (tmp_path / "a.txt", tmp_path / "a.jsonl", table(tmp_path / "a.parquet", columns)):
        page = TableList(file).page("")
        assert [one.repository for one in page.repositories] == ["org/a", "org/c"]
        assert page.next is None
        assert listed.parsed_page(page.text()) == page


def test_a_long_list_has_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(f"org/{n}" for n in range(2_500)))
    of, name, found = TableList(tmp_path / "a.txt"), "", []
    while True:
        page = of.page(name)
        found += [one.repository for one in page.repositories]
        if page.next is None:
            break
        name = page.next
    assert found == [f"org/{n}" for n in range(2_500)]


def test_another_list_is_not_mixed_in(hub: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("org/good")
    asks = Client(1_000)
    fetch(TableList(tmp_path / "a.txt"), asks, hub, tmp_path / "hub", at_once=1, progress=print)
    with pytest.raises(Refusal, match="holds a fetch of another list, expected http"):
        fetched(hub, tmp_path / "hub")
    with pytest.raises(Refusal, match="holds other files, expected an empty folder"):
        fetched(hub, tmp_path)


def test_the_command(
    hub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub + "/")
    (tmp_path / "a.txt").write_text("org/good\norg/none")
    given = ["census", "fetch", "--list", str(tmp_path / "a.txt"), "-o", str(tmp_path / "hub")]
    assert main([*given, "--per-second", "1000"]) == 0
    assert capsys.readouterr().out == (
        f"2 rows: 1 config; no config.json 1\nwritten to {tmp_path}/hub; "
        f"llm-gallery census '{tmp_path}/hub/rows/*.jsonl' reads it\n"
    )
    assert main([*given, "--tag", "transformers"]) == 2
    assert main([*given, "--per-second", "0"]) == 2
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    assert main(given) == 2
    assert "HF_ENDPOINT is file:///etc, expected an address" in capsys.readouterr().err
