"""Pairs of channels as clocks: a hand a pair, and the angles that were met in training."""

from __future__ import annotations

from math import cos, pi, sin
from types import SimpleNamespace

import numpy as np
from markupsafe import Markup

from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.mechanisms.forward.rotation import frequencies
from llm_gallery.site.moving.picture import WIDTH, MovingPicture, Slider, shape

STEPS = 200
"""Of the slider from token 0 to the last, each a like factor further."""
START = 100


def picture(lesson: Lesson) -> MovingPicture:
    """The clocks of one head of the lesson's model."""
    model = numbers.model(lesson.on, lesson.id)
    facts = model.b.block
    rotated, head = facts.number("rotated"), facts.number("head_dim")
    base = float(model.b.rope_base)
    scaled = lesson.form == "stretch"
    trained = model.b.original_context if scaled else model.context
    factor = model.b.rope_factor if scaled else 1.0
    stretch = numbers.config(lesson.on).get("rope_scaling") or {}
    speeds = speeds_of(base, rotated, trained, factor, stretch if scaled else None)
    plain = speeds_of(base, rotated, trained, 1.0, None)
    end = int(trained * factor)
    start = STEPS if scaled else START
    at = position(start, end)
    hands = [*(float(speed) * at for speed in speeds), *([None] * ((head - rotated) // 2))]
    turning = sum(float(speed) * trained >= 2 * pi for speed in plain)
    columns = 8 if len(hands) <= 32 else 16
    cell = WIDTH / columns
    still = Markup("").join(
        _clock(number, columns, angle, None if angle is None else float(plain[number]) * trained)
        for number, angle in enumerate(hands)
    )
    says = (
        f"Within {trained:,} tokens {turning} of {len(plain)} pairs turn fully: a full disc. "
        "A pair that doesn't has met only the shaded angles."
    )
    return MovingPicture(
        "rope",
        {
            "base": base,
            "rotated": rotated,
            "head": head,
            "trained": trained,
            "factor": factor,
            "fast": stretch.get("beta_fast", 32.0),
            "slow": stretch.get("beta_slow", 1.0),
            "truncate": stretch.get("truncate", True),
            "dial": "factor" if scaled else "base",
        },
        int(cell * -(-len(hands) // columns)),
        still,
        f"The {len(hands)} pairs of a head of {model.name} as clocks",
        says,
        f"One head of {model.name}, the fastest pair first. A hand stands where its pair has turned to.",
        (Slider("position", "Token", 0, STEPS, start, f"{at:,}"),),
    )


def speeds_of(
    base: float, rotated: int, trained: int, factor: float, stretch: dict[str, float] | None
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Radians a token of each pair, by the mechanism's own arithmetic; `stretch` is YaRN's table."""
    block = SimpleNamespace(
        rope_base=base,
        spacing=None,
        spread=False,
        rotated=rotated,
        stretch=stretch,
        rope_scaling=None if stretch is None else "yarn",
        rope_factor=factor,
        original_context=trained,
    )
    return np.asarray(frequencies(block, rotated, np.arange(1)))


def position(step: int, end: int) -> int:
    """The token at a step of the slider."""
    return round(float(np.expm1(step / STEPS * np.log1p(end))))


def _clock(number: int, columns: int, angle: float | None, met: float | None) -> Markup:
    cell = WIDTH / columns
    x, y, r = cell * (number % columns + 0.5), cell * (number // columns + 0.5), 0.42 * cell
    if angle is None or met is None:
        return shape("circle", "unturned", cx=x, cy=y, r=2.0)
    disc = shape("circle", "disc", cx=x, cy=y, r=r)
    if met >= 2 * pi:
        shade = shape("circle", "met", cx=x, cy=y, r=r)
    else:
        ends = f"{x + r * sin(met):.2f} {y - r * cos(met):.2f}"
        arc = f"M{x:.2f} {y:.2f}V{y - r:.2f}A{r:.2f} {r:.2f} 0 {int(met > pi)} 1 {ends}z"
        shade = shape("path", "met", d=arc)
    hand = shape("line", "hand", x1=x, y1=y, x2=x + r * sin(angle), y2=y - r * cos(angle))
    return disc + shade + hand
