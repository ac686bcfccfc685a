"""A figure in a notebook and in files, and the legend page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest

from llm_gallery.catalog import figures
from llm_gallery.catalog.load import find
from llm_gallery.figure import Figure, ThemeName, legend
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.theme import HATCHES
from llm_gallery.mechanisms.colour import FAMILIES
from tests.figure.gates import faults


def test_two_lines_show_a_model_in_a_notebook() -> None:
    figure = find("qwen3-0.6b").figure(theme="dark")
    assert figure._repr_svg_() == figure.svg
    shown = figure._repr_html_()
    assert shown.startswith('<img alt="Architecture of Qwen3 0.6B" src="data:image/svg+xml;base64,')


@pytest.mark.whole
@pytest.mark.parametrize(
    ("figure", "title"),
    [
        (lambda: figures.figure("qwen3-0.6b"), "Architecture of Qwen3 0.6B"),
        (
            lambda: figures.difference("gpt2-xl", "qwen3-0.6b"),
            "Difference of GPT-2 XL and Qwen3 0.6B",
        ),
        (lambda: figures.sheet("tree", theme="dark"), "Family tree"),
        (lambda: figures.sheet("poster", "gpt2-xl", "qwen3-0.6b"), "LLM Architecture Gallery"),
        (lambda: figures.sheet("scale", "gpt2-xl", "qwen3-0.6b"), "To scale"),
        (lambda: figures.sheet("schedules", "gpt2-xl", "qwen3-0.6b"), "Layers, from first to last"),
        (lambda: figures.sheet("legend"), "How to read the drawings"),
    ],
)
def test_every_figure_shows_itself(figure: Callable[[], Figure], title: str) -> None:
    made = figure()
    root = ElementTree.fromstring(made._repr_svg_())
    assert root.findtext("{http://www.w3.org/2000/svg}title") == title
    assert len(root.findtext("{http://www.w3.org/2000/svg}desc") or "") > 40
    assert made._repr_html_().startswith(f'<img alt="{title}" src="data:image/svg+xml;base64,')


def test_files_by_their_ending(tmp_path: Path) -> None:
    figure = find("qwen3-0.6b").figure(detail="card")
    starts = {"a.svg": b"<svg", "a.PNG": b"\x89PNG", "a.pdf": b"%PDF"}
    for name, start in starts.items():
        assert figure.save(tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(ValueError, match=r"must end in \.svg, \.png or \.pdf"):
        figure.save(tmp_path / "a.jpg")


def test_every_file_has_the_theme(tmp_path: Path) -> None:
    light, dark = (find("qwen3-0.6b").figure(detail="card", theme=t) for t in ("light", "dark"))
    assert light.drawing == dark.drawing
    for name in ("a.svg", "a.png", "a.pdf"):
        first = light.save(tmp_path / name).read_bytes()
        assert dark.save(tmp_path / name).read_bytes() != first
    assert len(repr(light)) < 2_000  # not all shapes


def test_a_title_stays_inside_of_its_attribute() -> None:
    figure = Figure(Drawing(legend().picture, """A "B" & 'C' <d>\x00"""))
    assert figure._repr_html_().startswith(
        '<img alt="A &quot;B&quot; &amp; &#x27;C&#x27; &lt;d&gt;" '
    )


def test_the_legend_names_every_mechanism_once() -> None:
    assert sorted(FAMILIES) == sorted(HATCHES)
    assert faults(legend().picture) == ()


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_the_legend_in_every_theme(theme: ThemeName) -> None:
    text = legend().alone(theme, outlined=False)
    ElementTree.fromstring(text)
    assert len(text) < 20_000
