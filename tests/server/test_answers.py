"""Questions to the server: answered for its own pages, refused in one line for everybody and everything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest

from llm_gallery.catalog import pasted_uses
from llm_gallery.catalog.load import entries
from llm_gallery.catalog.pasted_config import answer
from llm_gallery.server.answers import Answers
from llm_gallery.server.serve import LARGEST, WORKER, listening
from llm_gallery.server.worker_pool import Busy

CONFIG = json.dumps(next(dict(e.config) for e in entries() if e.id == "gpt2-xl"))
OWN = {"Host": "127.0.0.1:1", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<p>front</p>")
    (folder / "python-worker.js").write_text("1")
    with listening(folder, 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def asked(
    port: int, path: str, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    sent = {"Content-Length": str(len(body))} | OWN | (headers or {})
    connection.putrequest("POST", path, skip_host=True)
    for name, value in sent.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    found = json.loads(answer.read())
    connection.close()
    return answer.status, found


def test_the_same_answer_as_the_library(port: int) -> None:
    status, found = asked(port, "/api/describe", json.dumps({"text": CONFIG}).encode())
    assert status == 200
    assert found == json.loads(json.dumps(answer(CONFIG)))


@pytest.mark.whole
def test_relatives(port: int) -> None:
    _, found = asked(port, "/api/relatives", json.dumps({"text": CONFIG}).encode())
    assert found["relatives"][0]["id"] == "gpt2-xl"


@pytest.mark.parametrize("name", ["card", "entry", "run"])
def test_what_it_is_taken_on_to(port: int, name: str) -> None:
    status, found = asked(port, f"/api/{name}", json.dumps({"text": CONFIG}).encode())
    assert status == 200
    assert found == json.loads(json.dumps(getattr(pasted_uses, name)(CONFIG)))


def test_a_bad_config_is_an_answer(port: int) -> None:
    status, found = asked(port, "/api/describe", b'{"text": "{}"}')
    assert status == 200
    assert found["refused"].startswith("the config: the config has no model_type")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "said"),
    [
        ("/api/other", b"{}", {}, 404, "no such question"),
        ("/index.html", b"{}", {}, 404, "no such question"),
        ("/api/describe", b"{}", {"Host": "evil.example:1"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Host": "evil.example"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Content-Type": "text/plain"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Origin": "https://evil.example"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Origin": "http://127.0.0.1:2"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Origin": "http://localhost:1"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Origin": "null"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Sec-Fetch-Site": "cross-site"}, 403, "questions come from"),
        ("/api/describe", b"{}", {"Sec-Fetch-Site": "same-site"}, 403, "questions come from"),
        ("/api/describe", b"", {"Content-Length": ""}, 411, "the question has no length"),
        ("/api/describe", b"", {"Content-Length": str(LARGEST + 1)}, 413, "expected at most 1,048,576"),
        ("/api/describe", b"", {"Content-Length": "9" * 400}, 413, "999999999 bytes"),
        ("/api/describe", b"[1]", {}, 200, "no JSON object of texts"),
        ("/api/describe", b'{"text": 1}', {}, 200, "no JSON object of texts"),
        ("/api/describe", b'{"text": "", "more": ""}', {}, 200, "no JSON object of texts"),
        ("/api/relatives", b"[" * 5000, {}, 200, "no JSON object of texts"),
        ("/api/relatives", b'{"text": ""}', {}, 200, "the config is empty"),
    ],
)  # fmt: skip
def test_refused(
    port: int, path: str, body: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    code, found = asked(port, path, body, headers)
    assert code == status
    assert said in found["refused"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-origin"},
        {"Host": "localhost:1", "Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "LOCALHOST"},
    ],
)
def test_own_pages_and_programs_are_answered(port: int, headers: dict[str, str]) -> None:
    status, found = asked(port, "/api/describe", b'{"text": ""}', headers)
    assert (status, found["refused"][:19]) == (200, "the config is empty")


def test_one_that_finds_nobody_free_is_told_when_to_ask_again(tmp_path: Path) -> None:
    def busy(name: str, question: bytes) -> dict[str, Any]:
        raise Busy

    (tmp_path / "index.html").write_text("<p>front</p>")
    with listening(tmp_path, 0) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.answers, "answer", busy)
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request("POST", "/api/describe", b"{}", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Retry-After")) == (503, "1")
        assert json.loads(answer.read()) == {
            "refused": "others have asked for much; ask again in a second"
        }
        connection.close()
        server.shutdown()
        thread.join()


def slow(*_: object) -> dict[str, Any]:
    """An answer that nobody waits for."""
    sleep(60)
    return {}


@pytest.mark.whole
def test_what_takes_too_long_ends_and_the_next_is_answered() -> None:
    question = json.dumps({"text": CONFIG}).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("llm_gallery.server.answers._describe", slow)
        answers = Answers(seconds=0.1)
    assert "took more than 0 s" in answers.answer("describe", question)["refused"]
    answers.close()
    patient = Answers()
    assert "facts" in patient.answer("describe", question)
    patient.close()


def test_the_worker_may_compile_python_and_pages_may_not(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/python-worker.js")
    answer = connection.getresponse()
    answer.read()
    assert answer.getheader("Content-Security-Policy") == WORKER
    assert answer.getheader("Server-Timing") == "describes"
    connection.request("GET", "/index.html")
    answer = connection.getresponse()
    answer.read()
    assert "wasm" not in (answer.getheader("Content-Security-Policy") or "")
    connection.close()


@pytest.mark.whole
def test_a_folder_elsewhere_is_a_catalog_too(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    found = answers.answer("relatives", json.dumps({"text": CONFIG}).encode())
    answers.close()
    assert found == {"kin": [], "relatives": [], "among": [], "firsts": []}
