"""The rules of an entry's texts as pydantic's types, for the files of concepts, lessons and courses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from pydantic import AfterValidator

from llm_gallery.architecture.rules import Rule, address, line
from llm_gallery.catalog.entry import word


def _checked(rule: Rule) -> Callable[[str], str]:
    """A text that follows a rule. Raises ValueError with what was expected."""

    def checked(text: str) -> str:
        if expected := rule(text):
            raise ValueError(f"expected {expected}")
        return text

    return checked


Line = Annotated[str, AfterValidator(_checked(partial(line, least=1, most=80)))]
Address = Annotated[str, AfterValidator(_checked(address))]
Word = Annotated[str, AfterValidator(_checked(word))]
