"""One question at the end of a lesson with a dial: its answer follows from what the dial counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2, pi

from llm_gallery.lessons import dials, numbers
from llm_gallery.lessons.dial import COUNTED, CountedDial
from llm_gallery.lessons.lesson import Dial, Lesson
from llm_gallery.site.contents import Shown
from llm_gallery.site.moving.rope import speeds_of

ASKED: Mapping[str, str] = {
    COUNTED["kept"].title: "Which keeps the fewest bytes of a text of 131,072 tokens?",
    COUNTED["cache"].title: "Which keeps the fewest bytes of a token?",
    COUNTED["state"].title: "Which has the smallest state?",
}
"""What may be asked of models: what their names don't give away."""
STRETCHED = "stretch"
OF_PAIRS = ("base", STRETCHED)
"""Forms of the picture whose dial turns pairs, and no count."""
NEWEST = 24
"""Models, besides the lesson's, among which the choices are looked for."""
APART, FAR = 1.15, 6.0
"""Times that the next larger amount is the least one's at least, and the largest at most."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its words, and what is said to who chose it."""

    words: str
    says: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which one answer is right."""

    asked: str
    choices: tuple[Choice, ...]
    right: int


@dataclass(frozen=True, slots=True)
class _Amount:
    """What a model keeps, with its own value of the dial."""

    name: str
    value: int
    layers: int
    amount: int
    words: str


def question(lesson: Lesson, turned: CountedDial, users: Sequence[Shown]) -> Question:
    """The question of a lesson: of models where their dials can be compared, else of another place of its own dial."""
    if lesson.form in OF_PAIRS:
        return _of_pairs(lesson, turned, stretched=lesson.form == STRETCHED)
    return _of_models(lesson, turned, users) or _of_places(lesson, turned)


def _of_models(lesson: Lesson, turned: CountedDial, users: Sequence[Shown]) -> Question | None:
    """Which of three models keeps the least, the lesson's among them, where the dial alone doesn't tell."""
    at = 0  # what the dial is about
    if turned.counted[at].title not in ASKED:
        return None
    own_model = numbers.model(lesson.on, lesson.id)
    own = _amount(own_model.name, own_model.layers, turned, at)
    others = [
        _amount(shown.exhibit.entry.name, _layers(shown), dial, at)
        for shown, dial in _turned(lesson, users)
    ]
    for two in combinations(others[:NEWEST], 2):
        three = sorted((own, *two), key=lambda one: one.amount)
        amounts = [one.amount for one in three]
        near = amounts[0] * APART <= amounts[1] and amounts[2] <= FAR * amounts[0]
        if near and len({one.name for one in three}) == 3 and not _given_away(three):
            return _asked(ASKED[turned.counted[at].title], lesson, three)
    return None


def _turned(lesson: Lesson, users: Sequence[Shown]) -> Iterator[tuple[Shown, CountedDial]]:
    """The dial on every other model of the site, the newest first."""
    assert lesson.dial is not None
    for shown in reversed(users):
        dial = dials.on(lesson, lesson.dial, shown.id)
        if dial is not None:
            yield shown, dial


def _layers(shown: Shown) -> int:
    return sum(kind.count for kind in shown.exhibit.kinds)


def _amount(name: str, layers: int, dial: CountedDial, at: int) -> _Amount:
    own = dial.places[dial.own]
    return _Amount(name, own.value, layers, own.amounts[at], own.words[at])


def _given_away(three: Sequence[_Amount]) -> bool:
    """Whether the dial's value, or the depth alone, has the amounts in order, up or down."""
    return any(
        row in (sorted(row), sorted(row, reverse=True))
        for row in ([one.value for one in three], [one.layers for one in three])
    )


def _asked(asked: str, lesson: Lesson, three: Sequence[_Amount]) -> Question:
    """The choices by name; the least is right."""
    assert lesson.dial is not None
    least = three[0]
    found = ", ".join(f"{one.name} {one.words}" for one in three)
    by_name = sorted(three, key=lambda one: one.name)
    choices = tuple(
        Choice(
            f"{one.name} ({one.layers} layers{_stated(lesson.dial, one)})",
            f"Right: {found}." if one is least else f"Not this one: {found}.",
        )
        for one in by_name
    )
    return Question(asked, choices, by_name.index(least))


def _stated(dial: Dial, one: _Amount) -> str:
    """The dial's value on a model, unless it is the depth itself."""
    if one.value == one.layers:
        return ""
    return f"; {dial.name[:1].lower()}{dial.name[1:]}: {one.value:,}"


def _of_places(lesson: Lesson, turned: CountedDial) -> Question:
    """What becomes of a number at another place of the dial, about twice its own value."""
    own = turned.places[turned.own]
    other = min(
        (place for place in turned.places if place.value > 0 and place is not own),
        key=lambda place: (abs(abs(log2(place.value / own.value)) - 1), -place.value),
    )
    at = _telling(turned, own.amounts, other.amounts, other.value / own.value)
    number = turned.counted[at]
    before, after = own.amounts[at], other.amounts[at]
    in_step = before * other.value / own.value
    wrong = (before, in_step, before * own.value / other.value, (before + in_step) / 2, 3 * before)
    amounts = [after]
    for one in wrong:
        if len(amounts) < 4 and all(abs(one - held) > 0.05 * max(one, held) for held in amounts):
            amounts.append(round(one))
    amounts.sort()
    becomes = f"{number.words(before)} becomes {number.words(after)}"
    if before == after:
        becomes = f"it stays {number.words(after)}: nothing of it turns with the dial"
    elif number.words(before) == number.words(after):
        becomes = f"it hardly moves: {number.words(after)}"
    elif min(before, in_step) < after < max(before, in_step):
        becomes += f"; if all of it turned, it would be {number.words(round(in_step))}"
    dial = turned.dial
    return Question(
        f"Turn “{dial.name}” from {own.value:,} to {other.value:,}. "
        f"What becomes of “{number.title}”, {number.words(before)} now?",
        tuple(
            Choice(
                number.words(amount),
                f"Right: {becomes}." if amount == after else f"Not so: {becomes}.",
            )
            for amount in amounts
        ),
        amounts.index(after),
    )


def _telling(turned: CountedDial, before: Sequence[int], after: Sequence[int], by: float) -> int:
    """Which number to ask for: one that moves, but not in step with the dial; else one that hardly does, stays, or keeps step."""

    def rank(at: int) -> int:
        ratio = after[at] / before[at]
        if abs(ratio - 1) < 0.08:
            return 2 if ratio == 1 else 1
        return 3 if abs(ratio - by) < 0.05 * by else 0

    plain = [at for at, one in enumerate(turned.counted) if not one.is_apart and before[at]]
    return min(plain, key=rank)


def _of_pairs(lesson: Lesson, turned: CountedDial, *, stretched: bool) -> Question:
    """How many pairs turn fully, or as they did; wrong are those of other places or of the other side."""
    model = numbers.model(lesson.on, lesson.id)
    rotated = model.b.rotated
    trained = model.b.original_context if stretched else model.context
    base = float(model.b.rope_base)
    whole = _whole(base, rotated, trained)
    if stretched:
        stretch = numbers.config(lesson.on)["rope_scaling"]
        plain = speeds_of(base, rotated, trained, 1.0, None)
        scaled = speeds_of(base, rotated, trained, model.b.rope_factor, stretch)
        right = int((scaled == plain).sum())
        counts = {right, whole, rotated // 2}
        asked = f"{model.name} stretches {trained:,} tokens {model.b.rope_factor:g} times. How many of its {rotated // 2} pairs turn as before?"
        says = f"{right} pairs turn {stretch['beta_fast']:g} times or more within {trained:,} tokens and stay; {whole} turn once"
    else:
        right = whole
        counts = {whole} | {
            _whole(place.value, rotated, trained) for place in (turned.places[0], turned.places[-1])
        }
        asked = f"How many of the {rotated // 2} pairs of {model.name} turn fully within {trained:,} tokens?"
        says = f"{right} turn fully with a base of {base:,.0f}; turn the dial to see which base gives another number"
    ordered = sorted(counts)
    choices = tuple(
        Choice(f"{count}", f"{'Right' if count == right else 'Not so'}: {says}.")
        for count in ordered
    )
    return Question(asked, choices, ordered.index(right))


def _whole(base: float, rotated: int, trained: int) -> int:
    return int((speeds_of(base, rotated, trained, 1.0, None) * trained >= 2 * pi).sum())
