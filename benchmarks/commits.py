"""This tree beside an older commit, in one run: what people wait for, and how many times the older's that is.

Usage: python -m benchmarks.commits [COMMIT] [--runs N] [--site] [--tests]. The first edition by default.

The older commit is checked out into a temporary folder, and both sides run by turns with the same Python and packages:
what else the machine does hurts both. Times are those of the processor for users, which other work changes least; of
calls the median. With `--site` each side builds the site of its own catalog, with `--tests` each runs its `make test`.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.processes import ROOT, Failed, Run, measured
from tests import checkpoint_headers

FIRST = "274048f"
"""The first edition. Beside the last change a slow growth never shows; beside a fixed commit it adds up."""
RUNS = 7
MODEL = "deepseek-v3"
CLI = ("-m", "llm_gallery.cli")
DRAWN, CHECKED = "build/benchmark.svg", "build/benchmark"
"""In each tree, where git looks away."""
OF_FILES = "glm-4.5"
"""What is checked: many experts in 16 bits, so that its release stores the tensors that are described."""
SHARDS = 93
CALLS: Mapping[str, tuple[str, ...]] = {
    f"facts {MODEL}": (*CLI, "facts", MODEL),
    "... --format json": (*CLI, "facts", MODEL, "--format", "json"),
    "list": (*CLI, "list"),
    "--help": (*CLI, "--help"),
    "--version": (*CLI, "--version"),
    "draw": (*CLI, "draw", MODEL, "-o", DRAWN),
    "explain": (*CLI, "explain", MODEL),
    "diff": (*CLI, "diff", MODEL, "kimi-k2"),
    "nearest": (*CLI, "nearest", MODEL),
    "fit, llama.cpp": (*CLI, "fit", "gemma-3-27b", "--on", "rtx-4090"),
    "fit, vLLM": (*CLI, "fit", MODEL, "--on", "8xh200"),
    f"check {OF_FILES}": (*CLI, "check", CHECKED),
    "import llm_gallery": ("-c", "import llm_gallery"),
    "import describe": ("-c", "from llm_gallery import describe"),
    "... and the first call": ("-c", f"from llm_gallery import describe; describe('{MODEL}')"),
    "Python alone": ("-c", ""),
}
"""What is asked of both sides; one that lacks it has a dash."""


class Side(NamedTuple):
    """A tree of the project, what it is called, and how its commands are run."""

    name: str
    tree: Path

    def run(self, *arguments: str, several: bool = False) -> Run:
        """Python with the package of this tree. Raises Failed."""
        environment = {"PYTHONPATH": f"{self.tree / 'src'}"}
        command = [sys.executable, *arguments]
        return measured(command, folder=self.tree, environment=environment, several=several)


class Row(NamedTuple):
    """A number of each side; None where a side hasn't got it."""

    name: str
    older: float | None
    now: float | None
    unit: str = "s"

    def __str__(self) -> str:
        shown = [_cell(value, self.unit) for value in (self.older, self.now)]
        ratio = f"{self.now / self.older:.2f}" if self.older and self.now else "-"
        return f"{self.name:<28}{shown[0]:>14}{shown[1]:>14}{ratio:>8}"


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:,.2f} {unit}" if unit == "s" else f"{value:,.0f} {unit}".rstrip()


def main(arguments: Sequence[str]) -> None:
    """Measures both sides and prints a row a number."""
    asked = _asked(arguments)
    held = checkpoint_headers.described(OF_FILES)
    with checked_out(asked.commit) as older:
        sides = (older, Side("now", ROOT))
        for side in sides:
            side.run("-m", "compileall", "-q", "src")
            checkpoint_headers.folder(side.tree / CHECKED, held, OF_FILES, shards=SHARDS)
        print(f"{'':<28}{older.name:>14}{'now':>14}{'ratio':>8}")
        for rows in (
            calls(sides, asked.runs),
            site(sides) if asked.site else (),
            tests(sides) if asked.tests else (),
        ):
            for row in rows:
                print(row, flush=True)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commits", description=__doc__)
    parser.add_argument("commit", nargs="?", default=FIRST, help=f"the older one ({FIRST})")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each call ({RUNS})")
    parser.add_argument("--site", action="store_true", help="build the site of each side")
    parser.add_argument("--tests", action="store_true", help="run `make test` of each side")
    return parser.parse_args(arguments)


@contextmanager
def checked_out(commit: str) -> Iterator[Side]:
    """An older commit in a folder that is removed at the end."""
    git = ("git", "-C", str(ROOT))
    found = subprocess.run(
        [*git, "rev-parse", "--short", f"{commit}^{{commit}}"], capture_output=True, text=True
    )
    if found.returncode:
        raise SystemExit(
            f"{commit} is no commit of this clone, expected one to compare with; "
            "fetch it (git fetch --unshallow), or name another"
        )
    with TemporaryDirectory(prefix="older-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run([*git, "worktree", "add", "-q", "--detach", str(tree), commit], check=True)
        try:
            yield Side(found.stdout.strip(), tree)
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(tree)], check=True)


def calls(sides: Sequence[Side], runs: int) -> Iterator[Row]:
    """Seconds of each call, the median of its runs."""
    for name, arguments in CALLS.items():
        older, now = (
            median(taken) if taken else None for taken in by_turns(sides, runs, arguments)
        )
        yield Row(name, older, now)


def by_turns(
    sides: Sequence[Side], runs: int, arguments: Sequence[str]
) -> Sequence[Sequence[float]]:
    """Seconds that each side took each time; who begins changes. Nothing of a side that can't."""
    taken: list[list[float]] = [[] for _ in sides]
    able = [*range(len(sides))]
    for turn in range(runs):
        for place in able[:: -1 if turn % 2 else 1]:
            try:
                taken[place].append(sides[place].run(*arguments).user)
            except Failed:
                able = [other for other in able if other != place]
    return taken


def site(sides: Sequence[Side]) -> Iterator[Row]:
    """The site of each side's catalog: its time, its memory and its weight, and those of a model where they grow with them."""
    older, now = map(built, sides)
    yield Row("models", older.models, now.models, "")
    yield Row("build", older.run.cpu, now.run.cpu)
    yield Row(
        "... a model", 1e3 * older.run.cpu / older.models, 1e3 * now.run.cpu / now.models, "ms"
    )
    yield Row("... waited", older.run.seconds, now.run.seconds)
    yield Row("... memory", older.run.peak / 2**20, now.run.peak / 2**20, "MiB")
    yield Row("site", older.size / 2**20, now.size / 2**20, "MiB")
    yield Row(
        "... a model", older.size / older.models / 2**10, now.size / now.models / 2**10, "KiB"
    )
    yield Row("... files", older.files, now.files, "")


class Built(NamedTuple):
    """What building a site took, its bytes and files, and the models that it shows."""

    run: Run
    size: int
    files: int
    models: int


def built(side: Side) -> Built:
    """The site of a side's own catalog."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "site"
        run = side.run(*CLI, "build", str(out), several=True)
        sizes = [file.stat().st_size for file in out.rglob("*") if file.is_file()]
    models = len([*(side.tree / "src/llm_gallery/catalog/models").glob("*.toml")])
    return Built(run, sum(sizes), len(sizes), models)


def tests(sides: Sequence[Side]) -> Iterator[Row]:
    """What each side's `make test` takes."""
    older, now = (side.run(*_recipe(side), several=True) for side in sides)
    yield Row("make test", older.cpu, now.cpu)
    yield Row("... waited", older.seconds, now.seconds)
    yield Row("... memory", older.peak / 2**20, now.peak / 2**20, "MiB")


def _recipe(side: Side) -> list[str]:
    """What its `make test` runs at the end, without the command that is Python."""
    shown = subprocess.run(
        ["make", "--dry-run", "test"], cwd=side.tree, capture_output=True, text=True, check=True
    )
    python, *arguments = shlex.split(shown.stdout.splitlines()[-1])
    if not python.endswith("python"):
        raise SystemExit(f"`make test` of {side.name} ends with {python}, expected Python")
    return arguments


if __name__ == "__main__":
    main(sys.argv[1:])
