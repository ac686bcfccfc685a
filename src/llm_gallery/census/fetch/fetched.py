"""A fetch from its list to the rows that a census reads; what was fetched before it was stopped is not asked for again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.census.fetch.client import Client, Unanswered
from llm_gallery.census.fetch.listed import List, Listed, Page, parsed_page
from llm_gallery.census.places import whole
from llm_gallery.sources.config_file import LARGEST

FILE = "config.json"
IN_A_ROW = 5
"""Repositories whose server fails one after the other before the fetch ends: then it isn't theirs."""
AHEAD = 32
"""Repositories that are asked for before the first of them is written: what a stop can lose."""
Counts = Counter[str]
"""Repositories by what came of them: "config", or why there is none."""
Progress = Callable[[Counts], None]


def fetch(
    listed: List, client: Client, endpoint: str, out: Path, *, at_once: int, progress: Progress
) -> Counts:
    """Writes rows/*.jsonl, a line a repository in the order of the list; counts those of this call.

    `list/` keeps each page before its repositories are asked for. Raises Refusal where the folder holds
    another fetch, and where the server answers no more.
    """
    _begin(out, f"{listed.source} from {endpoint}")
    counts, name, number = Counts(), "", 0
    with ThreadPoolExecutor(at_once) as pool:
        while True:
            page = _page(listed, out / "list" / f"{number:06}.json", name)
            rows = out / "rows" / f"{number:06}.jsonl"
            if not rows.exists():
                _rows(
                    page,
                    rows,
                    lambda listed: _row(listed, client, endpoint),
                    pool,
                    counts,
                    progress,
                )
            if page.next is None:
                return counts
            name, number = page.next, number + 1


def _begin(out: Path, source: str) -> None:
    place = out / "fetch.json"
    if not place.exists():
        if out.exists() and any(out.iterdir()):
            raise Refusal(
                f"{printable(str(out), 160)} holds other files, expected an empty folder, none, or a fetch "
                "that was stopped; give another --output"
            )
        for folder in ("list", "rows"):
            (out / folder).mkdir(parents=True)
        with whole(place) as file:
            file.write_text(json.dumps({"list": source}), "utf-8")
    elif json.loads(place.read_text("utf-8")) != {"list": source}:
        raise Refusal(
            f"{printable(str(out), 160)} holds a fetch of another list, expected {printable(source, 160)}; give "
            "another --output"
        )


def _page(listed: List, file: Path, name: str) -> Page:
    if not file.exists():
        page = listed.page(name)
        with whole(file) as half:
            half.write_text(page.text(), "utf-8")
    return parsed_page(file.read_text("utf-8"))


def _rows(
    page: Page,
    file: Path,
    row: Callable[[Listed], dict[str, Any]],
    pool: ThreadPoolExecutor,
    counts: Counts,
    progress: Progress,
) -> None:
    """Appends to what is there; the file has its name once it is complete."""
    part = file.with_suffix(".part")
    had = _complete(part)
    unsure: list[dict[str, Any]] = []
    with part.open("ab") as written:
        for outcome in _in_order(pool, row, page.repositories[had:]):
            unsure.append(outcome)
            if "failed" not in outcome:
                for future in unsure:
                    _written(future, written, counts)
                unsure = []
                progress(counts)
            elif len(unsure) == IN_A_ROW:
                raise _ended(outcome["failed"])
        for future in unsure:
            _written(future, written, counts)
    part.rename(file)


def _written(row: dict[str, Any], to: BinaryIO, counts: Counts) -> None:
    to.write(json.dumps(row).encode() + b"\n")
    to.flush()
    counts["config" if row["config"] is not None else row["why"]] += 1


def _in_order(
    pool: ThreadPoolExecutor, row: Callable[[Listed], dict[str, Any]], wanted: tuple[Listed, ...]
) -> Iterator[dict[str, Any]]:
    """Rows in the order of their list, only so many begun before they are written."""
    for at in range(0, len(wanted), AHEAD):
        yield from pool.map(row, wanted[at : at + AHEAD])


def _complete(part: Path) -> int:
    """How many whole lines a file has; half a line at its end is cut off."""
    if not part.exists():
        return 0
    content = part.read_bytes()
    with part.open("r+b") as opened:
        opened.truncate(content.rfind(b"\n") + 1)
    return content.count(b"\n")


def _row(listed: Listed, client: Client, endpoint: str) -> dict[str, Any]:
    """A repository with its config as it stands there, or why it has none. Raises Refusal where the server has enough."""
    config, why = None, None
    fields = {
        "repository": listed.repository,
        "created": listed.created,
        "downloads": listed.downloads,
        "likes": listed.likes,
    }
    if listed.gated:
        return {**fields, "config": None, "why": "gated"}
    try:
        answer = client.get(
            f"{endpoint}/{listed.repository}/resolve/{listed.revision}/{FILE}", LARGEST
        )
    except Unanswered as error:
        if error.busy:
            raise _ended(str(error)) from None
        return {**fields, "config": None, "why": "unanswered", "failed": str(error)}
    if answer.status == 200 and answer.body is not None:
        # Bytes that are no UTF-8 stay so: a census then says that they aren't.
        config = answer.body.decode("utf-8", "surrogateescape")
    elif answer.status == 200:
        why = "larger than a config"
    else:
        why = {401: "gated or private", 403: "gated or private", 404: "no config.json"}.get(
            answer.status, f"status {answer.status}"
        )
    return {**fields, "config": config, **({"why": why} if why else {})}


def _ended(why: str) -> Refusal:
    return Refusal(
        f"the Hub answers no more ({printable(why, 160)}), expected configs; give the same command again later, "
        "and it goes on where it stopped"
    )
