"""The style sheet of one figure: a class for each distinct look, named after it, in order of first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2s
from typing import Any, TypeVar

from llm_gallery.figure.shapes import Box, Line, Mark, Text
from llm_gallery.figure.svg import number
from llm_gallery.figure.text import Span
from llm_gallery.figure.theme import HATCHES, Theme, ThemeName

SMALLEST_HATCHED = 7.0
"""Px under which a hatching can't be told: smaller areas are black in print."""
_SQUARES = {"edge": "#A9AEB5", "": "#D5D8DC"}
"""Squares that aren't lit, in print: of a mechanism, and neutral ones."""


_Shape = TypeVar("_Shape")


class Styles:
    """Class names for looks, and the rules behind them.

    A name is a digest of its look, so that figures on one page agree and a name is short; its first
    letter tells the theme.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._rules: dict[str, str] = {}
        self._names: dict[tuple[object, ...], str] = {}  # by what was read of the shape
        self._asked: list[tuple[Callable[[Styles, Any], str], Any]] = []
        self.hatches: set[str] = set()

    @property
    def rules(self) -> Mapping[str, str]:
        """What each class declares, in order of first use."""
        return self._rules

    def again(self, theme: Theme, *, glyphs: bool) -> Styles:
        """The same looks in another theme, with those of `glyphs` or without."""
        other = Styles(theme)
        for make, shape in self._asked:
            if glyphs or make is not Styles._glyphs:
                make(other, shape)
        return other

    def _once(
        self,
        make: Callable[[Styles, _Shape], str],
        shape: _Shape,
        *look: object,
    ) -> str:
        """The class of a look, made when it is first asked for."""
        key = (make, *look)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = make(self, shape)
            self._asked.append((make, shape))
        return name

    def _named(self, look: str, rule: str) -> str:
        name = digest(look, self.theme.name)
        if self._rules.setdefault(name, rule) != rule:
            raise AssertionError(f"{look}: another look has the same digest")
        return name

    def paint(self, role: str | None) -> str:
        """A fill: a colour, or in print the hatching of a mechanism's solid."""
        if role is None:
            return "none"
        mechanism, _, tone = role.partition(".")
        if self.theme.name == "print" and tone == "solid":
            self.hatches.add(mechanism)
            return f"url(#hatch-{mechanism})"
        return self.theme.colour(role)

    def hatched(self, role: str | None) -> bool:
        """Whether a fill is a hatching."""
        return self.paint(role).startswith("url")

    def text(self, text: Text) -> str:
        """Size, weight, colour, anchor and kind of figures of a text."""
        look = (text.size, text.weight, text.role, text.anchor, text.tabular, text.tracking)
        return self._once(Styles._text, text, *look, _labels(text))

    def _text(self, text: Text) -> str:
        anchor = "" if text.anchor == "start" else text.anchor[0]
        tnum = "n" if text.tabular else ""
        tracking = f"-{number(abs(text.tracking))}".replace(".", "") if text.tracking else ""
        size = number(text.size).replace(".", "_")
        name = f"t{size}{anchor}{tnum}-{text.weight // 100}-{_role(text.role)}{tracking}"
        name = f"{name}-l" if _labels(text) else name
        rule = f"font-size:{number(text.size)}px;fill:{self.theme.colour(text.role)}"
        if text.weight != 400:
            rule += f";font-weight:{text.weight}"
        if anchor:
            rule += f";text-anchor:{text.anchor}"
        if tnum:
            rule += ';font-feature-settings:"tnum"'
        if _labels(text):  # the block under it answers
            rule += ";pointer-events:none"
        if text.tracking:
            rule += f";letter-spacing:{number(text.tracking)}px"
        return self._named(name, rule)

    def span(self, span: Span) -> str | None:
        """What a span changes of its text; None where it changes nothing."""
        look = (span.weight, span.size, span.role, span.italic, span.tabular)
        return self._once(Styles._span, span, *look) if look != _PLAIN else None

    def _span(self, span: Span) -> str:
        name, rules = "s", []
        # The only italic cut has weight 400: whoever asks for another gets an upright one from typst.
        weight = 400 if span.italic else span.weight
        if weight is not None:
            name, rules = f"{name}{weight // 100}", [f"font-weight:{weight}"]
        if span.italic:
            name, rules = f"{name}i", [*rules, "font-style:italic"]
        if span.size is not None:
            size = number(span.size)
            name, rules = f"{name}-{size.replace('.', '_')}", [*rules, f"font-size:{size}px"]
        if span.role is not None:
            colour = self.theme.colour(span.role)
            name, rules = f"{name}-{_role(span.role)}", [*rules, f"fill:{colour}"]
        if span.tabular:
            name, rules = f"{name}n", [*rules, 'font-feature-settings:"tnum"']
        return self._named(name, ";".join(rules))

    def box(self, box: Box) -> str:
        """Ground and edge of a box."""
        look = (box.fill, box.edge, box.line, box.labelled, box.dashed)
        return self._once(Styles._box, box, *look, box.height < SMALLEST_HATCHED)

    def _box(self, box: Box) -> str:
        fill, edge, line = self.paint(box.fill), box.edge, box.line
        small = box.fill is not None and fill.startswith("url") and box.height < SMALLEST_HATCHED
        if small:
            fill = self.theme.ink
        if box.labelled and fill.startswith("url"):
            fill, edge, line = self.theme.paper, "ink", 1.25
        elif box.fill and fill.startswith("url") and edge is None:
            edge, line = "ink", 0.75
        name = f"b-{_role(box.fill)}-{_role(edge)}"
        rule = f"fill:{fill}"
        if edge is not None:
            rule += f";stroke:{self.theme.colour(edge)}"
            if line != 1:
                name, rule = f"{name}-{_part(line)}", f"{rule};stroke-width:{number(line)}"
        if box.labelled:
            name = f"{name}-l"
        if small:
            name = f"{name}-s"
        if box.dashed:
            name, rule = f"{name}-d", f"{rule};stroke-dasharray:3 2.5"
        return self._named(name, rule)

    def line(self, line: Line) -> str:
        """Colour and thickness of a line."""
        return self._once(Styles._line, line, line.role, line.thickness, line.dashed)

    def _line(self, line: Line) -> str:
        name = f"l-{_role(line.role)}-{_part(line.thickness)}"
        rule = f"fill:none;stroke:{self.theme.colour(line.role)}"
        rule += f";stroke-width:{number(line.thickness)}"
        if line.dashed:
            name, rule = f"{name}-d", f"{rule};stroke-dasharray:3 2.5"
        return self._named(name, rule)

    def fill(self, role: str) -> str:
        """A plain fill."""
        return self._once(Styles._fill, role, role)

    def glyphs(self, role: str) -> str:
        """The fill of a text's outlines."""
        return self._once(Styles._glyphs, role, role)

    def _glyphs(self, role: str) -> str:
        return self._fill(role)

    def _fill(self, role: str) -> str:
        return self._named(f"f-{_role(role)}", f"fill:{self.paint(role)}")

    def mark(self, mark: Mark) -> str:
        """Fill, stroke and dashes of a mark."""
        look = (mark.fill, mark.stroke, mark.thickness, mark.round, mark.dash)
        return self._once(Styles._mark, mark, *look)

    def _mark(self, mark: Mark) -> str:
        name = f"m-{_role(mark.fill)}-{_role(mark.stroke)}"
        rule = f"fill:{self.paint(mark.fill)}"
        if mark.stroke is not None:
            name = f"{name}-{_part(mark.thickness)}"
            colour = self.theme.colour(mark.stroke)
            if self.theme.name == "print" and mark.dash is not None:
                _, _, tone = mark.stroke.partition(".")
                colour = _SQUARES.get(tone, colour)
            rule += f";stroke:{colour}"
            rule += f";stroke-width:{number(mark.thickness)}"
        if mark.round:
            name, rule = f"{name}-r", f"{rule};stroke-linecap:round"
        if mark.dash is not None:
            name = f"{name}-{mark.dash.replace(' ', 'x').replace('.', '_')}"
            rule += f";stroke-dasharray:{mark.dash}"
        return self._named(name, rule)

    def sheet(self) -> str:
        """The rules as CSS; what many classes declare stands once, for all of them."""
        holders: dict[str, list[str]] = {}
        for name, rule in self._rules.items():
            for declared in rule.split(";"):
                holders.setdefault(declared, []).append(name)
        own: dict[str, list[str]] = {}
        shared: dict[str, list[str]] = {}
        for declared, names in holders.items():
            alone, joint = len(names) * (len(declared) + 1), 6 * len(names) + len(declared) + 1
            if joint < alone:
                shared.setdefault(",".join(f".{name}" for name in names), []).append(declared)
            else:
                for name in names:
                    own.setdefault(f".{name}", []).append(declared)
        return "".join(
            f"{selector}{{{';'.join(rules)}}}"
            for selector, rules in (*shared.items(), *own.items())
        )

    def patterns(self) -> str:
        """The tiles of the hatchings in use."""
        tile = '<pattern id="hatch-{0}" width="6" height="6" patternUnits="userSpaceOnUse">'
        ground = f'<path fill="{self.theme.paper}" d="M0 0h6v6H0z"/>'
        return "".join(
            tile.format(name) + ground + hatch + "</pattern>"
            for name, hatch in HATCHES.items()
            if name in self.hatches
        )


@cache
def digest(look: str, theme: ThemeName) -> str:
    """Four characters that stand for a look in a theme: the first is one of the theme's letters."""
    number = int.from_bytes(blake2s(look.encode(), digest_size=6).digest(), "big")
    name = _CHARACTERS[number % _LETTERS + _LETTERS * _THEMES.index(theme)]
    for _ in range(3):
        number //= 62
        name += _CHARACTERS[number % 62]
    return name


def in_dark(name: str) -> str:
    """The class of a light drawing's look in the dark one."""
    return _CHARACTERS[_CHARACTERS.index(name[0]) + _LETTERS] + name[1:]


_THEMES: tuple[ThemeName, ...] = ("light", "dark", "print")
_LETTERS = 17
"""Letters of each theme."""
_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


_PLAIN = (None, None, None, False, False)
"""A span that is as its text."""


def _labels(text: Text) -> bool:
    """Whether a text says what the block under it is, which answers for it."""
    return text.inside is not None and text.about is None


def _role(role: str | None) -> str:
    return "none" if role is None else role.replace(".", "-")


def _part(value: float) -> str:
    return number(value).replace(".", "_")
