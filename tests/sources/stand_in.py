"""The Hub, played by a server on this machine: files and records of a few repositories, and lists of them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0" * 40
CHUNK = bytes(2**16)


@dataclass
class Repository:
    """What a repository holds, and what the Hub's record of it says beside its files."""

    files: Mapping[str, bytes]
    record: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200  # 403: its terms must be accepted
    code: str = ""
    size: int | None = None  # of each file, where it isn't what the server states
    grown: Mapping[str, int] = field(default_factory=dict)  # sizes of files that go on with zeros
    revisions: Mapping[str, str] = field(default_factory=lambda: {"main": COMMIT})
    ranges: Literal["given", "ignored", "shifted", "of another size"] = "given"
    cdn: bool = False  # whether files come from another host
    token: str = ""  # without it, there is no such repository

    def total(self, file: str) -> int:
        """The true bytes of a file."""
        return self.grown.get(file, len(self.files[file]))


class Request(NamedTuple):
    """A request that was answered: its host, what it was for, its token, and the bytes of its answer."""

    host: Literal["hub", "cdn"]
    path: str
    authorization: str | None
    sent: int


@contextmanager
def hub(held: Mapping[str, Repository], seen: list[Request] | None = None) -> Iterator[str]:
    """Its address while it answers; each request is added to those that were seen."""
    log = [] if seen is None else seen

    class Handler(BaseHTTPRequestHandler):
        host: Literal["hub", "cdn"] = "hub"

        def do_HEAD(self) -> None:
            self._answered(body=False)

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/api/models":
                (author,) = parse_qs(path.query)["author"]
                found = [n for n in held if n.startswith(f"{author}/") and held[n].record]
                newest = sorted(found, key=lambda n: held[n].record["createdAt"], reverse=True)
                return self._json([told(name, held[name]) for name in newest])
            if named := re.fullmatch(
                r"/api/(models|datasets|spaces)/(\w.*?/[^/]+)(/revision/.*)?", path.path
            ):
                return self._info(*named.groups())
            return self._answered(body=True)

        def _info(self, kind: str, name: str, revision: str | None) -> None:
            found = held.get(name)
            if found is None or not found.record or found.record.get("type", "models") != kind:
                return self._said(404, "RepoNotFound", b"")
            if not self._may(found):
                return self._said(401, "RepoNotFound", b"")
            if found.status >= 429:
                return self._said(found.status, "", b"")
            commit = self._commit(found, unquote((revision or "/revision/main")[10:]))
            if commit is None:
                return self._said(404, "RevisionNotFound", b"")
            return self._json(told(name, found) | {"sha": commit})

        def _may(self, found: Repository) -> bool:
            return not found.token or self.headers["Authorization"] == f"Bearer {found.token}"

        def _commit(self, found: Repository, revision: str) -> str | None:
            return (
                revision if revision in found.revisions.values() else found.revisions.get(revision)
            )

        def _json(self, said: object) -> None:
            self._said(200, "", json.dumps(said).encode())

        def _answered(self, *, body: bool) -> None:
            parts = urlsplit(self.path).path.strip("/").split("/")
            absent = Repository({}, status=401, code="RepoNotFound")
            found = held.get("/".join(parts[:2]), absent)
            if self.host == "hub" and not self._may(found):
                found = absent
            file = unquote("/".join(parts[4:]))  # owner/name/resolve/revision/file
            content = found.files.get(file)
            if found.status == 200 and self._commit(found, unquote(parts[3])) is None:
                return self._said(404, "RevisionNotFound", b"")
            if found.status == 200 and content is None:
                return self._said(404, "EntryNotFound", b"")
            if content is None or found.status != 200 or not body:
                return self._said(
                    found.status, found.code, content or b"", size=found.size, body=body
                )
            if found.cdn and self.host == "hub":
                return self._said(302, "", b"", location=f"{cdn}{self.path}")
            return self._sent(found, file)

        def _sent(self, found: Repository, file: str) -> None:
            """A file, or a range of it."""
            total = found.total(file)
            asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"] or "")
            start, end = 0, found.size or total
            if asked and found.ranges != "ignored":
                start, end = int(asked[1]), min(int(asked[2]) + 1, total)
                if start >= total:
                    return self._said(416, "", b"", content_range=f"bytes */{total}")
                first = start + (found.ranges == "shifted")
                stated = total + (found.ranges == "of another size")
                self._head(206, end - start, content_range=f"bytes {first}-{end - 1}/{stated}")
            else:
                self._head(200, end)
            sent = 0
            try:
                while start + sent < min(end, total):
                    piece = found.files[file][start + sent : end][: len(CHUNK)]
                    piece = piece or CHUNK[: min(end, total) - start - sent]
                    self.wfile.write(piece)
                    sent += len(piece)
            except OSError:  # the reader has enough
                self.close_connection = True
            log.append(Request(self.host, self.path, self.headers["Authorization"], sent))
            return None

        def _head(
            self,
            status: int,
            length: int,
            code: str = "",
            location: str = "",
            content_range: str = "",
        ) -> None:
            self.send_response(status)
            for name, value in (
                ("X-Error-Code", code),
                ("Location", location),
                ("Content-Range", content_range),
                ("X-Repo-Commit", COMMIT),
                ("ETag", f'"{length}"'),
                ("Content-Length", str(length)),
            ):
                if value:
                    self.send_header(name, value)
            self.end_headers()

        def _said(
            self,
            status: int,
            code: str,
            content: bytes,
            size: int | None = None,
            body: bool = True,
            location: str = "",
            content_range: str = "",
        ) -> None:
            self._head(
                status, len(content) if size is None else size, code, location, content_range
            )
            if body and status == 200:
                self.wfile.write(content)
            log.append(Request(self.host, self.path, self.headers["Authorization"], len(content)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    class Cdn(Handler):
        host = "cdn"

    with ExitStack() as stack:
        cdn = stack.enter_context(_serving(Cdn))
        yield stack.enter_context(_serving(Handler))


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
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
    siblings = [{"rfilename": file, "size": repository.total(file)} for file in repository.files]
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
