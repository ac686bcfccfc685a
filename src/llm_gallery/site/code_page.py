"""Each model's printed file: a page of its own, folded by part; the file itself; and the data that comparisons take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import model_code
from llm_gallery.code.outline import Section, outline
from llm_gallery.extras import Missing
from llm_gallery.running.compared import compared_with
from llm_gallery.site.code_lines import code_lines
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.page import Document, Page
from llm_gallery.site.render import script

REFUSED = "can't run yet: "
"""How refusals of the printer begin, where they speak of a model."""
FOLDED = ("checkpoint", "generation")
"""What nearly all files have alike: it is there to be opened."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the file, and its lines."""

    section: Section
    folded: bool
    lines: tuple[Markup, ...]

    @property
    def shown(self) -> int:
        """Its lines without the empty ones at its end."""
        return max(at for at, line in enumerate(self.lines, 1) if line)


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, the file and the data of each model."""
    for shown in site.models:
        folder = f"models/{shown.id}"
        yield Document(f"{folder}/code/index.html", "code.html", partial(_values, shown), shown.id)
        yield Page(f"{folder}/code.js", partial(_data, shown), shown.id)
        yield Page(f"{folder}/model.py", partial(_file, shown), shown.id)


def sections(shown: Shown) -> tuple[Section, ...]:
    """The parts of a model's file, none where there is no file."""
    return shown.cached(outline, lambda: outline(shown.code) if shown.code else ())


def unprinted(shown: Shown) -> str:
    """Why a model has no file, as a sentence; empty where it has one."""
    return "" if shown.code else shown.cached(unprinted, lambda: _reason(shown))


def _reason(shown: Shown) -> str:
    try:
        return model_code.code(shown.model)
    except (Refusal, Missing) as reason:
        return f"It can't be printed yet: {str(reason).removeprefix(REFUSED)}."


def _file(shown: Shown) -> bytes:
    """The file; where there is none, a comment that says why."""
    return (shown.code or f"# {unprinted(shown)}\n").encode()


def _data(shown: Shown) -> bytes:
    return script(f"code/{shown.id}", {"text": shown.code, "not": unprinted(shown)})


def _values(shown: Shown) -> dict[str, Any]:
    defined = re.finditer(r"^(?:def|class) (\w+)", shown.code, re.MULTILINE)
    functions = {match[1]: shown.code.count("\n", 0, match.start()) + 1 for match in defined}
    lines = code_lines(shown.code, functions) if shown.code else ()
    return {
        "entry": shown.exhibit.entry,
        "equal_to": compared_with(shown.model.architecture),
        "parts": tuple(
            Part(section, section.kind in FOLDED, lines[section.first - 1 : section.last])
            for section in sections(shown)
        ),
        "count": len(lines),
        "file": model_code.file_name(shown.id),
        "unprinted": unprinted(shown),
    }
