"""How a softmax deals out its shares: with and without what the lesson is about."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from markupsafe import Markup

from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import MovingPicture, Slider, shape, words

SCORES = (0.2, 1.1, -0.4, 0.7, -0.9, 0.4)
"""Of six tokens, made up."""
HIGH, PITCH, LEFT = 64, 44, 100
"""Units: of a share of one, between tokens, before the first of them."""


def picture(lesson: Lesson) -> MovingPicture:
    """The shares of six tokens, twice."""
    model = numbers.model(lesson.on, lesson.id)
    is_sink = lesson.form == "sink"
    if is_sink:
        heads = model.b.heads * model.layers
        slider = Slider("strength", "The sink’s number", -4, 8, 1, "1")
        plain, changed = dealt(SCORES), dealt((*SCORES, 1.0))
        says = f"The sink takes {changed[-1]:.0%}; the tokens share {1 - changed[-1]:.0%}."
        note = (
            f"Scores are made up. {model.name} has a number for each of {heads:,} heads: "
            "no cache grows by it, and no other count moves by a thousandth."
        )
        names = ("Without a sink", "With one")
    else:
        slider = Slider("strength", "Times that query and key grew", 1, 8, 3, "3")
        plain, changed = dealt([9 * score for score in SCORES]), dealt(SCORES)
        says = (
            f"Without the norm the best token takes {max(plain):.0%}, with it {max(changed):.0%}."
        )
        note = (
            f"Scores are made up. {model.name} has two scales of {model.b.head_dim} numbers a layer: "
            f"{2 * model.b.head_dim * model.layers:,} parameters in all; the cache stays."
        )
        names = ("Without the norm", "With it")
    still = _bars(plain, 0, names[0], False) + _bars(changed, HIGH + 34, names[1], is_sink)
    return MovingPicture(
        "shares",
        {"scores": SCORES, "sink": is_sink, "names": names},
        2 * (HIGH + 34),
        still,
        "Shares of six tokens",
        says,
        note,
        (slider,),
    )


def dealt(scores: Sequence[float]) -> list[float]:
    """The softmax."""
    top = [exp(score - max(scores)) for score in scores]
    return [one / sum(top) for one in top]


def _bars(shares: Sequence[float], y: float, name: str, sink: bool) -> Markup:
    drawn = [words(name, "said", 0, y + HIGH)]
    for at, share in enumerate(shares):
        x, high = LEFT + PITCH * at, HIGH * share
        look = "lost" if sink and at == len(SCORES) else "share"
        drawn += [
            shape(
                "rect", look, x=float(x), y=y + 12 + HIGH - high, width=PITCH - 12.0, height=high
            ),
            words(f"{share:.0%}", "number", x + (PITCH - 12) / 2, y + HIGH + 26),
        ]
    return Markup("").join(drawn)
