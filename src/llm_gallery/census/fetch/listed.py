"""Lists of repositories, page by page: the Hub's own, and files that hold one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.census.fetch.client import Client, Unanswered
from llm_gallery.census.normal import count, moment, name

PAGE = 1_000
"""Repositories of a page: the most that the Hub gives at once."""
LARGEST = 64 * 2**20
FIELDS = ("createdAt", "downloads", "likes", "gated", "sha")
NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository as a list states it."""

    repository: str
    created: str | None
    downloads: int | None
    likes: int | None
    gated: bool
    revision: str  # whose config is read


@dataclass(frozen=True, slots=True)
class Page:
    """Repositories, and what names the next page; None after the last one."""

    repositories: tuple[Listed, ...]
    next: str | None

    def text(self) -> str:
        """As it is kept."""
        return json.dumps(
            {
                "repositories": [asdict(repository) for repository in self.repositories],
                "next": self.next,
            }
        )


def parsed_page(text: str) -> Page:
    """A page that was kept."""
    data = json.loads(text)
    return Page(tuple(Listed(**repository) for repository in data["repositories"]), data["next"])


class List(Protocol):
    """Pages by what names them; the first one is named ""."""

    @property
    def source(self) -> str:
        """What it lists, by which a fetch knows it again."""

    def page(self, name: str) -> Page:
        """Raises Refusal where it can't be read."""


@dataclass(frozen=True, slots=True)
class HubList:
    """All public models, the newest first; those with a tag where one is given."""

    client: Client
    endpoint: str
    tag: str | None = None

    @property
    def source(self) -> str:
        """The address of its first page."""
        expansions = "".join(f"&expand[]={field}" for field in FIELDS)
        tag = f"&filter={quote(self.tag, safe='')}" if self.tag else ""
        return (
            f"{self.endpoint}/api/models?limit={PAGE}&sort=createdAt&direction=-1{expansions}{tag}"
        )

    def page(self, name: str) -> Page:
        """Its address says what the next one's is."""
        address = name or self.source
        try:
            answer = self.client.get(address, LARGEST)
        except Unanswered as error:
            raise self._refused(address, str(error)) from None
        if answer.status != 200:
            raise self._refused(address, f"status {answer.status}")
        try:
            said = json.loads(answer.body or b"")
        except ValueError:
            raise self._refused(address, "no JSON") from None
        if not isinstance(said, list):
            raise self._refused(address, "no list")
        match = NEXT.search(answer.headers.get("Link", ""))
        following = match[1] if match else None
        if following and urlsplit(following)[:2] != urlsplit(self.endpoint)[:2]:
            raise self._refused(address, f"the next page at {following}, which is elsewhere")
        return Page(tuple(filter(None, map(listed_repository, said))), following)

    @staticmethod
    def _refused(address: str, fault: str) -> Refusal:
        return Refusal(
            f"{printable(address, 160)} gave {printable(fault, 120)}, expected a list of repositories; give "
            "the same command again later, and it goes on where it stopped"
        )


@dataclass(frozen=True, slots=True)
class TableList:
    """A file with a line or a row a repository: its name as text, or objects or columns called as by the Hub."""

    file: Path

    @property
    def source(self) -> str:
        """Its path and size."""
        return f"{self.file} of {self.file.stat().st_size} bytes"

    def page(self, name: str) -> Page:
        """Named by the number of its first row."""
        first = int(name or 0)
        rows = [*islice(self._rows(), first, first + PAGE)]
        following = str(first + PAGE) if len(rows) == PAGE else None
        return Page(tuple(filter(None, map(listed_repository, rows))), following)

    def _rows(self) -> Iterator[object]:
        if self.file.suffix == ".parquet":
            from pyarrow.parquet import ParquetFile

            with ParquetFile(self.file) as opened:
                names = [name for name in opened.schema_arrow.names if name in COLUMNS]
                for batch in opened.iter_batches(PAGE, columns=names):
                    yield from batch.to_pylist()
        else:
            with self.file.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    yield _line(line.strip())


COLUMNS = (
    "id",
    "modelId",
    "repository",
    "createdAt",
    "created",
    "downloads",
    "likes",
    "gated",
    "sha",
)


def _line(text: str) -> object:
    if not text.startswith("{"):
        return {"id": text}
    try:
        return json.loads(text)
    except ValueError:
        return None


def listed_repository(said: object) -> Listed | None:
    """What an entry of a list states; None where it names no repository that has an address."""
    if not isinstance(said, Mapping):
        return None
    repository = name(said.get("id") or said.get("modelId") or said.get("repository"))
    if (
        not repository
        or not re.fullmatch(r"[\w.-]{1,96}(/[\w.-]{1,96})?", repository, re.ASCII)
        or ".." in repository
    ):
        return None
    created = moment(said.get("createdAt") or said.get("created"))
    sha: Any = said.get("sha")
    return Listed(
        repository,
        created.isoformat() if created else None,
        count(said.get("downloads")),
        count(said.get("likes")),
        bool(said.get("gated")) and str(said.get("gated")).lower() != "false",
        sha if isinstance(sha, str) and re.fullmatch(r"[0-9a-f]{40}", sha) else "main",
    )
