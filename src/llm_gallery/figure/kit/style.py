"""The style sheet of one figure: a class for each distinct look, named after it, in order of first use."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from hashlib import blake2s

from llm_gallery.figure.kit.hatching import SWATCH, Corner, Hatchings
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Text
from llm_gallery.figure.kit.svg import Look, number
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.kit.theme import THEMES, ThemeName

SMALLEST_HATCHED = 7.0
"""Px under which a hatching can't be told: smaller areas are black in print."""
_SQUARES = {"edge": "#A9AEB5", "": "#D5D8DC"}
"""Squares that aren't lit, in print: of a mechanism, and neutral ones."""


class Role(str):
    """A colour that light and dark each have their own for."""

    __slots__ = ()


Rule = dict[str, str]
"""What a class declares, by property."""
Declarations = tuple[tuple[str, str], ...]
"""The same, as it is kept."""


class Styles:
    """Class names for looks, and the rules behind them: one for light and dark, whose colours are roles, or those of print.

    A name is a digest of its rule, so that figures on one page agree and a name is short; its first
    letter tells the theme.
    """

    def __init__(self, *, printed: bool) -> None:
        self._theme = THEMES["print"] if printed else None
        self._rules: dict[Look, Declarations] = {}
        self._glyphs: dict[Look, Declarations] = {}
        self._type: dict[str, Look] = {}  # of glyphs, by their colour
        self._names: dict[tuple[object, ...], Look] = {}  # by what was read of the shape
        self._hatchings = Hatchings()

    def rules(self, theme: ThemeName, *, glyphs: bool = True) -> dict[str, str]:
        """What each class declares in a theme, in order of first use, with those of `glyphs` or without."""
        looks = {**self._rules, **self._glyphs} if glyphs else self._rules
        return {in_theme(name, theme): _declared(rule, theme) for name, rule in looks.items()}

    def in_page(self, known: Container[str]) -> dict[str, tuple[str, str]]:
        """What each class declares in light and dark, but those that are known already, and without glyphs."""
        return {
            name: (_declared(rule, "light"), _declared(rule, "dark"))
            for name, rule in self._rules.items()
            if name not in known
        }

    def _new(self, look: tuple[object, ...], rule: Rule) -> Look:
        """The class of a look that is asked for the first time."""
        name = self._names[look] = self._named(rule, self._rules)
        return name

    def _named(self, rule: Rule, looks: dict[Look, Declarations]) -> Look:
        declarations = tuple(rule.items())
        name = _name(declarations, "light" if self._theme is None else "print")
        if looks.setdefault(name, declarations) != declarations:
            raise AssertionError(f"{declarations}: another rule has the same digest")
        return name

    def _colour(self, role: str) -> str:
        return Role(role) if self._theme is None else self._theme.colour(role)

    def _paint(self, role: str | None, corner: Corner | None = None) -> str:
        """A fill: a colour, or in print the hatching of a mechanism's solid."""
        if role is None:
            return "none"
        if self.hatched(role):
            return self._hatchings.fill(role.partition(".")[0], corner)
        return self._colour(role)

    def hatched(self, role: str | None) -> bool:
        """Whether a fill is a hatching."""
        return self._theme is not None and role is not None and role.endswith(".solid")

    def text(self, text: Text) -> Look:
        """Size, weight, colour, anchor and kind of figures of a text."""
        set_in = (text.size, text.weight, text.role, text.anchor, text.tabular, text.tracking)
        look = ("text", set_in, _labels(text))
        return self._names.get(look) or self._new(look, self._text(text))

    def _text(self, text: Text) -> Rule:
        rule = {"font-size": f"{number(text.size)}px", "fill": self._colour(text.role)}
        if text.weight != 400:
            rule["font-weight"] = str(text.weight)
        if text.anchor != "start":
            rule["text-anchor"] = text.anchor
        if text.tabular:
            rule["font-feature-settings"] = '"tnum"'
        if _labels(text):  # the block under it answers
            rule["pointer-events"] = "none"
        if text.tracking:
            rule["letter-spacing"] = f"{number(text.tracking)}px"
        return rule

    def span(self, span: Span) -> Look | None:
        """What a span changes of its text; None where it changes nothing."""
        look = ("span", span.weight, span.size, span.role, span.italic, span.tabular)
        if look == _PLAIN:
            return None
        return self._names.get(look) or self._new(look, self._span(span))

    def _span(self, span: Span) -> Rule:
        rule: Rule = {}
        # The only italic cut has weight 400: whoever asks for another gets an upright one from typst.
        weight = 400 if span.italic else span.weight
        if weight is not None:
            rule["font-weight"] = str(weight)
        if span.italic:
            rule["font-style"] = "italic"
        if span.size is not None:
            rule["font-size"] = f"{number(span.size)}px"
        if span.role is not None:
            rule["fill"] = self._colour(span.role)
        if span.tabular:
            rule["font-feature-settings"] = '"tnum"'
        return rule

    def box(self, box: Box, dx: float = 0, dy: float = 0) -> Look:
        """Ground and edge of a box that is moved by so much."""
        ground = (box.fill, box.edge, box.line, box.labelled, box.dashed)
        swatch = (
            self.hatched(box.fill) and not box.labelled and SMALLEST_HATCHED <= box.width < SWATCH
        )
        corner = Corner(box.x + dx, box.y + dy) if swatch else None
        look = ("box", ground, box.height < SMALLEST_HATCHED, corner)
        return self._names.get(look) or self._new(look, self._box(box, corner))

    def _box(self, box: Box, corner: Corner | None) -> Rule:
        fill, edge, line = box.fill, box.edge, box.line
        if self.hatched(fill):
            if box.height < SMALLEST_HATCHED:
                fill = "ink"
            elif box.labelled:
                fill, edge, line = "paper", "ink", 1.25
            elif edge is None:
                edge, line = "ink", 0.75
        dash = "3 2.5" if box.dashed else None
        return {"fill": self._paint(fill, corner), **self._stroke(edge, line, dash)}

    def line(self, line: Line) -> Look:
        """Colour and thickness of a line."""
        look = ("line", line.role, line.thickness, line.dashed)
        dash = "3 2.5" if line.dashed else None
        return self._names.get(look) or self._new(
            look, self._stroke(line.role, line.thickness, dash)
        )

    def fill(self, role: str) -> Look:
        """A plain fill."""
        look = ("fill", role)
        return self._names.get(look) or self._new(look, {"fill": self._paint(role)})

    def glyphs(self, role: str) -> Look:
        """The fill of a text's outlines."""
        if role not in self._type:
            self._type[role] = self._named({"fill": self._paint(role)}, self._glyphs)
        return self._type[role]

    def mark(self, mark: Mark, dx: float = 0, dy: float = 0) -> Look:
        """Fill, stroke and dashes of a mark that is moved by so much."""
        row = mark.row if self.hatched(mark.fill) else None
        left, top = mark.x + dx, mark.y + dy
        corner = None if row is None else Corner(left - row.before, top, row.pitch, row.width)
        look = ("mark", mark.fill, mark.stroke, mark.thickness, mark.round, mark.dash, corner)
        return self._names.get(look) or self._new(look, self._mark(mark, corner))

    def _mark(self, mark: Mark, corner: Corner | None) -> Rule:
        rule = {} if mark.fill is None else {"fill": self._paint(mark.fill, corner)}
        rule |= self._stroke(mark.stroke, mark.thickness, mark.dash)
        if mark.round:
            rule["stroke-linecap"] = "round"
        if self._theme is not None and mark.stroke is not None and mark.dash is not None:
            tone = mark.stroke.partition(".")[2]
            rule["stroke"] = _SQUARES.get(tone, rule["stroke"])
        return rule

    def _stroke(self, role: str | None, thickness: float, dash: str | None) -> Rule:
        rule: Rule = {}
        if role is not None:
            rule["stroke"] = self._colour(role)
            if thickness != 1:
                rule["stroke-width"] = number(thickness)
        if dash is not None:
            rule["stroke-dasharray"] = dash
        return rule

    def patterns(self) -> str:
        """The tiles of the hatchings in use."""
        return self._hatchings.patterns()


@lru_cache(maxsize=1 << 12)
def _declared(declarations: Declarations, theme: ThemeName) -> str:
    """What a class declares in a theme."""
    return ";".join(
        f"{key}:{THEMES[theme].colour(value) if isinstance(value, Role) else value}"
        for key, value in declarations
    )


@lru_cache(maxsize=1 << 12)
def _name(declarations: Declarations, theme: ThemeName) -> Look:
    return Look(digest(";".join(f"{key}:{value}" for key, value in declarations), theme))


def digest(rule: str, theme: ThemeName) -> str:
    """Four characters that stand for a rule in a theme: the first is one of the theme's letters."""
    number = int.from_bytes(blake2s(rule.encode(), digest_size=6).digest(), "big")
    name = _CHARACTERS[number % _LETTERS + _LETTERS * _THEMES.index(theme)]
    for _ in range(3):
        number //= 62
        name += _CHARACTERS[number % 62]
    return name


def in_theme(name: str, theme: ThemeName) -> str:
    """The class of a look in light, dark or print, from that in light or print."""
    if theme != "dark":
        return name
    return _CHARACTERS[_CHARACTERS.index(name[0]) + _LETTERS] + name[1:]


_THEMES = tuple(THEMES)
_LETTERS = 17
"""Letters of each theme."""
_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


_PLAIN = ("span", None, None, None, False, False)
"""A span that is as its text."""


def _labels(text: Text) -> bool:
    """Whether a text says what the block under it is, which answers for it."""
    return text.inside is not None and text.about is None
