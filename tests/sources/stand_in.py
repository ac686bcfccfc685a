"""The Hub, played by a server on this machine: files and records of a few repositories, and lists of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

COMMIT = "0" * 40


@dataclass
class Repository:
    """What a repository holds, and what the Hub's record of it says beside its files."""

    files: Mapping[str, bytes]
    record: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200  # 403: its terms must be accepted
    code: str = ""
    size: int | None = None  # of each file, where it isn't what the server states


@contextmanager
def hub(held: Mapping[str, Repository]) -> Iterator[str]:
    """Its address while it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answered(body=False)

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/api/models":
                (author,) = parse_qs(path.query)["author"]
                found = [n for n in held if n.startswith(f"{author}/") and held[n].record]
                newest = sorted(found, key=lambda n: held[n].record["createdAt"], reverse=True)
                return self._json([told(name, held[name]) for name in newest])
            if path.path.startswith("/api/models/"):
                name = path.path.removeprefix("/api/models/")
                if name not in held or not held[name].record:
                    return self._said(404, "RepoNotFound", b"")
                return self._json(told(name, held[name]))
            return self._answered(body=True)

        def _json(self, said: object) -> None:
            self._said(200, "", json.dumps(said).encode())

        def _answered(self, *, body: bool) -> None:
            parts = urlsplit(self.path).path.strip("/").split("/")
            absent = Repository({}, status=401, code="RepoNotFound")
            found = held.get("/".join(parts[:2]), absent)
            content = found.files.get("/".join(parts[4:]))  # owner/name/resolve/revision/file
            if found.status == 200 and content is None:
                return self._said(404, "EntryNotFound", b"")
            return self._said(found.status, found.code, content or b"", size=found.size, body=body)

        def _said(
            self, status: int, code: str, content: bytes, size: int | None = None, body: bool = True
        ) -> None:
            self.send_response(status)
            if code:
                self.send_header("X-Error-Code", code)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{len(content)}"')
            self.send_header("Content-Length", str(len(content) if size is None else size))
            self.end_headers()
            if body and status == 200:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(name: str, repository: Repository) -> dict[str, Any]:
    """A repository as the Hub's record and its lists have it."""
    siblings = [{"rfilename": file} for file in repository.files]
    return {"id": name, "siblings": siblings, **repository.record}


def environment(address: str, home: object) -> dict[str, str]:
    """For a process of its own: the package reads its addresses when it is imported."""
    return {
        "HF_ENDPOINT": address,
        "HF_HOME": str(home),
        "HF_HUB_DISABLE_XET": "1",
        "PATH": "",
        "PYTHONPATH": "src",
    }
