"""What a visitor downloads, compressed as any host does it; the limits are those of the design."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from llm_gallery.site.plates import ROOMS

KIB = 1024


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


@pytest.mark.whole
def test_gallery_at_150_models(whole_site: Path) -> None:
    """Grown from the cards that there are: each further one costs what a present one adds to the others."""
    page = whole_site / "index.html"
    sent = transferred(whole_site, page)
    cards = re.findall(r'<li class="card".*?</li>', page.read_text("utf-8"), re.DOTALL)
    assert len(cards) >= 18
    half = len(cards) // 2
    with_all, with_half = (
        len(gzip.compress("".join(some).encode(), 6)) for some in (cards, cards[:half])
    )
    each = (with_all - with_half) / (len(cards) - half)
    assert sum(sent.values()) + (150 - len(cards)) * each <= 200 * KIB, (sent, each)


def test_model_pages(site: Path) -> None:
    for page in sorted(site.glob("models/*/index.html")):
        sent = transferred(site, page)
        assert sum(sent.values()) <= 160 * KIB, (page, sent)


OTHERS = (
    "models/*/code",
    "learn/**",
    "concepts/**",
    "trends/**",
    "lineage/**",
    "timeline",
    "data",
    "changes",
)


@pytest.mark.parametrize("pages", OTHERS)
def test_other_pages(site: Path, pages: str) -> None:
    for page in sorted(site.glob(f"{pages}/index.html")):
        sent = transferred(site, page)
        assert sum(sent.values()) <= most(page, site) * KIB, (page, sent)


def most(page: Path, site: Path) -> int:
    """KiB of a page: the charts of all models' trends take more than the rest may."""
    return 200 if page == site / "trends" / "index.html" else 160


@pytest.mark.whole
def test_pages_of_all_models(whole_site: Path) -> None:
    """Nothing but the gallery and the trends, which are told of above, is heavier with the whole catalog."""
    heavy = {
        str(page.relative_to(whole_site)): weight
        for page in whole_site.rglob("index.html")
        if page.parent != whole_site
        and (weight := sum(transferred(whole_site, page).values())) > most(page, whole_site) * KIB
    }
    assert heavy == {}


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *((name, 4) for name in ("gallery", "query", "find", "model", "maps", "zoom", "top")),
        *((name, 4) for name in ("code", "code-difference")),
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
