"""The cache chart of every model page: other designs beside the model, every name whole and apart from the others."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.load import entries
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Text
from llm_gallery.site.chart import FRAME, LINE, NAMES, SIZE, WIDTH, Curve, chart
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.peers import MOST, page_peers
from llm_gallery.site.remarks import of_cache
from tests.described_catalog import site
from tests.figure.gates import faults
from tests.figure.gates import words as said
from tests.site.conftest import Visit, with_fonts

MODELS = [entry.id for entry in entries()]


@pytest.fixture(scope="module")
def held() -> Site:
    return site()


def named(held: Site, model: str) -> Exhibit:
    return next(one for one in held.exhibits if one.entry.id == model)


def test_never_a_copy(held: Site) -> None:
    """Neither of the model nor of one another: each stands for a design of its own."""
    originals = held.lineage.originals
    for own in held.exhibits:
        shown = [own, *page_peers(own, held).exhibits]
        assert len(shown) == MOST + 1
        assert len({originals[one.entry.id] for one in shown}) == len(shown), own.entry.id


def test_the_ancestor_stands_first_and_others_keep_their_past_otherwise(held: Site) -> None:
    v3 = page_peers(named(held, "deepseek-v3"), held)
    step = held.lineage.parent("deepseek-v3")
    assert step is not None
    assert v3.exhibits[0].entry.id == step.parent.id
    ways = [set(one.mechanisms) - {"moe", "mlp"} for one in v3.exhibits[1:]]
    assert all("latent" not in way for way in ways)
    assert ways[0] != ways[1]
    assert v3.why == (
        "Beside it stand the model that it follows in the family tree and the models nearest in size and time "
        "that keep their past in other ways."
    )
    copy = page_peers(named(held, "deepseek-r1"), held)
    assert copy.exhibits[0].entry.id == step.parent.id  # a copy's is its original's


def test_peers_are_near_in_size(held: Site) -> None:
    for own in held.exhibits:
        peers = page_peers(own, held).exhibits[1:]
        ratios = [parameters(one.root).total / parameters(own.root).total for one in peers]
        assert all(1 / 40 < ratio < 40 for ratio in ratios), own.entry.id


@pytest.mark.whole
def test_labels_are_whole_and_apart(held: Site) -> None:
    for own in held.exhibits:
        shown = [own, *page_peers(own, held).exhibits]
        curves = [Curve(one.entry.name, "full", one.cache, one.context) for one in shown]
        drawn = chart(curves, "")
        check(drawn, {one.entry.name for one in shown if one.cache.at(1024)})
        assert bold(drawn) == (own.entry.name if own.cache.at(1024) else ""), own.entry.id


def test_curves_that_coincide_have_all_their_names(held: Site) -> None:
    own = named(held, "nemotron-3.5-lightning-30b-a3b")
    curves = [Curve(f"{own.entry.name} {i}", "full", own.cache, own.context) for i in range(4)]
    drawn = chart(curves, "")
    check(drawn, {curve.name for curve in curves})
    assert drawn is not None
    assert sum(isinstance(shape, Box) for shape in drawn.picture.shapes) == 1  # the dot of a curve


def test_peers_keep_something(held: Site) -> None:
    """A chart has no line of one that keeps nothing; only the ancestor may be one, and the page says so."""
    for own in held.exhibits:
        shown = page_peers(own, held).exhibits
        assert all(one.cache.at(1024) for one in shown[1:]), own.entry.id
        says = tuple(of_cache(own, shown))
        alone = [text for text in says if "nothing" in text]
        assert len(alone) == any(not one.cache.at(1024) for one in (own, *shown)), own.entry.id
        assert own.cache.at(1024) or says == tuple(alone)


def bold(drawn: Drawing | None) -> str:
    """The name that stands out as the page's own."""
    assert drawn is not None
    texts = [shape for shape in drawn.picture.shapes if isinstance(shape, Text)]
    lines = [text for text in texts if text.x == NAMES and text.weight == 600]
    return " ".join(said(text) for text in sorted(lines, key=lambda text: text.y))


def check(drawn: Drawing | None, names: set[str]) -> None:
    """Every name stands whole, in lines inside the drawing that don't touch."""
    assert drawn is not None
    assert faults(drawn.picture) == ()
    texts = [shape for shape in drawn.picture.shapes if isinstance(shape, Text)]
    lines = sorted((text for text in texts if text.x == NAMES), key=lambda text: text.y)
    for above, below in pairwise(lines):
        assert below.y - above.y >= LINE - 0.01, lines
    assert lines[0].y - SIZE >= 0
    assert lines[-1].y <= FRAME.bottom + FRAME.top
    assert all(text.bounds.right <= WIDTH for text in lines if text.size == SIZE)
    words = " ".join(said(text) for text in lines if text.size == SIZE).split()
    for name in names:
        assert all(word in words for word in name.split()), name


@pytest.mark.parametrize(
    "visit",
    [pytest.param({"width": 1440}, marks=pytest.mark.every), {"width": 360}],
    indirect=True,
)
def test_no_label_is_cut_or_covered_in_a_browser(visit: Visit) -> None:
    """The charts of all pages, one after the other in the place of one, as the browser's own fonts set them."""
    page = visit.open(f"models/{MODELS[0]}/index.html")
    expect(page.locator(".chart-box svg")).to_be_visible()
    with_fonts(page)
    charts, faults = page.evaluate(
        """async (models) => {
          const place = document.querySelector(".chart-box");
          const faults = [];
          let charts = 0;
          for (const model of models) {
            const text = await (await fetch(`../${model}/index.html`)).text();
            const from = text.indexOf("<svg", text.indexOf("chart-box"));
            if (!text.includes("chart-box")) continue;
            place.innerHTML = text.slice(from, text.indexOf("</svg>", from) + 6);
            charts += 1;
            const whole = place.firstChild.getBoundingClientRect();
            const texts = [...place.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
            texts.forEach(([said, box], i) => {
              if (box.left < whole.left || box.right > whole.right || box.top < whole.top || box.bottom > whole.bottom) faults.push(`${model}: ${said} is cut`);
              for (const [other, its] of texts.slice(i + 1)) {
                const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
                const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
                if (across > 1 && down > 0.25 * box.height) faults.push(`${model}: ${said} over ${other}`);
              }
            });
          }
          return [charts, faults];
        }""",
        MODELS,
    )
    assert charts > len(MODELS) / 2
    assert faults == []
