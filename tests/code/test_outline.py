"""The parts of a printed file are all its lines, and each mechanism is what the layers call."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import get_args

import pytest

from llm_gallery.code.outline import LAYER, Kind, outline
from tests.code.test_file import file
from tests.code.test_printed import PRINTABLE
from tests.sample import dozen, first, sample

EACH = pytest.mark.parametrize(
    "model", first(PRINTABLE, dozen(), {*PRINTABLE} - {*sample()}), scope="module"
)
"""One model after the other: its file is printed once."""
ORDER: tuple[Kind, ...] = get_args(Kind)


@EACH
def test_sections_are_the_file(model: str) -> None:
    """One after the other, from the first line to the last, in the order of a file."""
    text = file(model)
    sections = outline(text)
    assert sections[0].first == 1
    assert sections[-1].last == len(text.splitlines())
    assert all(one.last + 1 == after.first for one, after in pairwise(sections))
    kinds = [section.kind for section in sections]
    assert list(dict.fromkeys(kinds)) == list(ORDER)
    assert all(kinds.count(kind) == 1 for kind in ORDER if kind != "mechanism")


@EACH
def test_mechanisms_are_what_layers_call(model: str) -> None:
    """Each ends with the function that it is named after, which says what it does; layers stand in their section."""
    text = file(model)
    ends = {
        node.name: (node.end_lineno, ast.get_docstring(node))
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }
    lines = text.split("\n")
    sections = {section.name: section for section in outline(text)}
    for section in sections.values():
        if section.kind == "mechanism":
            end, said = ends[section.name]
            assert end is not None
            assert said is not None
            assert said.startswith(section.says)
            assert section.says
            assert not "".join(lines[end : section.last]).strip()
    layers = [name for name in ends if LAYER.fullmatch(name)]
    assert layers
    for name in layers:
        end, _ = ends[name]
        assert end is not None
        assert sections["layers"].first <= end <= sections["layers"].last
