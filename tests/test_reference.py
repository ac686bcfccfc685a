"""The reference of the public names: each says what it takes, returns and raises, with shapes and units."""

from __future__ import annotations

import inspect
import re

import pytest

import llm_gallery
from tools.generate_reference import methods, results, returned, signature

FUNCTIONS = [name for name in llm_gallery.__all__ if inspect.isfunction(getattr(llm_gallery, name))]
UNITS = {
    "facts": ("elements", "bytes", "operations", "tokens"),
    "nearest": ("distance", "counts"),
    "run": ("(tokens, vocabulary)", "dtype", "bytes"),
    "tensors": ("shape", "elements"),
}
"""Functions that return numbers, and the shapes and units that their docstrings name."""


def docstring(name: str) -> str:
    return inspect.getdoc(getattr(llm_gallery, name)) or ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_returns_and_raises(name: str) -> None:
    said = results(docstring(name))
    assert [*said] == ["Returns", "Raises"]
    assert "Refusal" in said["Raises"]
    assert docstring(name).partition("\n")[0].endswith(".")
    for unit in UNITS.get(name, ()):
        assert unit in said["Returns"], unit


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_explained(name: str) -> None:
    """In its own docstring, or in the package's, which tells of what many of them take."""
    shared = inspect.getdoc(llm_gallery) or ""
    for argument in inspect.signature(getattr(llm_gallery, name)).parameters:
        assert f"`{argument}`" in docstring(name) + shared, argument


@pytest.mark.parametrize("made", returned(), ids=lambda made: made.__name__)
def test_a_result_says_what_it_can_do(made: type) -> None:
    assert (inspect.getdoc(made) or "").partition("\n")[0].endswith(".")
    for name, text in methods(made).items():
        assert re.search(r"[.:;]$", text), name


def test_results_are_read_from_a_docstring() -> None:
    text = "It is.\n\nReturns: one\ntwo.\nRaises: three."
    assert results(text) == {"Returns": "one two.", "Raises": "three."}
    assert results("It is.") == {}


def test_a_signature_is_as_it_is_written() -> None:
    def short(a: int, *, b: str = "c") -> bool:
        return bool(a and b)

    assert signature("short", short) == "short(a: int, *, b: str = 'c') -> bool"
    assert signature("figure", llm_gallery.figure).splitlines()[:2] == [
        "figure(",
        "    given: Given,",
    ]
