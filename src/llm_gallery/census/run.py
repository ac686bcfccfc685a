"""A census from its input to its tables: what was done before it was stopped is not done again.

Each step writes whole files, and what they hold depends on the input alone: not on how many processes
there are, nor on where they were stopped. So the tables have the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyarrow.parquet import ParquetFile

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.census import gathered, steps
from llm_gallery.census.pieces import Plan, named, plan
from llm_gallery.census.places import Places, whole
from llm_gallery.census.program import program
from llm_gallery.census.workers import Crew, Here, Processes, Task, Workers
from llm_gallery.census.workers import Progress as Progress

Totals = Mapping[str, Any]


def census(
    inputs: Sequence[str],
    out: Path,
    *,
    workers: int,
    progress: Progress,
    cluster: str | None = None,
) -> Totals:
    """Makes the tables of a folder, or goes on with them; gives the totals that `census.json` holds.

    As many processes work as said, or all nodes of the Ray cluster of that address. Raises Refusal where an
    input can't be read, where the folder holds another census, and where a node can't work at this one.
    """
    _refuse_overlap(inputs, out)
    planned, places = plan(inputs), Places(out)
    identity = {"inputs": planned.digest, "program": program()}
    if places.totals.exists():
        totals: Totals = json.loads(places.totals.read_text("utf-8"))
        _refuse_other_input(totals, identity, out)
        places.finished()
        return totals
    _begin(places, identity)
    pieces = planned.pieces
    with Workers(_worker_pool(workers, cluster, places, planned), progress) as pool:
        pool.all("read", steps.read, [
            Task((out, index, piece), piece.size, _there(places.rows(index), places.configs(index)))
            for index, piece in enumerate(pieces)
        ])  # fmt: skip
        if not places.distinct.exists():
            gathered.distinct(places, len(pieces))
        with ParquetFile(places.distinct) as distinct:
            metadata = distinct.metadata
            sizes = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        pool.all("describe", steps.describe, [
            Task((out, group), size, _there(places.described(group)))
            for group, size in enumerate(sizes)
        ])  # fmt: skip
        counted = gathered.gather(places, len(pieces), len(sizes))
        pool.all("write", steps.write, [
            Task((out, index), 1, _there(places.repositories(index))) for index in range(len(pieces))
        ])  # fmt: skip
    totals = {**counted, **identity}
    with whole(places.totals) as file:
        file.write_text(json.dumps(totals, indent=2) + "\n", "utf-8")
    places.finished()
    return totals


def _worker_pool(workers: int, cluster: str | None, places: Places, planned: Plan) -> Crew:
    if cluster is None:
        return Processes(workers) if workers > 1 else Here()
    from llm_gallery.census.cluster import Cluster, Needed  # an extra of its own

    return Cluster(
        cluster, Needed(places.plan.read_bytes(), os.getcwd(), places.plan, named(planned))
    )


def _refuse_overlap(inputs: Sequence[str], out: Path) -> None:
    """Refuses to write into a folder that is read: it would be read as well when the census goes on."""
    for folder in inputs:
        if Path(folder).is_dir() and out.resolve().is_relative_to(Path(folder).resolve()):
            raise Refusal(
                f"{printable(str(out), 160)} lies in {printable(folder, 160)}, which is read, expected a "
                "folder beside it; give another --output"
            )


def _there(*files: Path) -> bool:
    return all(file.exists() for file in files)


def _begin(places: Places, identity: Mapping[str, str]) -> None:
    """Begins, or goes on with what was begun."""
    if places.plan.exists():
        _refuse_other_input(json.loads(places.plan.read_text("utf-8")), identity, places.out)
    elif places.out.exists() and {*places.out.iterdir()} - {places.working}:
        raise Refusal(
            f"{printable(str(places.out), 160)} holds other files, expected an empty folder, none, or a "
            "census that was stopped; give another --output"
        )
    else:
        places.working.mkdir(parents=True, exist_ok=True)
        with whole(places.plan) as file:
            file.write_text(json.dumps(identity), "utf-8")
    places.make_folders()


def _refuse_other_input(before: Mapping[str, Any], identity: Mapping[str, str], out: Path) -> None:
    """Refuses to mix what was read from other files, or described by another program."""
    for name, words in (("inputs", "other files"), ("program", "another version")):
        if before.get(name) != identity[name]:
            raise Refusal(
                f"{printable(str(out), 160)} holds a census of {words}, expected the same inputs, "
                "unchanged, and the same program; give another --output, or remove the folder"
            )
