"""Writes docs/reference.md, the public names as their docstrings have them, and docs/concepts.md, every concept.

Usage: python -m tools.generate_reference [--check].
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pydantic import BaseModel

import llm_gallery
from llm_gallery.concepts import AREAS, concepts
from tools.generated import MARK, ROOT, settled

REFERENCE = ROOT / "docs/reference.md"
CONCEPTS = ROOT / "docs/concepts.md"
FIRST = f"<!-- {MARK.format(tool='tools/generate_reference.py')} -->"
RESULTS = ("Returns", "Raises")
"""What a docstring says of a result, each after its own word."""


def main() -> int:
    return settled(
        __doc__ or "", "tools.generate_reference", {REFERENCE: reference(), CONCEPTS: glossary()}
    )


def reference() -> str:
    """The page of the public names: each with its signature, what it is, what it returns and raises."""
    about = inspect.getdoc(llm_gallery) or ""
    shared = about.rpartition("\n\n")[2]
    parts = [
        f"{FIRST}\n# Reference of the public names",
        "Every name that `from llm_gallery import ...` gives. Import rooms inside the package only.",
        _joined(shared),
    ]
    for name in llm_gallery.__all__:
        parts += _entry(name, getattr(llm_gallery, name))
    parts.append("## Results")
    parts += map(_members, returned())
    return "\n\n".join(parts) + "\n"


def returned() -> list[type]:
    """The package's own classes that public functions return, in the order of their names."""
    found = {}
    for name in llm_gallery.__all__:
        made = getattr(llm_gallery, name)
        if inspect.isfunction(made):
            held = made.__globals__.get(inspect.signature(made).return_annotation)
            if isinstance(held, type) and held.__module__.startswith("llm_gallery."):
                found[held.__name__] = held
    return [found[name] for name in sorted(found)]


def methods(made: type) -> dict[str, str]:
    """The public methods and properties of a class that say what they are, each with its first line."""
    held = {name: value for name, value in inspect.getmembers(made) if not name.startswith("_")}
    own = {
        name: held[name]
        for name in sorted(held)
        if name not in dir(dict) + dir(tuple) + dir(BaseModel)
    }
    calls = {name: "()" if callable(value) else "" for name, value in own.items()}
    return {
        f".{name}{calls[name]}": (inspect.getdoc(value) or "").partition("\n")[0]
        for name, value in own.items()
        if calls[name] or isinstance(value, (property, cached_property))
    }


def _members(made: type) -> str:
    first = (inspect.getdoc(made) or "").partition("\n")[0]
    lines = [f"- `{name}`: {text}" for name, text in methods(made).items()]
    return "\n".join([f"### {made.__name__}", "", first, "", *lines]).strip()


def _entry(name: str, made: Any) -> Iterator[str]:
    yield f"## {name}"
    if inspect.isfunction(made):
        yield f"```python\n{signature(name, made)}\n```"
    for paragraph in (inspect.getdoc(made) or "").split("\n\n"):
        yield _listed(paragraph)


def signature(name: str, made: Any) -> str:
    """A function as it is written: on one line, or an argument a line where that is too long for a page."""
    found = inspect.signature(made)
    arguments = [re.sub(r": '([^']+)'", r": \1", str(p)) for p in found.parameters.values()]
    kinds = [p.kind for p in found.parameters.values()]
    varied = inspect.Parameter.VAR_POSITIONAL in kinds
    if not varied and inspect.Parameter.KEYWORD_ONLY in kinds:
        arguments.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    returned = str(found.return_annotation)
    line = f"{name}({', '.join(arguments)}) -> {returned}"
    if len(line) <= 100:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in arguments), f") -> {returned}"])


def results(docstring: str) -> dict[str, str]:
    """What a docstring says under each word of RESULTS, on one line."""
    found = re.findall(rf"^({'|'.join(RESULTS)}): (.*(?:\n(?!\w+: ).+)*)", docstring, re.M)
    return {word: " ".join(text.split()) for word, text in found}


def _listed(paragraph: str) -> str:
    said = results(paragraph)
    return "\n".join(f"- *{word}:* {text}" for word, text in said.items()) or _joined(paragraph)


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def glossary() -> str:
    """The page of the concepts: a table for each area, a row a concept, in the words of its own file."""
    parts = [
        f"{FIRST}\n# Concepts",
        "A model has a concept wherever its mechanism stands, whichever mixer has it. Filters, `facts` and `trends` use "
        "the id. Each concept has a page of its own in the gallery.",
    ]
    for area, (title, _) in AREAS.items():
        held = sorted((one for one in concepts().values() if one.area == area), key=lambda c: c.id)
        rows = [
            f"| `{one.id}` | {' · '.join((one.name, *one.names))} | {one.text.replace('|', '&#124;')} |"
            for one in held
        ]
        parts.append(f"## {title}\n\n| id | name | what it is |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
