"""Widths come from the shipped fonts: kerning, tabular figures, italics, and what the fonts lack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import FAMILIES, Drawing, faces
from llm_gallery.figure.kit.text import (
    Span,
    cut,
    fit,
    fitting,
    formula,
    italic,
    superscript,
    width,
    wrap,
)

FONTS = Path("src/llm_gallery/figure/kit/fonts")


def test_kerning_and_tabular_figures() -> None:
    assert width("AV", 100) < width("A", 100) + width("V", 100)
    assert width("111", 12, tabular=True) == width("888", 12, tabular=True)
    assert width("111", 12) < width("888", 12)


def test_a_formula_is_marked() -> None:
    marked = formula("*8* by _S k_^T^, + _ a_")
    assert marked == (Span("8", 600), " by ", italic("S k"), superscript("T"), ", + ", italic(" a"))
    assert formula("") == ()


def test_spans_have_their_own_size_and_gap() -> None:
    assert width(Span("x", size=24), 12) == 2 * width("x", 12)
    assert width(("a", Span("b", gap=5)), 12) == width("a", 12) + width("b", 12) + 5
    assert width(superscript("T"), 40) == width(superscript("T"), 12)
    assert width(italic("q"), 12) != width("q", 12)


def test_characters_that_the_fonts_lack_have_a_width() -> None:
    assert width("模", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)


def test_the_largest_type_that_fits() -> None:
    forms = ("7,168 → 512", "→ 512")
    assert fit(forms, width(forms[0], 10), (12, 10)) == (forms[0], 10)
    assert fit(forms, width(forms[1], 12), (12, 10)) == (forms[1], 12)
    assert fit(forms, 3, (12, 10)) is None
    assert fit(("AB",), width("AB", 12), (12,), tracking=1) is None
    assert fitting("AB", width("AB", 11), (12, 11, 10)) == 11
    assert fitting("AB", 1, (12, 11, 10)) == 10


def test_cut_and_wrap_keep_inside_the_room() -> None:
    text = "Three layers in four keep a state of fixed size instead of a cache"
    assert cut("short", 100, 12) == "short"
    short = cut(text, 100, 12)
    assert short.endswith("…")
    assert width(short, 12) <= 100
    lines = wrap(text, 150, 12, lines=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line, 12) <= 150 for line in lines)
    assert " ".join(wrap(text, 150, 12, lines=9)) == text


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("DeepSeek V3", 600),
        ("softmax( q kT / √168 ) v", 500),
        ("Mixture of experts, To WAVE, 1,024 → 512", 400),
        ("Qwen3-Next 80B-A3B", 600),
    ],
)
def test_widths_are_those_of_a_browser(browser: Browser, text: str, weight: int) -> None:
    page = browser.new_page()
    page.set_content(
        f"<style>{faces()}</style>"
        f'<span id="t" style="font:{weight} 100px Inter;white-space:pre">{text}</span>'
    )
    page.evaluate("document.fonts.ready")
    found = page.evaluate("document.getElementById('t').getBoundingClientRect().width")
    page.close()
    assert width(text, 100, weight) == pytest.approx(found, abs=0.5)  # type: ignore[arg-type]


def test_outlines_leave_the_text_in_the_figure_and_come_off_again() -> None:
    sheet = Sheet()
    sheet.label(10, 20, "Kimi K2, 1,024 → 512", size=12)
    sheet.label(10, 40, "模型", size=12)
    drawn = Drawing(sheet.picture(200, 60))
    plain, outlined = drawn.alone(outlined=False), drawn.alone()
    assert outlined.count("<use ") == len("KimiK2,1,024→512")
    long = round(width("Kimi K2, 1,024 → 512", 12), 1)
    said = f'fill-opacity="0" textLength="{long:g}" x="10" y="20">Kimi K2, 1,024 → 512<'
    assert said in outlined
    assert (
        outlined.count("fill-opacity") == outlined.count("textLength") == 1
    )  # what the cuts lack stays visible
    for unseen in ("fill-opacity", "textLength", "<use ", "<defs"):
        assert unseen not in plain
    assert drawn.alone(outlined=False) == plain  # whichever was asked for first
    assert Drawing(drawn.picture).alone() == outlined


LINES = (
    Span("DeepSeek V3", 600, 30),
    Span("To WAVE, “1,024”", 400, 22, gap=12),
    Span("1117", 500, 20, tabular=True),
    Span("softmax", 400, 26, italic=True),
)


@pytest.mark.parametrize("line", LINES)
def test_outlines_stand_where_a_browser_sets_the_font(browser: Browser, line: Span) -> None:
    """The difference of both pictures: the edges of letters, and no letter."""
    sheet = Sheet()
    sheet.label(300, 40, (Span("A", 600), line), size=16, anchor="end")
    drawn, empty = Drawing(sheet.picture(310, 60)), Drawing(Sheet().picture(310, 60))
    fonts = drawn.alone(outlined=False).replace("<style>", f"<style>{faces()}", 1)
    page = browser.new_page()
    found = page.evaluate(DIFFERENCE, [drawn.alone(), fonts, empty.alone()])
    page.close()
    outlines, nothing = found
    assert nothing > 1
    assert outlines < nothing / 8


DIFFERENCE = """async (figures) => {
  const drawn = await Promise.all(figures.map(async (figure) => {
    const image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(figure);
    await image.decode();
    await new Promise((done) => setTimeout(done, 300));
    const canvas = document.createElement("canvas");
    canvas.width = 4 * image.width; canvas.height = 4 * image.height;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  }));
  const mean = (a, b) => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]), 0) / a.length;
  return [mean(drawn[0], drawn[1]), mean(drawn[2], drawn[1])];
}"""


@pytest.mark.parametrize("font", ["serif", "monospace"])
@pytest.mark.parametrize("name", ["deepseek-v3", "deepseek-v4.1-flash", "gpt2-xl"])
def test_hidden_text_lies_under_its_outlines_in_any_font(
    browser: Browser, name: str, font: str
) -> None:
    """Where Inter isn't installed; without `textLength` it would be found and selected elsewhere.

    It sets the space between letters, so that a letter alone keeps the breadth that its font gives it.
    """
    model = find(name)
    figure = draw(model.architecture, model.heading).alone()
    figure = figure.replace(FAMILIES, font)
    page = browser.new_page()
    page.set_content(figure)
    found: list[tuple[str, float]] = page.evaluate(BESIDE)
    page.set_content(re.sub(' textLength="[^"]*"', "", figure))
    loose: list[tuple[str, float]] = page.evaluate(BESIDE)
    page.close()
    assert len(found) > 60
    assert [(said, far) for said, far in found if far > 3 and len(said) > 1] == []
    assert sum(far > 3 for _, far in loose) > len(loose) / 4


BESIDE = """() => [...document.querySelectorAll('text[fill-opacity="0"]')].map((text) => {
  const own = text.getBoundingClientRect();
  const under = [...document.querySelectorAll("g.type g[transform]")]
    .map((span) => span.getBoundingClientRect())
    .filter((span) => span.top < own.bottom && span.bottom > own.top)
    .filter((span) => span.left > own.left - 9 && span.left < own.right - 1);
  const left = Math.min(...under.map((span) => span.left));
  const right = Math.max(...under.map((span) => span.right));
  const far = Math.max(Math.abs(left - own.left), Math.abs(right - own.right));
  return [text.textContent, Number.isFinite(far) ? far : 1e6];
})"""
