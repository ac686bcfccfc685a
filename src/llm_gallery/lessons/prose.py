"""A lesson's words with its numbers filled in, and their form: paragraphs, emphasis, code, links to other concepts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from llm_gallery.analysis.units import grouped
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.catalog.load import entries
from llm_gallery.concepts import concepts
from llm_gallery.lessons import numbers
from llm_gallery.lessons.filters import FILTERS
from llm_gallery.lessons.lesson import Lesson

TYPED = 12
"""Numbers up to this may be written as figures: they count things in a sentence, not in a model."""


def values(lesson: Lesson, on: str | None = None, **more: object) -> Mapping[str, Any]:
    """What a text may ask for, on the lesson's model or another: `m`, `b`, `undone`, `model(id)`, `changed(key=value)`."""
    concept, on = lesson.id, on or lesson.on
    m = numbers.model(on, concept)
    return {
        "m": m,
        "b": m.b,
        "undone": numbers.undone(on, concept),
        "model": partial(numbers.model, concept=concept),
        "changed": lambda **keys: numbers.with_keys(on, concept, keys),
        **more,
    }


def filled(text: str, values: Mapping[str, Any], where: str) -> str:
    """The text with its numbers. Raises Refusal naming the place where one can't be computed."""
    try:
        return _template(text).render(values)
    except (TemplateError, Refusal, TypeError, ValueError, ArithmeticError, KeyError) as error:
        reason = printable(str(error))
        raise Refusal(f"{where}: {reason}; correct the text {printable(text[:80])!r}") from None


def html(text: str, pages: Collection[str] | None = None, above: str = "../") -> Markup:
    """Paragraphs of Markdown; a link to a concept's id leads to its page, if it is one of `pages`.

    Those pages stand in folders of `above`, as seen from the page that shows the text. Raises Refusal where a
    link leads nowhere that is known.
    """
    tokens = _markdown().parse(text)
    for inline in tokens:
        inline.children = [*_linked(inline.children or [], pages, above)]
    return Markup(_markdown().renderer.render(tokens, _markdown().options, {}))


def _linked(tokens: Iterable[Token], pages: Collection[str] | None, above: str) -> Iterator[Token]:
    """The tokens, links to concepts leading to their pages, and links to what has no page left out."""
    leads = True
    for token in tokens:
        if token.type == "link_open":
            link = str(token.attrs["href"])
            to = _leading(link, above)
            leads = pages is None or link in pages or link == to
            token.attrs["href"] = to
        if leads or token.type not in ("link_open", "link_close"):
            yield token


def typed_numbers(text: str) -> list[str]:
    """Numbers that somebody wrote instead of computing them; names of models, papers and years aren't such."""
    words = re.sub(_NO_WORDS, " ", text, flags=re.DOTALL)
    for name in _names():
        words = words.replace(name, " ")
    numbers = re.findall(r"(?<![\w.-])\d[\d,.]*\d|(?<![\w.-])\d", words)
    return [n for n in numbers if not _allowed(n)]


_NO_WORDS = r"\{\{.*?\}\}|\{%.*?%\}|`[^`]*`|\]\([^)]*\)|\b(?:16|32|64)[ -]bits?\b"
"""What is computed, code, addresses, and the sizes of numbers."""


def _allowed(number: str) -> bool:
    whole = number.replace(",", "")
    return whole.isdigit() and (int(whole) <= TYPED or 1900 <= int(whole) <= 2100)


@cache
def _names() -> tuple[str, ...]:
    """What has a figure in its name, the longest first."""
    names = {entry.name for entry in entries()} | {c.name for c in concepts().values()}
    return tuple(sorted((n for n in names if re.search(r"\d", n)), key=len, reverse=True))


def _leading(link: str, above: str) -> str:
    """A concept's page, or an address as it is. Raises Refusal where it leads nowhere that is known."""
    if link.startswith("https://"):
        return link
    if link not in concepts():
        raise Refusal(f"a link leads to {printable(link)!r}, expected a concept's id or https")
    return f"{above}{link}/index.html"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


@cache
def _template(text: str) -> Template:
    """A text ready to be filled: a dial's is filled at each of its values, a course tells its lessons' once more."""
    return _environment().from_string(text)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_shown)
    sandbox.filters |= FILTERS
    return sandbox


def _shown(value: Any) -> Any:
    """Whole numbers in groups of three; a fraction must say how it is rounded."""
    if isinstance(value, bool) or value is None:
        raise ValueError(f"a number is {value}, expected one that can be shown")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(f"{value} isn't whole, expected a filter: times, percent, short")
    return grouped(int(value)) if isinstance(value, int | float) else value
