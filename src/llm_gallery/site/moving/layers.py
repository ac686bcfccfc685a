"""The layers of a model side by side: which tell near from far, and which read a cache that another keeps."""

from __future__ import annotations

from math import cos

from markupsafe import Markup

from llm_gallery.analysis import memory
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import layers, walk
from llm_gallery.lessons import numbers
from llm_gallery.lessons.dial import LONG
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import WIDTH, MovingPicture, Slider, shape
from llm_gallery.site.moving.rope import STEPS, position, speeds_of

HIGH, ARCS = 110, 70
"""Units of the longest bar, and of the room above for who reads whom."""
START = 78
"""Of the slider's steps, each a like factor further: near, where much is left of a score."""
EVERY = 4
"""SmolLM3's layers, of which one has no positions."""


def without_positions(lesson: Lesson) -> MovingPicture:
    """What is left of a score in each layer, so many tokens apart."""
    model = numbers.model(lesson.on, lesson.id)
    turning = next(base for base in model.values("rope_base") if base is not None)
    rotated = max(model.values("rotated"))
    apart = position(START, LONG)
    left = score(float(turning), rotated, apart)
    still = Markup("").join(
        _bar(at, model.layers, 0, 1.0 if (at + 1) % EVERY == 0 else left, (at + 1) % EVERY == 0)
        for at in range(model.layers)
    )
    return MovingPicture(
        "distance",
        {"layers": model.layers, "base": turning, "rotated": rotated},
        HIGH + 4,
        still,
        f"The score of one key in each of {model.layers} layers of {model.name}",
        f"{apart} tokens apart, a layer with RoPE has {left:.0%} of the score left; a layer without has all.",
        f"A key like the query, in {model.name}’s layers, the first at the left. Coloured layers have no positions.",
        (Slider("apart", "Tokens apart", 0, STEPS, START, f"{apart:,}"),),
    )


def score(base: float, rotated: int, apart: int) -> float:
    """What a query and a key that is like it score so many tokens apart, of what they do side by side."""
    speeds = speeds_of(base, rotated, 1, 1.0, None)
    return sum(cos(apart * float(speed)) for speed in speeds) / len(speeds)


def shared_caches(lesson: Lesson) -> MovingPicture:
    """What each layer keeps, and which reads what another has kept."""
    model = numbers.model(lesson.on, lesson.id)
    rows = memory.cache(numbers.with_keys(lesson.on, lesson.id, {KEY: 0}).root).rows
    near = next(row for row in rows if row.window is not None)
    far = next(row for row in rows if row.window is None)
    depth, window = model.layers, near.window or 0
    whole = [
        not any(block.facts.get("window") for _, block in walk(layer))
        for layer in layers(model.root)
    ]
    shared = model.having
    own = depth - shared
    drawn = []
    for at in range(depth):
        if at < own:
            share = 1.0 if whole[at] else window / LONG
            drawn.append(_bar(at, depth, ARCS, share, whole[at]))
        else:
            source = max(one for one in range(own) if whole[one] == whole[at])
            drawn.append(_arc(source, at, depth, whole[at]))
    kept = model.kept(LONG)
    return MovingPicture(
        "caches",
        {
            "whole": [int(one) for one in whole],
            "near": 2 * near.elements_per_token,
            "far": 2 * far.elements_per_token,
            "window": window,
        },
        ARCS + HIGH + 4,
        Markup("").join(drawn),
        f"What each of {depth} layers of {model.name} keeps",
        f"Of {LONG:,} tokens {own} layers keep {binary(kept)}; {shared} read what they keep.",
        f"Layers of {model.name}, the first at the left. A bar is the tokens that a layer keeps, coloured where it sees all; "
        "an arc leads from a layer that keeps to one that reads it.",
        (Slider("context", "Tokens of text", 9, 17, 17, f"{LONG:,}"),),
        plays=False,
    )


KEY = "text_config.num_kv_shared_layers"


def _bar(at: int, depth: int, top: float, share: float, marked: bool) -> Markup:
    pitch = WIDTH / depth
    high = max(1.5, HIGH * abs(share))
    return shape(
        "rect",
        "far" if marked else "near",
        x=pitch * at,
        y=top + HIGH - high,
        width=0.75 * pitch,
        height=high,
    )


def _arc(source: int, at: int, depth: int, marked: bool) -> Markup:
    pitch = WIDTH / depth
    x1, x2 = pitch * (source + 0.375), pitch * (at + 0.375)
    y = ARCS + HIGH
    high = min(ARCS - 4.0, 8 + 0.25 * (x2 - x1)) + (HIGH if marked else HIGH / 2)
    return shape(
        "path",
        "arc whole" if marked else "arc",
        d=f"M{x1:.2f} {y}C{x1:.2f} {y - high:.2f} {x2:.2f} {y - high:.2f} {x2:.2f} {y}",
    )
