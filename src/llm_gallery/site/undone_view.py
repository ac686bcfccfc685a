"""A lesson's model beside itself with the concept undone: numbers in a table, and the first saving as areas to scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from llm_gallery.analysis.units import binary
from llm_gallery.catalog.savings import measure
from llm_gallery.lessons import numbers
from llm_gallery.lessons.counted import Numbers
from llm_gallery.lessons.dial import COUNTED, DialNumber
from llm_gallery.lessons.filters import many, ratio, rounded
from llm_gallery.lessons.lesson import Lesson

SIDE, TALL = 160, 256
"""Px of the square that is the model without the concept; of its height, at most, where it has rows."""
LEAST = 1.1
"""Times that it must be more for a picture to show it."""
ROWS = [*COUNTED.values()]
ROWS[1:1] = [DialNumber("at 32,768 tokens", lambda m: m.kept(32_768), binary)]
STEP = DialNumber(
    "Compute for a step, of 4,096 tokens", lambda m: m.step(4_096), COUNTED["flops"].words
)
"""What a step takes, told where it is of one token in one of the two and of the whole text in the other."""
AT_MOST = {COUNTED["active"].title, COUNTED["flops"].title}
"""What is less for some tokens, where a router may choose experts that compute nothing or layers one bank's."""


@dataclass(frozen=True, slots=True)
class UndoneNumber:
    """A number with the concept undone, as it is, and how many times less, or how much more."""

    title: str
    undone: str
    actual: str
    change: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Two areas, one px² of each as much as one of the other: without the concept, and as it is."""

    undone: str
    actual: str
    pictures: tuple[Markup, Markup]
    caption: str


def words(lesson: Lesson) -> str:
    """What the model with the concept undone is called: "if every token were kept", "with one stream", "without it"."""
    if lesson.without is not None and lesson.without.words:
        return lesson.without.words
    if (measured := measure(lesson.id)) is not None:
        return measured.undone[:1].lower() + measured.undone[1:]
    return "without it"


def undone_numbers(lesson: Lesson) -> tuple[UndoneNumber, ...]:
    """The numbers that change with the concept undone; none where it can't be undone."""
    return tuple(
        UndoneNumber(
            number.title,
            *_numbers_in_words(lesson, number, before, after),
            _change(number, before, after),
        )
        for number, before, after in _differing(lesson)
    )


def _numbers_in_words(
    lesson: Lesson, counted_number: DialNumber, before: int, after: int
) -> tuple[str, str]:
    """Both numbers in words, as is; where a token's choices vary what runs for it, the most."""
    both = (
        (numbers.undone(lesson.on, lesson.id), before),
        (numbers.model(lesson.on, lesson.id), after),
    )
    undone, actual = (
        f"{_bound(counted_number, m)}{counted_number.words(number)}" for m, number in both
    )
    return undone, actual


def _bound(counted_number: DialNumber, model: Numbers | None) -> str:
    """What stands before a number that is less for some tokens."""
    if model is None or counted_number.title not in AT_MOST:
        return ""
    counts, of_compute = model.counts, counted_number.title == COUNTED["flops"].title
    return counts.bound_of_compute if of_compute else counts.bound


def is_unchanged(lesson: Lesson) -> bool:
    """Whether the concept can be undone, and nothing that is counted changes, to the last unit."""
    undone = numbers.undone(lesson.on, lesson.id)
    actual = numbers.model(lesson.on, lesson.id)
    return undone is not None and all(number.of(undone) == number.of(actual) for number in ROWS)


def scale(lesson: Lesson) -> Scale | None:
    """The first of them that is a saving, as areas; None where it is too small to be seen."""
    for number, before, after in _differing(lesson):
        if after and before >= LEAST * after:
            heads = _heads(lesson) if number is ROWS[0] else 0
            share = after / before
            said = f"{number.title}, to scale."
            if heads:
                rows = many(round(heads * share, 3), "row")
                said += f" A row is what one of {heads} heads keeps of a token; as it is: {rows}."
            pictures = (
                _area(1.0, heads, "row" if heads else "undone"),
                _area(share, heads, "solid"),
            )
            return Scale(number.words(before), number.words(after), pictures, said)
    return None


def _differing(lesson: Lesson) -> Iterable[tuple[DialNumber, int, int]]:
    undone = numbers.undone(lesson.on, lesson.id)
    if undone is None:
        return
    actual = numbers.model(lesson.on, lesson.id)
    rows = ROWS if undone.reads_whole == actual.reads_whole else [*ROWS, STEP]
    for row in rows:
        before, after = row.of(undone), row.of(actual)
        if before != after and (after or rows is not ROWS):
            yield row, before, after


def _change(number: DialNumber, before: int, after: int) -> str:
    if not before:
        return "new"
    if not after:
        return "none"
    if number.words(before) == number.words(after):  # what is rounded alike differs by so much
        by = abs(after - before)
        return f"{'+' if after > before else '−'}{f'{by:,}' if number.words is rounded else number.words(by)}"
    if before < LEAST * after and after < LEAST * before:
        return f"{100 * (after / before - 1):+.1f}%".replace("-", "−")  # "× 1" would say nothing
    if after > before:
        return f"× {ratio(after / before)}"
    return f"1 / {ratio(before / after)}"


def _heads(lesson: Lesson) -> int:
    """Key-value heads of every layer without the concept; 0 where a row of them would mean nothing."""
    undone, actual = numbers.undone(lesson.on, lesson.id), numbers.model(lesson.on, lesson.id)
    if undone is None or actual.having < actual.layers:
        return 0
    facts = undone.b.block.facts
    return undone.b.block.number("kv_heads") if "kv_heads" in facts else 0


def _area(share: float, rows: int, look: str) -> Markup:
    """So much of the whole: rows from above, the last one as long as is left; without rows, one field."""
    pitch = max(2, TALL // rows) if rows else max(1.0, SIDE * share)
    amount = rows * share if rows else share * SIDE / pitch
    thick = max(1, int(0.75 * pitch)) if rows else pitch
    path = ""
    for at in range(ceil(amount - 1e-6)):
        wide = SIDE * min(1.0, amount - at)
        path += f"M0 {at * pitch:g}h{wide:.4g}v{thick:.4g}H0z"
    high = pitch * rows if rows else SIDE
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true"><path class="{2}" d="{3}"/></svg>'
    ).format(SIDE, high, look, path)
