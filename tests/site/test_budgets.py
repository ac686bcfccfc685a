"""What a visitor downloads, compressed as any host does it; the limits are those of the design."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from random import Random

import pytest

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.site.plates import ROOMS

KIB = 1024
MOST = 160 * KIB
"""Bytes of any page."""


def transferred(site: Path, page: Path) -> dict[str, int]:
    """Bytes of the page and of all that it loads, fonts included; text compressed."""
    text = page.read_text("utf-8")
    found = {page, *site.glob("static/fonts/*.woff2"), site / "static" / "icon.svg"}
    for link in re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]+)"', text):
        found.add((page.parent / link).resolve())
    return {str(path.relative_to(site)): len(_sent(path)) for path in sorted(found)}


def _sent(path: Path) -> bytes:
    data = path.read_bytes()
    return data if path.suffix == ".woff2" else gzip.compress(data, 6)


def heavy(site: Path) -> dict[str, dict[str, int]]:
    """Pages that send more than they may before anything is asked for."""
    pages = sorted(site.glob("**/index.html"))
    sent = {page: transferred(site, page) for page in pages}
    return {
        str(page.relative_to(site)): parts
        for page, parts in sent.items()
        if sum(parts.values()) > MOST
    }


@pytest.mark.whole
def test_pages(site: Path) -> None:
    """Of the sample each time, of the whole catalog in `make whole`."""
    assert heavy(site) == {}


GROWN = {
    "index.html": 400,
    "poster": 320,
    "trends": 350,
    "trends/sizes": 320,
    "timeline": 400,
    "lineage": 400,
}
"""Pages that say something of every model, and of how many there is to be room for."""


@pytest.mark.whole
@pytest.mark.parametrize("name", GROWN)
def test_lists_have_room(whole_site: Path, name: str) -> None:
    """A page's own bytes go with the number of models, what it loads beside them stays."""
    page = whole_site / name if name.endswith(".html") else whole_site / name / "index.html"
    parts = transferred(whole_site, page)
    own = parts[str(page.relative_to(whole_site))]
    assert sum(parts.values()) + own * (GROWN[name] / len(entries(MODELS)) - 1) <= MOST


OF_A_MODEL = 100 * KIB
"""Bytes on a disk of what pages load of a model: drawings at all levels, parts, code, what it is compared by."""


def test_what_pages_load_takes_little_room(site: Path, listed: tuple[Entry, ...]) -> None:
    folders = ("compare", "drawings", "models")
    held = [file.stat().st_size for folder in folders for file in (site / folder).rglob("*.js")]
    assert len(held) > 5 * len(listed)
    assert sum(held) <= OF_A_MODEL * len(listed)


def test_a_heavy_page_is_seen(tmp_path: Path) -> None:
    """The gate can fail: what compresses to nothing weighs nothing, noise and a script of it weigh."""
    noise = Random(0).randbytes(MOST // 2).hex()
    (tmp_path / "big.js").write_text(noise, "utf-8")
    (tmp_path / "light").mkdir()
    (tmp_path / "light" / "index.html").write_text(" " * MOST * 2, "utf-8")
    (tmp_path / "index.html").write_text(f'<script src="big.js"></script>{noise}', "utf-8")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "icon.svg").write_text("<svg/>", "utf-8")
    assert set(heavy(tmp_path)) == {"index.html"}


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *(
            (name, 4)
            for name in ("gallery", "search", "query", "find", "model", "maps", "zoom", "top")
        ),
        *((name, 4) for name in ("code", "code-difference")),
        *((name, 4) for name in ("learn", "own-course", "make-course", "teacher", "slides")),
        ("answer", 5),
        ("inspector", 9),
    ],
)
def test_scripts_are_small(site: Path, name: str, most: int) -> None:
    assert len(_sent(site / "static" / f"{name}.js")) <= most * KIB


def test_the_style_sheet_and_the_scripts_mean_the_same_rooms(site: Path) -> None:
    style = (site / "static" / "style.css").read_text("utf-8")
    column, standard = ROOMS["column"], ROOMS["standard"]
    found = re.findall(r"@container \((.*?)\) \{ \.stage:not.*?data-level=\"(\w+)\"\]", style)
    assert found == [
        (f"width < {column}px", "phone"),
        (f"{column}px <= width < {standard}px", "column"),
        (f"width >= {standard}px", "standard"),
    ]
