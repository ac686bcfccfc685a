"""A state of four by four numbers that fades, is asked and corrected, token by token, with real arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup

from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import MovingPicture, Slider, shape, words

CELL = 40
LEFT, TOP = 70, 22
"""Units where the state begins: keys at its left, what is read and written under it."""
TOKENS = (
    ("A", (0.8, 0.6, 0.0, 0.0), (2, 0, 1, 0)),
    ("B", (0.0, 0.0, 0.6, 0.8), (0, 3, 0, 1)),
    ("A", (0.8, 0.6, 0.0, 0.0), (0, 1, 0, 3)),
    ("C", (0.0, 0.8, 0.6, 0.0), (1, 0, 2, 0)),
)
"""Name, key and value of each: A comes twice, and C's key is a little like both others'."""
RATES = {"by head": (1, 1, 1, 1), "by channel": (0, 1, 2, 4)}
"""How many times a token each row fades by the decay."""
DELTA, SUM = ("Fade", "Ask", "Correct"), ("Fade", "Add")
DECAY, BETA = 90, 100
"""Where the sliders stand first, in hundredths."""
LAW = {
    "corrected by head": ("by head", DELTA),
    "corrected by channel": ("by channel", DELTA),
    "summed by channel": ("by channel", SUM),
    "summed by head": ("by head", SUM),
}
"""How the state of each form fades, and what is done with a token."""

Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def picture(lesson: Lesson) -> MovingPicture:
    """The state of the lesson's mechanism after its first token."""
    fades, phases = LAW[lesson.form]
    step = len(phases)
    seen = [*moments(RATES[fades], phases, DECAY / 100, BETA / 100)]
    model = numbers.model(lesson.on, lesson.id)
    sliders = [
        Slider("step", "Step", 1, len(phases) * len(TOKENS), step, f"A, {phases[-1].lower()}"),
        Slider("decay", "Kept from token to token", 0, 100, DECAY, f"{DECAY / 100:g}"),
    ]
    if phases == DELTA:
        sliders.append(Slider("beta", "How far it is corrected", 0, 100, BETA, f"{BETA / 100:g}"))
    return MovingPicture(
        "state",
        {"rates": RATES[fades], "phases": phases, "tokens": TOKENS},
        TOP + CELL * 4 + 66,
        _still(seen[step - 1][0], TOKENS[0][1]),
        "A state of four by four numbers, token by token",
        "A is written: asked for A, the state answers with A's value.",
        f"The rule is {model.name}’s, the numbers are made up. A pair is a key and the value to be found by it; "
        + ("rows fade at their own speed." if fades == "by channel" else "all rows fade alike."),
        tuple(sliders),
    )


def moments(
    rates: Sequence[int], phases: Sequence[str], decay: float, beta: float
) -> Iterator[tuple[Matrix, Matrix]]:
    """The state after each phase of each token, and what was read of it by the token's key."""
    kept = np.array([decay**rate for rate in rates])[:, None]
    state = np.zeros((4, 4))
    for _, key, value in TOKENS:
        k, v = np.array(key), np.array(value, float)
        for phase in phases:
            if phase == "Fade":
                state = kept * state
            elif phase == "Correct":
                state = state + beta * np.outer(k, v - k @ state)
            elif phase == "Add":
                state = state + np.outer(k, v)
            yield state, k @ state


def _still(state: Matrix, key: Sequence[float]) -> Markup:
    drawn = [words("key", "said", LEFT - CELL - 12, TOP - 8), words("state", "said", LEFT, TOP - 8)]
    for row in range(4):
        drawn += cell(LEFT - CELL - 12, TOP + CELL * row, key[row], "given")
        for column in range(4):
            drawn += cell(LEFT + CELL * column, TOP + CELL * row, float(state[row, column]), "held")
    return Markup("").join(drawn)


def cell(x: float, y: float, value: float, look: str) -> list[Markup]:
    """A number in its square, the darker the larger."""
    size = CELL - 2.0
    full = min(1.0, abs(value) / 3) * 0.6
    return [
        shape("rect", "ground", x=float(x), y=float(y), width=size, height=size),
        shape("rect", look, x=float(x), y=float(y), width=size, height=size, fill_opacity=full),
        words(
            f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−"),
            "number",
            x + size / 2,
            y + size / 2 + 4,
        ),
    ]
