"""The style sheet of one figure: a class for each distinct look, named after it, in order of first use."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache
from hashlib import blake2s
from typing import NamedTuple

from llm_gallery.figure.kit.hatching import SWATCH, Corner, Hatch, Hatchings, hatch
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Text
from llm_gallery.figure.kit.style_sheet import style_sheet
from llm_gallery.figure.kit.svg import Look, number
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.kit.theme import HATCHES, THEMES, ThemeName

SMALLEST_HATCHED = 7.0
"""Px under which a hatching can't be told: smaller areas are black in print."""
_SQUARES = {"edge": "#A9AEB5", "": "#D5D8DC"}
"""Squares that aren't lit, in print: of a mechanism, and neutral ones."""


class Role(str):
    """A colour that each theme has its own for."""

    __slots__ = ()


Rule = dict[str, str | Hatch]
"""What a class declares, by property."""
Declarations = tuple[tuple[str, str | Hatch], ...]
"""The same, as it is kept."""


class Styles:
    """Class names for looks, and the rules behind them, whose colours are roles: one drawing for light, dark and print.

    Light and dark have the same rules. Print has those too, but for solid areas, which it hatches: their looks know
    their own. A name is a digest of its rule, so that figures on one page agree and a name is short; its first
    letter tells the theme.
    """

    def __init__(self, named: str = "") -> None:
        self._before = named  # what ids of hatchings begin with
        self._rules: dict[Look, Declarations] = {}
        self._printed: dict[Declarations, None] = {}
        self._glyphs: dict[Look, Declarations] = {}
        self._type: dict[str, Look] = {}  # of glyphs, by their colour
        self._names: dict[tuple[object, ...], Look] = {}  # by what was read of the shape
        self._alike: dict[
            tuple[str, Declarations], Look
        ] = {}  # one object for what is one in every theme

    def rules(self, theme: ThemeName, *, glyphs: bool = True) -> dict[str, str]:
        """What each class declares in a theme, in order of first use, with those of `glyphs` or without."""
        if theme == "print":
            return self.in_print(glyphs=glyphs).rules
        looks = {**self._rules, **self._glyphs} if glyphs else self._rules
        return {in_theme(name, theme): _declared(rule, theme) for name, rule in looks.items()}

    def in_print(self, *, glyphs: bool = True) -> InPrint:
        """What print makes of the looks."""
        hatchings = Hatchings(self._before)
        rules: dict[str, str] = {}
        names: dict[object, str] = {}
        for rule in (*self._printed, *(self._glyphs.values() if glyphs else ())):
            said = ";".join(
                f"{key}:{hatchings.fill(value) if isinstance(value, Hatch) else _colour(value, 'print')}"
                for key, value in rule
            )
            # The same for all figures: where several are on a page, any one's hatching does for all.
            names[rule] = digest(said.replace(f"#{self._before}", "#"), "print")
            if rules.setdefault(names[rule], said) != said:
                raise AssertionError(f"{said}: another rule has the same digest")
        return InPrint(rules, names, hatchings.patterns())

    def by_fragment(self, *, glyphs: bool = False) -> tuple[str, InPrint]:
        """A style sheet in light, or in the theme that the file's address names after a #; and what print makes of it.

        What print alone tells apart has its class of print besides the one that all themes share.
        """
        light, printed = self.rules("light", glyphs=glyphs), self.in_print(glyphs=glyphs)
        looks = {**self._rules, **self._glyphs} if glyphs else self._rules
        sheet = [style_sheet(light)]
        for theme in ("dark", "print"):
            groups: dict[str, list[str]] = {}
            for name, rule in looks.items():
                groups.setdefault(_changed(rule, theme), []).append(name)
            if theme == "print":
                apart = (
                    look.printed for look in self._names.values() if not self.same_in_print(look)
                )
                for in_print in dict.fromkeys(printed.names[rule] for rule in apart):
                    groups.setdefault(printed.rules[in_print], []).append(in_print)
            sheet += (
                f"#{theme}:target :is(.{',.'.join(names)}){{{said}}}"
                for said, names in groups.items()
                if said
            )
        return "".join(sheet), printed

    def declared(self, look: Look, theme: ThemeName) -> Mapping[str, str | Hatch]:
        """What a look declares in a theme; colours are roles, if no theme has its own."""
        if theme != "print":
            return dict(self._rules[look])
        assert isinstance(look.printed, tuple)  # declarations
        return dict(look.printed)

    def same_in_print(self, look: Look) -> bool:
        """Whether print changes nothing but its colours."""
        return (self._rules.get(look) or self._glyphs.get(look)) == look.printed

    def in_page(self, known: Container[str]) -> dict[str, tuple[str, str]]:
        """What each class declares in light and dark, but those that are known already, and without glyphs."""
        return {
            name: (_declared(rule, "light"), _declared(rule, "dark"))
            for name, rule in self._rules.items()
            if name not in known
        }

    def _new(self, look: tuple[object, ...], rule: Rule, printed: Rule | None = None) -> Look:
        """The class of a look that is asked for the first time, and what print declares where that is another rule."""
        name = self._names[look] = self._named(rule, self._rules, printed)
        return name

    def _named(
        self, rule: Rule, looks: dict[Look, Declarations], printed: Rule | None = None
    ) -> Look:
        declarations = tuple(rule.items())
        in_print = declarations if printed is None else tuple(printed.items())
        name = Look(_name(declarations), in_print)
        name = self._alike.setdefault((name, in_print), name)
        if looks.setdefault(name, declarations) != declarations:
            raise AssertionError(f"{declarations}: another rule has the same digest")
        if looks is self._rules:
            self._printed.setdefault(in_print)
        return name

    def _paint(self, role: str | None) -> str:
        return "none" if role is None else Role(role)

    def text(self, text: Text) -> Look:
        """Size, weight, colour, anchor and kind of figures of a text."""
        set_in = (text.size, text.weight, text.role, text.anchor, text.tabular, text.tracking)
        look = ("text", set_in, _labels(text))
        return self._names.get(look) or self._new(look, self._text(text))

    def _text(self, text: Text) -> Rule:
        rule: Rule = {"font-size": f"{number(text.size)}px", "fill": Role(text.role)}
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
            rule["fill"] = Role(span.role)
        if span.tabular:
            rule["font-feature-settings"] = '"tnum"'
        return rule

    def box(self, box: Box, dx: float = 0, dy: float = 0) -> Look:
        """Ground and edge of a box that is moved by so much."""
        ground = (box.fill, box.edge, box.line, box.labelled, box.dashed)
        swatch = hatched(box.fill) and not box.labelled and SMALLEST_HATCHED <= box.width < SWATCH
        corner = Corner(box.x + dx, box.y + dy) if swatch else None
        look = ("box", ground, box.height < SMALLEST_HATCHED, corner)
        return self._names.get(look) or self._new(look, *self._box(box, corner))

    def stripe(self, stripe: Box) -> Look:
        """Of a hatching that print alone paints, on a block with words: a class of print alone."""
        look = ("stripe", stripe.fill, stripe.height < SMALLEST_HATCHED)
        if look not in self._names:
            rule = self._box(stripe, None)[1]
            assert rule is not None  # it is hatched
            printed = tuple(rule.items())
            self._names[look] = self._alike.setdefault(("", printed), Look("", printed))
            self._printed.setdefault(printed)
        return self._names[look]

    def _box(self, box: Box, corner: Corner | None) -> tuple[Rule, Rule | None]:
        """Its rule, and that of print where it is hatched."""
        dash = "3 2.5" if box.dashed else None
        rule: Rule = {"fill": self._paint(box.fill), **self._stroke(box.edge, box.line, dash)}
        if not hatched(box.fill):
            return rule, None
        edge, line = box.edge, box.line
        fill: str | Hatch = Role("ink")
        if box.height >= SMALLEST_HATCHED:
            fill = _hatch(box.fill, corner)
            if box.labelled:
                fill, edge, line = Role("paper"), "ink", 1.25
            elif edge is None:
                edge, line = "ink", 0.75
        return rule, {"fill": fill, **self._stroke(edge, line, dash)}

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
        if look in self._names:
            return self._names[look]
        return self._new(look, {"fill": Role(role)}, {"fill": _printed(role)})

    def glyphs(self, role: str) -> Look:
        """The fill of a text's outlines."""
        if role not in self._type:
            self._type[role] = self._named({"fill": Role(role)}, self._glyphs)
        return self._type[role]

    def mark(self, mark: Mark, dx: float = 0, dy: float = 0) -> Look:
        """Fill, stroke and dashes of a mark that is moved by so much."""
        row = mark.row if hatched(mark.fill) else None
        left, top = mark.x + dx, mark.y + dy
        corner = None if row is None else Corner(left - row.before, top, row.pitch, row.width)
        look = ("mark", mark.fill, mark.stroke, mark.thickness, mark.round, mark.dash, corner)
        return self._names.get(look) or self._new(look, *self._mark(mark, corner))

    def _mark(self, mark: Mark, corner: Corner | None) -> tuple[Rule, Rule]:
        """Its rule, and that of print."""
        rule: Rule = {} if mark.fill is None else {"fill": Role(mark.fill)}
        rule |= self._stroke(mark.stroke, mark.thickness, mark.dash)
        if mark.round:
            rule["stroke-linecap"] = "round"
        printed = dict(rule)
        if mark.fill is not None:
            printed["fill"] = _printed(mark.fill, corner)
        if mark.stroke is not None and mark.dash is not None:
            tone = mark.stroke.partition(".")[2]
            printed["stroke"] = _SQUARES.get(tone, rule["stroke"])
        return rule, printed

    def _stroke(self, role: str | None, thickness: float, dash: str | None) -> Rule:
        rule: Rule = {}
        if role is not None:
            rule["stroke"] = Role(role)
            if thickness != 1:
                rule["stroke-width"] = number(thickness)
        if dash is not None:
            rule["stroke-dasharray"] = dash
        return rule


_HATCHED = frozenset(f"{mechanism}.solid" for mechanism in HATCHES)


class InPrint(NamedTuple):
    """What print makes of a drawing's looks."""

    rules: dict[str, str]
    names: dict[object, str]  # of classes, by what they declare
    patterns: str  # the tiles of the hatchings in use


def hatched(role: str | None) -> bool:
    """Whether print hatches a fill: the solid of a mechanism."""
    return role in _HATCHED


def _hatch(role: str | None, corner: Corner | None) -> Hatch:
    assert role is not None
    return hatch(role.partition(".")[0], corner)


def _printed(role: str, corner: Corner | None = None) -> str | Hatch:
    """A fill in print."""
    return _hatch(role, corner) if hatched(role) else Role(role)


def _colour(value: str | Hatch, theme: ThemeName) -> str:
    return THEMES[theme].colour(value) if isinstance(value, Role) else str(value)


@lru_cache(maxsize=1 << 12)
def _declared(declarations: Declarations, theme: ThemeName) -> str:
    """What a class declares in a theme."""
    return ";".join(f"{key}:{_colour(value, theme)}" for key, value in declarations)


@lru_cache(maxsize=1 << 12)
def _changed(declarations: Declarations, theme: ThemeName) -> str:
    """Those of a class that a theme has other colours for than light."""
    return ";".join(
        f"{key}:{_colour(value, theme)}"
        for key, value in declarations
        if _colour(value, theme) != _colour(value, "light")
    )


@lru_cache(maxsize=1 << 12)
def _name(declarations: Declarations) -> str:
    return digest(";".join(f"{key}:{value}" for key, value in declarations), "light")


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
