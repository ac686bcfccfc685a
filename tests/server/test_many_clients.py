"""The server under many clients at once: each gets what it asked for, and nothing is left of them afterwards."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from threading import Thread
from time import monotonic, sleep

import pytest

from llm_gallery.server.serve import listening

CLIENTS = 64
PAGES = 20
PATIENCE = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pages of all sizes, from one packet to half a megabyte."""
    for number in range(PAGES):
        text = Random(number).randbytes(150 * number**2).hex()
        (tmp_path / f"{number}.html").write_text(f"<p>{number}</p>{text}", "utf-8")
    (tmp_path / "index.html").write_text("<p>front</p>", "utf-8")
    return tmp_path


def wrong(port: int, folder: Path, requests: range) -> list[str]:
    """What a client that asks for so many pages on one connection after another didn't get as it is."""
    found = []
    for number in requests:
        name, packed = f"{number % PAGES}.html", number % 3 > 0
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", f"/{name}", headers={"Accept-Encoding": "gzip" if packed else ""})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if answer.status != 200 or body != (folder / name).read_bytes():
            found.append(f"{name}: {answer.status}, {len(body)} bytes")
    return found


@pytest.mark.parametrize("each", [4, pytest.param(32, marks=pytest.mark.whole)])
def test_each_gets_what_it_asked_for(
    folder: Path, each: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """2,048 requests in `make whole`; no fault, no traceback, no thread that stays."""
    before = threading.active_count()
    with listening(folder, 0) as server:
        serving = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serving.start()
        port = server.server_port
        with ThreadPoolExecutor(CLIENTS) as clients:
            asked = [range(each * one, each * (one + 1)) for one in range(CLIENTS)]
            found = [*clients.map(lambda numbers: wrong(port, folder, numbers), asked)]
        kept = server.packed_files.size
        server.shutdown()
        serving.join()
    assert [fault for faults in found for fault in faults] == []
    assert kept <= sum(path.stat().st_size for path in folder.iterdir())
    until = monotonic() + PATIENCE
    while threading.active_count() > before and monotonic() < until:
        sleep(0.05)
    assert threading.active_count() == before
    assert capfd.readouterr().err == ""
