"""Eight tokens before a router: which experts each one wakes, and how many tokens an expert gets."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import WIDTH, MovingPicture, Slider, shape, words

TEXT = ("The", "cat", "that", "sat", "on", "the", "mat", "slept")
LEFT, ROW, SCORES, LOAD = 44, 15, 44, 36
"""Units: room for words, a token's row, the scores above, the loads below."""


def picture(lesson: Lesson) -> MovingPicture:
    """The router of the lesson's model, with scores that are made up."""
    model = numbers.model(lesson.on, lesson.id)
    facts = model.b.block
    experts, used = facts.number("experts"), facts.number("used")
    shared = facts.number("shared") if "shared" in facts.facts else 0
    turns = lesson.form  # what the dial turns
    sliders = [Slider("token", "Token", 1, len(TEXT), 2, TEXT[1])]
    if turns == "used":
        power = experts.bit_length() - 1
        sliders.append(Slider("experts", "Experts", 3, 8, power, f"{experts}"))
    return MovingPicture(
        "router",
        {"experts": experts, "used": used, "shared": shared, "text": TEXT, "dial": turns},
        SCORES + ROW * len(TEXT) + LOAD + 16,
        grid(experts, used, shared, 1),
        "Which experts each token wakes",
        says(experts, used, shared, 1),
        f"The scores are made up; {model.name} has "
        f"{experts} experts a layer and chooses {used} for a token. Above: the scores of one token. Below: tokens that an expert gets.",
        tuple(sliders),
    )


def score(token: int, expert: int) -> float:
    """A made-up score from 0 to 1, the same on every machine."""
    h = (token * 73_856_093 ^ expert * 19_349_663 ^ 0x9E3779B9) & 0xFFFFFFFF
    h = (h ^ h >> 15) * 2_246_822_519 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 3_266_489_917 & 0xFFFFFFFF
    return (h ^ h >> 16) / 2**32


def chosen(token: int, experts: int, used: int) -> list[int]:
    """The experts with the highest scores, in their order."""
    ranked = sorted(range(experts), key=lambda expert: -score(token, expert))
    return sorted(ranked[:used])


def says(experts: int, used: int, shared: int, token: int) -> str:
    """What is seen, in words."""
    load = Counter(one for at in range(len(TEXT)) for one in chosen(at, experts, used))
    names = ", ".join(f"{one + 1}" for one in chosen(token, experts, used))
    beside = f" and {shared} shared" if shared else ""
    return (
        f"“{TEXT[token]}” wakes {used} of {experts} experts{beside}: {names}. "
        f"All {len(TEXT)} tokens read {len(load)} experts{beside}; the busiest gets {max(load.values())} tokens."
    )


def grid(experts: int, used: int, shared: int, token: int) -> Markup:
    """Scores above, a row a token, loads below."""
    room = LEFT + 14 * shared + (6 if shared else 0)
    pitch = (WIDTH - room) / experts
    wide, thick = max(1.6, 0.8 * pitch), 0.7 * ROW
    at_foot = SCORES + ROW * len(TEXT)
    drawn = [
        shape(
            "rect",
            "current",
            x=0.0,
            y=float(SCORES + ROW * token),
            width=float(WIDTH),
            height=float(ROW),
        )
    ]
    load = Counter(one for at in range(len(TEXT)) for one in chosen(at, experts, used))
    awake = chosen(token, experts, used)
    for expert in range(experts):
        x, high = room + pitch * expert, (SCORES - 8) * score(token, expert)
        look = "lit" if expert in awake else "score"
        drawn.append(shape("rect", look, x=x, y=SCORES - 4 - high, width=wide, height=high))
        full = (LOAD - 4) * load[expert] / len(TEXT)
        drawn.append(shape("rect", "load", x=x, y=at_foot + 4.0, width=wide, height=full))
    for at, word in enumerate(TEXT):
        y = SCORES + ROW * at
        drawn.append(words(word, "said", 2, y + 11))
        drawn.append(
            shape("rect", "rail", x=float(room), y=y + 2.0, width=float(WIDTH - room), height=thick)
        )
        for expert in chosen(at, experts, used):
            drawn.append(
                shape("rect", "lit", x=room + pitch * expert, y=y + 2.0, width=wide, height=thick)
            )
        for one in range(shared):
            drawn.append(
                shape("rect", "always", x=LEFT + 14.0 * one, y=y + 2.0, width=11.0, height=thick)
            )
    return Markup("").join(drawn)
