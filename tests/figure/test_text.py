"""Widths come from the shipped fonts: kerning, tabular figures, italics, and what the fonts lack."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from llm_gallery.figure.text import Span, cut, italic, superscript, width, wrap

FONTS = Path("src/llm_gallery/figure/fonts")


def test_kerning_and_tabular_figures() -> None:
    assert width("AV", 100) < width("A", 100) + width("V", 100)
    assert width("111", 12, tabular=True) == width("888", 12, tabular=True)
    assert width("111", 12) < width("888", 12)


def test_spans_have_their_own_size_and_gap() -> None:
    assert width(Span("x", size=24), 12) == 2 * width("x", 12)
    assert width(("a", Span("b", gap=5)), 12) == width("a", 12) + width("b", 12) + 5
    assert width(superscript("T"), 40) == width(superscript("T"), 12)
    assert width(italic("q"), 12) != width("q", 12)


def test_characters_that_the_fonts_lack_have_a_width() -> None:
    assert width("模", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)


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


@pytest.mark.browser
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
    from llm_gallery.figure.write import faces

    page = browser.new_page()
    page.set_content(
        f"<style>{faces()}</style>"
        f'<span id="t" style="font:{weight} 100px Inter;white-space:pre">{text}</span>'
    )
    page.evaluate("document.fonts.ready")
    found = page.evaluate("document.getElementById('t').getBoundingClientRect().width")
    page.close()
    assert width(text, 100, weight) == pytest.approx(found, abs=0.5)  # type: ignore[arg-type]
