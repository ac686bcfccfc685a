"""The numbers that a lesson's words ask for, looked up by name when the lesson is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from llm_gallery.architecture.mistake import expect_names
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.filters import FILTERS

GIVEN = ("m", "b", "undone", "model", "changed", "x", "at")
"""What a text may ask, as docs/lessons.md says; a dial has its value `x`, and the model `at` it."""
OF_JINJA = ("int", "round")
"""Filters of the template's language that texts use beside ours."""


def check_placeholders(text: str, where: str) -> None:
    """Raises Mistake for the first {{ … }} that names no number of a model and no way to write one."""
    counted = [one.name for one in fields(Numbers)]
    counted += [name for name in vars(Numbers) if not name.startswith("_")]
    for expression in _expressions(text):
        named = re.findall(r"(?<![\w.|])(?<!\| )([a-z_]\w*)(?!\w|=)", expression)
        expect_names(named, GIVEN, "a name in a text", "what a text is given", where)
        of_models = re.findall(r"\b(?:m|undone|at)\.(\w+)", expression)
        expect_names(
            of_models, counted, "a number of a model", "a number that docs/lessons.md names", where
        )
        filters = re.findall(r"\|\s*(\w+)", expression)
        expect_names(
            filters,
            (*FILTERS, *OF_JINJA),
            "a filter",
            "a filter that docs/lessons.md names",
            where,
        )


def _expressions(text: str) -> Iterator[str]:
    """What stands in double braces, without the words in quotation marks there."""
    for held in re.findall(r"\{\{(.*?)\}\}", text, re.DOTALL):
        yield re.sub(r"""(["']).*?\1""", '""', held)
