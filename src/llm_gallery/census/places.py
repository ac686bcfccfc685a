"""Where a census keeps what: the tables that it makes, and between them what it goes on from when it was stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from llm_gallery.architecture.refusal import Refusal, printable


@dataclass(frozen=True, slots=True)
class Places:
    """A folder's files; `working` is removed at the end."""

    out: Path

    @property
    def working(self) -> Path:
        """What was done so far."""
        return self.out / "working"

    @property
    def plan(self) -> Path:
        """Which census this is."""
        return self.working / "plan.json"

    @property
    def totals(self) -> Path:
        """What all comes to; there once the census is complete."""
        return self.out / "census.json"

    @property
    def distinct(self) -> Path:
        """Each different config once."""
        return self.working / "distinct.parquet"

    @property
    def outcomes(self) -> Path:
        """What each of them comes to, and whose copy it is."""
        return self.working / "outcomes.parquet"

    @property
    def architectures(self) -> Path:
        """One row a distinct architecture."""
        return self.out / "architectures.parquet"

    def rows(self, piece: int) -> Path:
        """The rows of a piece, without their configs."""
        return self.working / "rows" / f"{piece:06}.parquet"

    def configs(self, piece: int) -> Path:
        """The configs of a piece, each key once."""
        return self.working / "configs" / f"{piece:06}.parquet"

    def described(self, group: int) -> Path:
        """What a row group of `distinct` comes to."""
        return self.working / "described" / f"{group:06}.parquet"

    def repositories(self, piece: int) -> Path:
        """The finished rows of a piece."""
        return self.out / "repositories" / f"{piece:06}.parquet"

    def spilled(self) -> Path:
        """A folder for what doesn't fit into one DuckDB's memory: two would write into each other's files."""
        return self.working / f"spilled-{uuid4().hex}"

    def make_folders(self) -> None:
        """The folders; what was half written before is removed."""
        for path in (self.rows(0), self.configs(0), self.described(0), self.repositories(0)):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._without_halves()

    def finished(self) -> None:
        """Only the tables are left."""
        if self.working.exists():
            shutil.rmtree(self.working)
        self._without_halves()

    def _without_halves(self) -> None:
        """A node of a cluster that was lost leaves its own, too."""
        for half in self.out.rglob("*.half"):
            half.unlink(missing_ok=True)


def finished(out: Path) -> None:
    """Raises Refusal where a folder holds no finished census."""
    if not Places(out).totals.exists():
        raise Refusal(
            f"{printable(str(out), 160)} holds no finished census, expected the output of `llm-gallery "
            "census`; make one, or let it end"
        )


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """A path to write to, which becomes the file when all is written: there is no half file of that name."""
    # Not a process's number: one of another machine may have the same.
    half = file.with_name(f"{file.name}.{uuid4().hex}.half")
    yield half
    os.replace(half, file)
