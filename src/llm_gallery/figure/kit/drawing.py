"""A placed picture as SVG text: the third pass, which knows looks and syntax and decides no place."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Literal

from llm_gallery.figure.kit.markup import Elements
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.style import InPrint, Styles, in_theme
from llm_gallery.figure.kit.style_sheet import style_sheet
from llm_gallery.figure.kit.subset import font_faces
from llm_gallery.figure.kit.svg import (
    Attribute,
    GroupTag,
    Hidden,
    Look,
    Parts,
    Printed,
    element,
    number,
    tag,
    text,
)
from llm_gallery.figure.kit.theme import THEMES, ThemeName

Looks = dict[str, tuple[str, str]]
"""The rules of each class: light and dark."""
_NOT_IN_PAGES = (GroupTag, Hidden, Printed)
TypeOfImage = Literal["letters", "outlines", "none"]
"""What an image's words are set in: letters that it carries, their outlines, or what is put into it later."""
Window = tuple[str, str, str, str]
"""What is seen of a picture, as it is written: from where to the right and down, how wide, how high."""
FAMILIES = "Inter, Arial, Liberation Sans, DejaVu Sans Condensed, sans-serif"
"""What words are set in: where Inter lacks, in what is hardly anywhere wider, so that they keep their room."""
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
"""Of the labels by which it calls groups."""
FACES = (
    ("Regular", 400, "normal"),
    ("Medium", 500, "normal"),
    ("SemiBold", 600, "normal"),
    ("Italic", 400, "italic"),
)


@dataclass(frozen=True)
class Drawing:
    """A placed picture with its words, as elements and rules; either becomes text when it is asked for."""

    picture: Picture = field(repr=False)
    title: str = ""
    description: str = ""
    role: Literal["img", "group"] = "img"  # a group's links are found by screen readers
    name: str = ""  # what its ids begin with: figures of other names may stand on the same page

    def __repr__(self) -> str:
        return f'<Drawing "{self.title[:160]}">'

    def alone(self, theme: ThemeName = "light", *, outlined: bool = True) -> str:
        """The file; with `outlined` it carries outlines of its type and looks the same everywhere.

        Without, its words are set in whatever font the page has, and can be edited.
        """
        window = "0", "0", number(self.picture.width), number(self.picture.height)
        return self._file(theme, window, outlined=outlined)

    def image(self, type: TypeOfImage = "letters", rules: str = "") -> str:  # noqa: A002
        """The file for other pages, in which `#dark` or `#print` names another theme: one file a figure does for all.

        It carries the letters that it uses, and programs that read no font out of it set their own; or outlines,
        which look the same everywhere. With neither it is what a page puts all letters into, as the first rules of
        its style element; `rules` are its last.
        """
        drawn, outlined = self._elements, type == "outlines"
        body = drawn.outlined if outlined else drawn.body()
        sheet, in_print = drawn.styles.by_fragment(glyphs=outlined)
        papers = ((name, THEMES[name].colour("paper")) for name in ("dark", "print"))
        ground = "".join(f"#{name}:target .paper{{fill:{paper}}}" for name, paper in papers)
        faces = font_faces(drawn.runs) if type == "letters" else ""
        size: dict[str, Attribute] = {"height": self.picture.height, "width": self.picture.width}
        paper = {**size, "class": "paper", "fill": THEMES["light"].colour("paper")}
        content = (
            *element("style", {}, f"{faces}{sheet}{ground}{rules}"),
            *(element("defs", {}, in_print.patterns) if in_print.patterns else ()),
            *element("g", {"id": "print"}, *element("rect", paper), *body),
        )
        window = "0", "0", number(self.picture.width), number(self.picture.height)
        parts = self._root(window, "figure", content, self.description, anchor="dark")
        if not outlined:
            parts = _without(parts, Hidden)
        return "".join(_in_any_theme(parts, drawn.styles, in_print))

    def part(self, theme: ThemeName, top: float, wide: float, high: float) -> str:
        """The file from a height on, so wide and so high, without outlines."""
        window = "0", f"{top:.6f}", f"{wide:.6f}", f"{high:.6f}"
        return self._file(theme, window, outlined=False)

    def _file(self, theme: ThemeName, window: Window, *, outlined: bool) -> str:
        drawn = self._elements
        body = drawn.outlined if outlined else drawn.body()
        in_print = drawn.styles.in_print(glyphs=outlined) if theme == "print" else None
        rules = drawn.styles.rules(theme, glyphs=outlined) if in_print is None else in_print.rules
        sheet = style_sheet(rules)
        patterns = "" if in_print is None else in_print.patterns
        size: dict[str, Attribute] = {"height": self.picture.height, "width": self.picture.width}
        content = (
            *element("style", {}, sheet),
            *(element("defs", {}, patterns) if patterns else ()),
            *element("rect", {**size, "fill": THEMES[theme].colour("paper")}),
            *body,
        )
        parts = self._root(window, theme, content, self.description)
        if not outlined:
            parts = _without(parts, Hidden)
        written = _coloured(parts, theme) if in_print is None else _printed(parts, in_print)
        return "".join(written)

    def inline(
        self,
        *,
        skip: int = 0,
        top: float = 0,
        side: float = 0,
        named: bool = True,
        under: str = "",
        anchor: str | None = None,
        grouped: bool = False,
    ) -> str:
        """What a page embeds, whose style sheet has the `looks`: elements alone, from a height on.

        So many of the pictures inside are left out, so much of each side, and title and description where
        the page says as much: what is unnamed is read as the words that it holds. SVG may stand `under` it.
        By an `anchor` the page may show it once more. Its groups are left out, unless somebody styles them.
        """
        wide, high = self.picture.width - 2 * side, self.picture.height - top
        window = number(side), number(top), number(wide), number(high)
        description = self.description if named else ""
        content = chain((under,) if under else (), self._elements.body(skip))
        elements = self._root(
            window, "drawn", content, description, named=named, anchor=anchor, grouped=grouped
        )
        return "".join(_without(elements, *(_NOT_IN_PAGES[grouped:])))

    def looks(self, known: Container[str] = ()) -> Looks:
        """The rules of its classes in a page, but of those that are known already."""
        return self._elements.styles.in_page(known)

    @cached_property
    def _elements(self) -> Elements:
        """The same for every theme."""
        return Elements(self.picture, self.name)

    def _root(
        self,
        window: Window,
        name: str,
        content: Iterable[str],
        description: str,
        *,
        named: bool = True,
        anchor: str | None = None,
        grouped: bool = True,
    ) -> Parts:
        (left, top, wide, high), drawn = window, self._elements
        return element(
            "svg",
            {
                "class": name,
                "fill": "none",
                "font-family": FAMILIES,
                "height": high,
                "id": anchor,
                "role": self.role if named else None,
                "stroke-linejoin": "round",
                "viewBox": f"{left} {top} {wide} {high}",
                "width": wide,
                "xmlns": "http://www.w3.org/2000/svg",
                "xmlns:inkscape": INKSCAPE if grouped and drawn.grouped else None,
            },
            *(element("title", {}, text(self.title)) if named else ()),
            *(element("desc", {}, text(description)) if description else ()),
            *content,
        )


def _without(parts: Parts, *kinds: type[str]) -> Parts:
    return [part for part in parts if not isinstance(part, kinds)]


def _coloured(parts: Parts, theme: ThemeName) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Look):
            yield in_theme(part, theme)
        elif not isinstance(part, Printed):
            yield part


def _printed(parts: Parts, held: InPrint) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Look):
            yield held.names[part.printed]
        elif isinstance(part, Printed):
            yield from tag("path", part, look=Look(held.names[part.look.printed]))
        else:
            yield part


def _in_any_theme(parts: Parts, styles: Styles, held: InPrint) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Look):
            same = styles.same_in_print(part)
            yield part if same else f"{part} {held.names[part.printed]}"
        elif isinstance(part, Printed):
            yield from tag("path", part, look=Look(held.names[part.look.printed]))
        else:
            yield part


@cache
def faces() -> str:
    """The shipped cuts of Inter as font-face rules that carry their data."""
    rules = []
    for name, weight, slant in FACES:
        data = files("llm_gallery.figure.kit").joinpath(f"fonts/Inter-{name}.woff2").read_bytes()
        source = f"url(data:font/woff2;base64,{b64encode(data).decode()}) format('woff2')"
        rules.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};font-style:{slant};src:{source}}}"
        )
    return "".join(rules)
