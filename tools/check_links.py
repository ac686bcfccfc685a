"""Asks every address of the catalog whether it is still there, and writes docs/links.toml with the day.

Usage: python -m tools.check_links: needs a network, takes minutes, ends with 1 where a page is missing.
With --list it asks nobody: new addresses are added as never asked, those that nobody names any more go.
With --check it changes nothing, and fails where --list would change something.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urldefrag, urlsplit

from llm_gallery.catalog.toml import scalar
from tools.generated import ROOT
from tools.link_request import Answer, Patience, State, asked

CATALOG = ROOT / "src/llm_gallery"
RESULT = ROOT / "docs/links.toml"
WORKERS = 8
"""Servers that are asked at the same time; each gets one request after another."""
HEAD = """\
# Every address of the catalog, and what came of asking it: python -m tools.check_links (`make links`).
#
# state    never: not asked by request yet; there; moved: redirects end elsewhere, at `to`;
#          missing: 404 or 410; refused: the server answers, but not a program; failed: no answer, or an error
# checked  the day of that request
# stored   where else it was seen, which says nothing of today: page, the page itself in a stored copy;
#          snapshot, the file in a stored copy of its repository at that commit; package, the file in the
#          published package of that version; cited, the address with its title in somebody else's stored page
# seen     the day of that
"""

Stored = Literal["", "page", "snapshot", "package", "cited"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is known of one address."""

    state: State | Literal["never"] = "never"
    status: int = 0
    to: str = ""
    why: str = ""
    checked: date | None = None
    stored: Stored = ""
    seen: date | None = None


def addresses(folder: Path = CATALOG) -> frozenset[str]:
    """Every https address in the TOML files of a folder, without what follows #; the weights' pages too."""
    found = set()
    for file in folder.rglob("*.toml"):
        table = tomllib.loads(file.read_text("utf-8"))
        table.pop("config", None)
        if "provenance" in table:
            found.add(f"https://huggingface.co/{table['repository']}")
        found.update(text for text in _texts(table) if text.startswith("https://"))
    return frozenset(urldefrag(address)[0] for address in found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def known(file: Path = RESULT) -> dict[str, Link]:
    """What the committed file says."""
    held = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    return {address: Link(**facts) for address, facts in held.items()}


def listed(before: Mapping[str, Link], now: frozenset[str]) -> dict[str, Link]:
    """The addresses of now, with what was known of them."""
    return {address: before.get(address, Link()) for address in sorted(now)}


def checked(
    links: Mapping[str, Link], patience: Patience, day: date, workers: int = WORKERS
) -> dict[str, Link]:
    """All of them asked: servers side by side, the pages of one server one after another."""
    by_server: dict[str, list[str]] = {}
    for address in links:
        by_server.setdefault(urlsplit(address).netloc, []).append(address)
    largest_first = sorted(by_server.values(), key=len, reverse=True)
    with ThreadPoolExecutor(workers) as pool:
        rounds = pool.map(lambda pages: _of_server(pages, patience), largest_first)
        answers = {address: answer for answered in rounds for address, answer in answered}
    return {address: _told(link, answers[address], day) for address, link in links.items()}


def _of_server(pages: Sequence[str], patience: Patience) -> list[tuple[str, Answer]]:
    answers = []
    for at, address in enumerate(pages):
        if at:
            patience.sleep(patience.pause)
        answers.append((address, asked(address, patience)))
    return answers


def _told(link: Link, answer: Answer, day: date) -> Link:
    return replace(
        link,
        state=answer.state,
        status=answer.status,
        to=answer.to,
        why=answer.why,
        checked=day,
    )


def written(links: Mapping[str, Link]) -> str:
    """The file: how many there are of each state, then a line an address."""
    counts = Counter(link.state for link in links.values())
    days = {link.checked for link in links.values() if link.checked}
    asked_on = f"last asked on {max(days)}" if days else "nobody has been asked yet"
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    lines = [f"# {len(links)} addresses ({told}); {asked_on}."]
    for address, link in links.items():
        facts = {name: getattr(link, name) for name in link.__slots__}
        said = ", ".join(f"{name} = {scalar(value)}" for name, value in facts.items() if value)
        lines.append(f"{scalar(address)} = {{ {said} }}")
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--list", action="store_true", help="ask nobody, bring the list up to date")
    only.add_argument("--check", action="store_true", help="fail if the list isn't up to date")
    given = parser.parse_args()
    links = listed(known(), addresses())
    if given.check:
        same = RESULT.exists() and RESULT.read_text("utf-8") == written(links)
        if not same:
            print(
                "docs/links.toml differs: run python -m tools.check_links --list", file=sys.stderr
            )
        return 0 if same else 1
    if not given.list:
        links = checked(links, Patience(), date.today())
        if not any(link.status for link in links.values()):
            print("no server answered: is there a network? Nothing was written.", file=sys.stderr)
            return 1
    RESULT.write_text(written(links), "utf-8")
    bad = {address: link for address, link in links.items() if link.state in ("missing", "failed")}
    for address, link in bad.items():
        print(f"{link.state} {link.status or link.why}: {address}", file=sys.stderr)
    print(f"{len(links)} addresses, {len(bad)} missing or failed")
    return 1 if bad and not given.list else 0


if __name__ == "__main__":
    sys.exit(main())
