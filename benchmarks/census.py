"""A census of a Hub-like mix beside a plain loop over the same rows: time, processor time, memory, and the same totals.

Usage: python -m benchmarks.census [ROWS] [WORKERS...]. 2,500,000 rows and two workers by default; several numbers of
workers are tried one after the other, and their tables must have the same bytes.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.hub_like import write
from benchmarks.processes import COMMAND, Run, measured

ROWS, WORKERS = 2_500_000, (2,)


def main(rows: int, workers: Sequence[int]) -> None:
    """Makes the rows, runs all and prints what they took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        began = time.perf_counter()
        write(file, rows)
        print(
            f"{rows:,} rows made in {time.perf_counter() - began:.0f} s, {file.stat().st_size:,} bytes"
        )
        runs: list[tuple[str, Run]] = []
        made: list[tuple[dict[str, int], str]] = []
        for count in workers:
            out = Path(folder) / f"out-{count}"
            command = [str(COMMAND), "census", str(file), "-o", str(out), "--workers", str(count)]
            runs.append((f"{count} workers", measured(command, several=True)))
            made.append((json.loads((out / "census.json").read_text("utf-8")), digest(out)))
        told = Path(folder) / "plain.json"
        plain = [sys.executable, "-m", "benchmarks.census", "--plain", str(file), str(told)]
        runs.append(("plain loop", measured(plain, several=True)))
        counted = json.loads(told.read_text("utf-8"))
    print(f"{'':<14}{'time':>10}{'processors':>12}{'memory':>12}{'rows a second of processor':>30}")
    for name, run in runs:
        speed = rows / run.cpu
        print(
            f"{name:<14}{run.seconds:>8.1f} s{run.cpu:>10.1f} s{run.peak / 2**20:>8,.0f} MiB{speed:>30,.0f}"
        )
    for totals, own in made:
        print({name: totals[name] for name in counted}, own)
        if {name: totals[name] for name in counted} != counted:
            raise SystemExit(f"the plain loop counts otherwise: {counted}")
    if len({own for _, own in made}) > 1:
        raise SystemExit("the tables differ")


def digest(out: Path) -> str:
    """Of all files' names and bytes."""
    held = sha256()
    for file in sorted(file for file in out.rglob("*") if file.is_file()):
        held.update(f"{file.relative_to(out)}\0".encode() + file.read_bytes())
    return held.hexdigest()


def plain_loop(file: str, told: str) -> None:
    """One process reads row by row and remembers what each config came to."""
    from llm_gallery.architecture.refusal import Refusal
    from llm_gallery.census.normal import normal
    from llm_gallery.census.outcome import outcome
    from llm_gallery.census.pieces import plan
    from llm_gallery.census.rows import rows

    known: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for piece in plan([file]).pieces:
        for row in rows(piece):
            try:
                assert row.config is None or isinstance(row.config, bytes)
                own = normal(row.config if row.config is not None else b"")
            except Refusal:
                counted["unreadable"] += 1
                continue
            if own.key not in known:
                known[own.key] = outcome(own.text)["outcome"]
            counted[known[own.key]] += 1
    Path(told).write_text(json.dumps(dict(counted) | {"configs": len(known)}), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--plain"]:
        plain_loop(*sys.argv[2:4])
    else:
        given = [int(one) for one in sys.argv[1:]]
        main(given[0] if given else ROWS, given[1:] or WORKERS)
