"""The drawing of a lesson: the mechanism as the figures draw it on its model, and what of it lights up in each step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.catalog.load import Model, find
from llm_gallery.concepts import concepts
from llm_gallery.figure.internals import insets
from llm_gallery.figure.internals._streams import NARROW
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds, Box, Form, Picture, Text, flat
from llm_gallery.figure.kit.text import Span, width_of_spans
from llm_gallery.figure.page import wide as wide_figure
from llm_gallery.figure.steps import steps
from llm_gallery.figure.steps.step import MARGIN, WIDE
from llm_gallery.lessons.lesson import PANELS, Lesson
from llm_gallery.mechanisms import DRAWN, concepts_of
from llm_gallery.plan.planning import plan

BESIDE = "beside the stack"
"""Where a prediction module stands."""


@dataclass(frozen=True)
class Place:
    """Where a box of the drawing is, and its outline."""

    bounds: Bounds
    form: Form
    radius: float


@dataclass(frozen=True)
class Part:
    """A box of the drawing: its block's path, the words on it line by line, its place."""

    path: str
    lines: tuple[tuple[str, Place], ...]
    place: Place

    @property
    def words(self) -> str:
        """All words on it."""
        return " ".join(words for words, _ in self.lines)

    def says(self, name: str) -> bool:
        """Whether a name is among the words on it."""
        return name.lower() in self.words.lower()

    def bearing(self, name: str) -> tuple[Place, ...]:
        """Where it bears a name: itself, or of several lines the ones that say it."""
        lines = tuple(at for words, at in self.lines if name.lower() in words.lower())
        return lines if len(self.lines) > 1 and lines and not self.at(name) else (self.place,)

    def at(self, name: str) -> bool:
        """Whether a name is the last of its path, or the last ones."""
        return self.path == name or self.path.endswith(f".{name}")


@dataclass(frozen=True)
class Highlight:
    """What one step lights: the boxes that it is about, and those that were lit before."""

    now: tuple[Place, ...]
    before: tuple[Place, ...]


@dataclass(frozen=True)
class LessonDrawing:
    """The drawing at one width, and its steps."""

    drawing: Drawing
    lit: tuple[Highlight, ...]
    letters: tuple[tuple[Place, ...], ...]  # where each symbol of the lesson stands in it
    note: str

    @property
    def ground(self) -> str | None:
        """The role of the colour that it stands on; None for paper."""
        return next(
            (box.fill for box in flat(self.drawing.picture) if isinstance(box, Box) and box.ground),
            None,
        )


def lesson_drawing(lesson: Lesson, wide: float) -> LessonDrawing:
    """The lesson's drawing, so wide or as wide as its panel is. Raises Refusal where a step lights what isn't there."""
    drawing, note = _drawing(lesson, find(lesson.on), wide)
    parts = tuple(parts_of(drawing.picture))
    lit: list[Highlight] = []
    seen: list[Place] = []
    for step in lesson.steps:
        now = tuple(
            dict.fromkeys(at for name in step.lights for at in _named(parts, name, lesson.id))
        )
        lit.append(Highlight(now, tuple(at for at in dict.fromkeys(seen) if at not in now)))
        seen += now
    signs = tuple(letters_of(drawing.picture))
    legends = tuple(legends_of(drawing.picture))
    letters = tuple(
        tuple(
            dict.fromkeys(
                at
                for name in symbol.drawn
                for at in _lettered(signs, name)
                or _borne(parts, name)
                or _lettered(legends, name)
                or _named(parts, name, lesson.id)
            )
        )
        for symbol in lesson.symbols
    )
    return LessonDrawing(drawing, tuple(lit), letters, note)


def parts_of(picture: Picture) -> Iterator[Part]:
    """Every box that answers for a block or carries words, but no ground."""
    shapes = flat(picture)
    texts = [(shape.bounds, shape) for shape in shapes if isinstance(shape, Text)]
    for box in shapes:
        if not isinstance(box, Box) or box.ground or box.width >= picture.width - 2:
            continue
        inside = [
            ("".join(span.text for span in text.spans), Place(_about(at), "rect", 3.0))
            for at, text in texts
            if _within(at, box.bounds)
        ]
        if box.about is not None or inside:
            path = box.about.path if box.about is not None else ""
            yield Part(path, tuple(inside), Place(box.bounds, box.form, box.radius))


def _about(words: Bounds) -> Bounds:
    """A line of words with room at both ends, so that a line around it doesn't touch them."""
    return words._replace(left=words.left - 4, right=words.right + 4)


def legends_of(picture: Picture) -> Iterator[tuple[str, Place]]:
    """What is said beside a strip of layers: "Gated DeltaNet" without how many, and where."""
    for text in flat(picture):
        if isinstance(text, Text):
            words = re.sub(
                r"^\W*\d+ (?:(?:causal|bidirectional) )?| · .*$|\W+× \d+$|\W+$",
                "",
                "".join(span.text for span in text.spans),
            )
            yield words, Place(_about(text.bounds), "rect", 3.0)


def letters_of(picture: Picture) -> Iterator[tuple[str, Place]]:
    """The letters of formulas and wires, each with what is raised behind it (k^r), and where it stands."""
    for text in flat(picture):
        if not isinstance(text, Text):
            continue
        left, top, _, bottom = text.bounds
        for at, span in enumerate(text.spans):
            if not span.italic:
                continue
            if not span.shift:
                raised = _raised(text.spans[at + 1 :])
                for word in re.finditer(r"[^\s,;]+", span.text):
                    last = word.end() == len(span.text.rstrip())
                    sign = word[0] + (f"^{raised}" if raised and last else "")
                    start, end = (
                        left + _wide(text, (*text.spans[:at], replace(span, text=span.text[:to])))
                        for to in word.span()
                    )
                    if raised and last:
                        end += 0.4 * text.size
                    yield sign, Place(Bounds(start, top, end, bottom), "rect", 3.0)


def _raised(after: tuple[Span, ...]) -> str:
    """What is raised right behind a letter and names it: the r of k^r, not the T of a transposed one."""
    raised = after[0].text.split() if after and after[0].shift else []
    return raised[0] if raised and raised[0].islower() else ""


def _wide(text: Text, spans: tuple[Span, ...]) -> float:
    return width_of_spans(
        spans, text.size, text.weight, tabular=text.tabular, tracking=text.tracking
    )


def _lettered(letters: tuple[tuple[str, Place], ...], name: str) -> tuple[Place, ...]:
    return tuple(place for sign, place in letters if sign == name)


def _borne(parts: tuple[Part, ...], name: str) -> tuple[Place, ...]:
    return tuple(at for part in _answering(parts, name) for at in part.bearing(name))


def _answering(parts: tuple[Part, ...], name: str) -> tuple[Part, ...]:
    """The parts that a name means: by their path, else by words on them (a router's path may be "gate")."""
    by_path = tuple(part for part in parts if part.at(name))
    return by_path or tuple(part for part in parts if part.says(name))


def _named(parts: tuple[Part, ...], name: str, where: str) -> tuple[Place, ...]:
    places = tuple(part.place for part in _answering(parts, name))
    if not places:
        known = "; ".join(
            sorted({f"{p.path.rsplit('.', 1)[-1]} {printable(p.words)}".strip() for p in parts})
        )
        raise Refusal(f"{where}: nothing in the drawing is {name!r}, expected one of: {known}")
    return places


def _within(inner: Bounds, outer: Bounds) -> bool:
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _drawing(lesson: Lesson, model: Model, wide: float) -> tuple[Drawing, str]:
    kind = lesson.drawn or concepts()[lesson.id].drawn or "layer"
    if kind in PANELS:
        return _panel(model, kind)
    root = model.architecture.root
    if kind in kinds("drafts") and (module := wide_figure.module(root, wide, full=False)):
        return Drawing(module, f"Multi-token prediction of {model.name}", BESIDE), BESIDE
    whole = plan(root)
    uses = [*whole.uses, *([whole.wiring] if whole.wiring is not None else [])]
    alike = [u for u in uses if u.variants[0].block.kind == kind]
    showing = (u for u in alike if any(lesson.id in concepts_of(v.block) for v in u.variants))
    use = next(showing, next(iter(alike), None))
    if kind not in DRAWN or use is None:
        known = ", ".join([*PANELS, *sorted({u.variants[0].block.kind for u in uses})])
        raise Refusal(f"{lesson.id}: {model.id} draws no {kind!r}, expected one of {known}")
    if use is whole.wiring:  # a narrow one says in words what steps light as boxes
        wide = max(wide, NARROW)
    sized_inset = insets.sized_inset(use, whole, wide, full=False)
    title = f"{sized_inset.inset.title} of {model.name}"
    return Drawing(
        insets.picture(sized_inset, sized_inset.height), title, sized_inset.inset.note
    ), sized_inset.inset.note


def _panel(model: Model, name: str) -> tuple[Drawing, str]:
    step = steps(model.architecture, model.heading).panels[PANELS[name]]
    sheet = Sheet()
    low = step.draw(sheet, MARGIN)
    picture = sheet.picture(WIDE, low + MARGIN)
    return Drawing(picture, f"{step.title}: {model.name}", step.words.replace("*", "")), step.title
