"""The server: loopback only, the right types and headers, a page for what isn't there, a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from threading import Thread

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.server.policies import PAGES
from llm_gallery.server.serve import Handler, listening
from llm_gallery.site.render import POLICY
from llm_gallery.sources.hub import HOST

FILES = {
    "index.html": "<p>front</p>",
    "404.html": "<p>not here</p>",
    "models/a/index.html": "<p>a</p>",
    "models/a/figure.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "data/models.json": "[]",
    "data/models.csv": "id",
    "data/index.json": '{"catalog": "published"}',
    "models/a/facts.json": "{}",
    "feeds/maker/a.xml": "<feed/>",
    "changes/feed.xml": "<feed/>",
    "static/style.css": "p{}",
    "static/theme.js": "1",
    "static/inter.woff2": "f",
    "models/a/figure.pdf": "p",
    "models/a/figure.png": "p",
    ".llm-gallery-site": "hidden",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "site" / "linked.txt").symlink_to(tmp_path / "secret.txt")
    return tmp_path / "site"


@contextmanager
def running(folder: Path) -> Iterator[int]:
    with listening(folder, 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def asked(
    port: int, path: str, method: str = "GET", host: str = "127.0.0.1"
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/models/a/", "text/html; charset=utf-8"),
        ("/models/a/figure.svg", "image/svg+xml"),
        ("/models/a/figure.pdf", "application/pdf"),
        ("/models/a/figure.png", "image/png"),
        ("/data/models.json", "application/json; charset=utf-8"),
        ("/data/models.csv", "text/csv; charset=utf-8"),
        ("/static/style.css?v=1", "text/css; charset=utf-8"),
        ("/static/theme.js", "text/javascript; charset=utf-8"),
        ("/static/inter.woff2", "font/woff2"),
    ],
)
def test_types(folder: Path, path: str, kind: str) -> None:
    with running(folder) as port:
        answer, body = asked(port, path)
    assert answer.status == 200
    assert answer.getheader("Content-Type") == kind
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert body


def test_policy_is_that_of_the_pages() -> None:
    assert f"{POLICY}; frame-ancestors 'none'" == PAGES


@pytest.mark.parametrize("path", ["/describe/", "/describe/index.html?m=a"])
def test_a_page_that_names_the_hub_may_fetch_from_it(folder: Path, path: str) -> None:
    """As its own policy says within its head; no other page, and not where a text below names it."""
    page = folder / "describe" / "index.html"
    page.parent.mkdir()
    with running(folder) as port:
        found = []
        for text in (f"connect-src {HOST}; base-uri", " " * 2000 + f" {HOST};", "none"):
            page.write_text(text)
            found.append(asked(port, path)[0].getheader("Content-Security-Policy"))
        front, _ = asked(port, "/")
    own = PAGES.replace("connect-src 'self'", f"connect-src 'self' {HOST}")
    assert found == [own, PAGES, PAGES]
    assert front.getheader("Content-Security-Policy") == PAGES


def test_figures_may_hold_their_own_style(folder: Path) -> None:
    with running(folder) as port:
        page, _ = asked(port, "/")
        figure, _ = asked(port, "/models/a/figure.svg")
    assert page.getheader("Content-Security-Policy") == PAGES
    policy = figure.getheader("Content-Security-Policy") or ""
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")


DATA = (
    "/data/models.json",
    "/data/index.json?v=1",
    "/data/models.csv",
    "/models/a/facts.json",
    "/models/a/figure.svg",
    "/feeds/maker/a.xml",
    "/changes/feed.xml",
)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pages_of_other_sites_may_read_data(folder: Path, method: str) -> None:
    with running(folder) as port:
        answers = {path: asked(port, path, method)[0] for path in DATA}
    for path, answer in answers.items():
        assert answer.status == 200, path
        assert answer.headers.get_all("Access-Control-Allow-Origin") == ["*"], path
        assert not answer.getheader("Access-Control-Allow-Credentials"), path


def test_pages_of_other_sites_read_nothing_else(folder: Path) -> None:
    """No page, no script, no image of pixels, nothing that isn't there, and no answer to a question."""
    others = ("/", "/models/a/", "/static/theme.js", "/models/a/figure.png", "/data/none.json")
    with running(folder) as port:
        answers = [asked(port, path)[0] for path in others]
        answers += [asked(port, "/api/describe", method)[0] for method in ("POST", "OPTIONS")]
        answers.append(asked(port, "/data/models.json", host="evil.example")[0])
        answers.append(asked(port, "/data/models.json", "POST")[0])
    for answer in answers:
        assert not answer.getheader("Access-Control-Allow-Origin")
        assert not answer.getheader("Access-Control-Allow-Methods")


@pytest.mark.parametrize("said", ['{"catalog": "own"}', "{}", "[]", "broken", None])
def test_another_catalog_is_for_this_machine_alone(folder: Path, said: str | None) -> None:
    index = folder / "data" / "index.json"
    index.unlink() if said is None else index.write_text(said, "utf-8")
    with running(folder) as port:
        answer, _ = asked(port, "/data/models.json")
    assert answer.status == 200
    assert not answer.getheader("Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/models/",
        "/static/",
        "/.llm-gallery-site",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/models/..%2f..%2fsecret.txt",
        "/linked.txt",
        "//etc/passwd",
        "/%00",
        "/" + "a" * 5000,
    ],
)
def test_what_is_not_there(folder: Path, path: str) -> None:
    with running(folder) as port:
        answer, body = asked(port, path)
    assert answer.status == 404
    assert body == b"<p>not here</p>"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_another_name_reads_nothing(folder: Path, host: str) -> None:
    """A page elsewhere may point its own name at this machine; what is private stays here."""
    with running(folder) as port:
        answer, body = asked(port, "/data/models.json", host=host)
    assert answer.status == 403
    assert b"answers for 127.0.0.1 and localhost" in body
    assert b"[]" not in body


def test_many_may_connect_at_once(folder: Path) -> None:
    """Nobody takes them in the meantime: all stand in the kernel's queue, and none is turned away."""
    with listening(folder, 0) as server, ExitStack() as held:
        for _ in range(100):
            held.enter_context(
                socket.create_connection(("127.0.0.1", server.server_port), timeout=0.5)
            )


def test_head_has_no_body(folder: Path) -> None:
    with running(folder) as port:
        there, body = asked(port, "/", "HEAD")
        missing, nothing = asked(port, "/nothing", "HEAD")
    assert (there.status, body) == (200, b"")
    assert (missing.status, nothing) == (404, b"")


def test_only_reading(folder: Path) -> None:
    with running(folder) as port:
        put, _ = asked(port, "/", "PUT")
        posted, _ = asked(port, "/", "POST")
    assert put.status == 501
    assert posted.status == 404  # no question


def test_loopback_only(folder: Path) -> None:
    with listening(folder, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_refuses_a_folder_without_a_site(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no index.html"):
        listening(tmp_path, 0)


def test_refuses_a_taken_port(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refusal, match="choose another with --port"):
            listening(folder, taken.getsockname()[1])


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_fault_of_ours_is_said_in_a_line(
    folder: Path,
    method: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def failing(*_: object) -> None:
        raise LookupError("at\nit")

    monkeypatch.setattr(Handler, "_file", failing)
    monkeypatch.setattr(Handler, "_asked_from_here", failing)
    with running(folder) as port:
        answer, body = asked(port, "/api/describe" if method == "POST" else "/", method)
        (printed,) = capsys.readouterr().err.splitlines()
        monkeypatch.undo()
        assert asked(port, "/")[0].status == 200
    assert answer.status == 500
    assert printed.startswith(
        "llm-gallery: serve ended in a fault of ours (LookupError at llm_gallery.server.serve:"
    )
    assert r"at\nit" in printed
    if method != "HEAD":
        assert json.loads(body) == {"refused": printed.removeprefix("llm-gallery: ")}


def test_a_fault_after_an_answer_began_is_said_in_the_terminal_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(Handler, "copyfile", failing)
    with running(folder) as port, closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asking:
        asking.request("GET", "/")
        with closing(asking.getresponse()) as answer, pytest.raises(IncompleteRead):
            answer.read()
    assert "LookupError at llm_gallery.server.serve:" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly(folder: Path, ending: signal.Signals) -> None:
    # Begun in the background of a shell, tests and what they start ignore SIGINT.
    code = (
        "import signal, sys; from pathlib import Path; from llm_gallery.server import serve; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); serve(Path(sys.argv[1]), 0)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.startswith("http://127.0.0.1:")
    process.send_signal(ending)
    _, error = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in error
