"""Veils over a lesson's drawing: for each step holes where it looks, and a line around its subject.

On paper each step has the drawing and its veil beside its words: both once more, by their names.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot

from markupsafe import Markup

from llm_gallery.lessons.drawn import Highlight, LessonDrawing, Place

AROUND, CLOSE = 3.0, 0.5
"""Px that a lit box keeps around it, and one that was lit before."""
SEEN = "#878787"
"""How much of the veil stays on what was lit before, as a grey of the mask."""


def anchor(room: str) -> str:
    """What the drawing for a room is called in its page."""
    return f"drawn-{room}"


def pictures(shown: LessonDrawing, room: str) -> tuple[Markup, ...]:
    """For each step the drawing with what the step lights, as it is printed."""
    picture = shown.drawing.picture
    ground = (shown.ground or "on-paper").partition(".")[0]
    return tuple(
        Markup(
            '<svg class="of-step {}" viewBox="0 0 {:g} {:g}" width="{:g}" aria-hidden="true"><use href="#{}"/>{}</svg>'
        ).format(
            ground,
            picture.width,
            picture.height,
            picture.width,
            anchor(room),
            Markup('<use href="#lit-{}-{}"/>').format(room, number) if lit.now else "",
        )
        for number, lit in enumerate(shown.lit, 1)
    )


def veils(shown: LessonDrawing, room: str) -> Markup:
    """The veils of all steps, over a drawing; `room` keeps their names apart from those of another width."""
    picture = shown.drawing.picture
    size = Markup('width="{:g}" height="{:g}"').format(picture.width, picture.height)
    over = Markup("").join(
        _veil(f"{room}-{number}", number, lit, size)
        for number, lit in enumerate(shown.lit, 1)
        if lit.now
    )
    return Markup(
        '<svg class="veils needs-js" viewBox="0 0 {:g} {:g}" aria-hidden="true">{}{}</svg>'
    ).format(picture.width, picture.height, over, _letters(shown))


def _letters(shown: LessonDrawing) -> Markup:
    """Where the symbols of the table stand in the drawing, by their place in it, from 1."""
    places = (
        Markup('<path data-sym="{}" d="{}"/>').format(number, outline(place, CLOSE))
        for number, letter in enumerate(shown.letters, 1)
        for place in letter
    )
    markup = Markup("").join(places)
    return Markup('<g class="letters">{}</g>').format(markup) if markup else markup


def _veil(name: str, number: int, lit: Highlight, size: Markup) -> Markup:
    """A veil over all but what is lit now, half of it over what was lit before; a mask, so that boxes may overlap."""
    first = Markup(' class="on"') if number == 1 else ""
    now, before = _outlines(lit.now, AROUND), _outlines(lit.before, CLOSE)
    return Markup(
        '<g id="lit-{}" data-step="{}"{}><mask id="veil-{}" maskUnits="userSpaceOnUse"><rect {} fill="#fff"/>'
        '<path fill="{}" d="{}"/><path fill="#000" d="{}"/></mask>'
        '<rect class="veil" {} mask="url(#veil-{})"/><path class="ring" d="{}"/></g>'
    ).format(name, number, first, name, size, SEEN, before, now, size, name, now)


def _outlines(places: Iterable[Place], around: float) -> str:
    return "".join(outline(place, around) for place in places)


def outline(place: Place, around: float) -> str:
    """The path around a box, so many px outside of it: a trapezoid's stays parallel to its sides."""
    at = place.bounds
    left, top, right, low = at.left - around, at.top - around, at.right + around, at.bottom + around
    wide, high = right - left, low - top
    if place.form == "circle":
        r = wide / 2
        return f"M{left:.1f} {top + r:.1f}a{r:.1f} {r:.1f} 0 0 1 {wide:.1f} 0a{r:.1f} {r:.1f} 0 0 1 -{wide:.1f} 0z"
    if place.form == "rect":
        r = min(place.radius + around, wide / 2, high / 2)
        turns = [
            f"a{r:.1f} {r:.1f} 0 0 1 {x:.1f} {y:.1f}"
            for x, y in ((r, r), (-r, r), (-r, -r), (r, -r))
        ]
        across, down = wide - 2 * r, high - 2 * r
        return (
            f"M{left + r:.1f} {top:.1f}h{across:.1f}{turns[0]}v{down:.1f}{turns[1]}"
            f"h-{across:.1f}{turns[2]}v-{down:.1f}{turns[3]}z"
        )
    inner = at.right - at.left
    slope = min(22.0, inner / 5)  # as `kit.markup` draws it
    lean = slope / (at.bottom - at.top)
    out = around * hypot(1, lean)
    short, long = slope + lean * around - out, -lean * around - out
    above, under = (short, long) if place.form == "narrowing" else (long, short)
    corners = (
        (at.left + above, top),
        (at.right - above, top),
        (at.right - under, low),
        (at.left + under, low),
    )
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "z"
