"""What a layer sees of a text, to scale, beside all layers and what each keeps."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup

from llm_gallery.analysis import memory
from llm_gallery.analysis.units import binary
from llm_gallery.lessons import numbers
from llm_gallery.lessons.dial import LONG
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import MovingPicture, Slider, shape, words

SIDE = 150
"""Units of a mask's side: a text of that length."""
BARS = (330, 66)
"""Where the bars of the layers begin, and how long a bar is that keeps everything."""


def picture(lesson: Lesson) -> MovingPicture:
    """The masks of the lesson's model and its layers, at its own window and ratio."""
    model = numbers.model(lesson.on, lesson.id)
    rows = memory.cache(model.root).rows
    near = next(row for row in rows if row.window is not None)
    far = next(row for row in rows if row.window is None)
    layers, window = near.layers + far.layers, near.window or 0
    ratio = round(layers / far.layers)
    chunked = lesson.form == "chunk"
    turns = "ratio" if lesson.form == "ratio" else "window"
    context = 17  # 2 ** 17 tokens
    still = (
        mask(0, window / LONG, chunked)
        + words(
            "A layer with a chunk" if chunked else "A layer with a window", "said", 0, SIDE + 14
        )
        + mask(165, 1.0, False)
        + words("A global layer", "said", 165, SIDE + 14)
        + layer_bars(layers, ratio, window / LONG)
        + words(f"All {layers} layers", "said", BARS[0], SIDE + 14)
    )
    kept = model.kept(LONG)
    says = (
        f"Of {LONG:,} tokens {layers - far.layers} layers keep {window:,} each, {far.layers} keep all: "
        f"{binary(kept)}. If all layers kept all: {binary(whole(layers, far.elements_per_token, LONG))}."
    )
    by_ratio = Slider("ratio", "One layer in so many is global", 1, 16, ratio, f"{ratio}")
    by_window = Slider("window", "Window", 7, 15, window.bit_length() - 1, f"{window:,}")
    return MovingPicture(
        "window",
        {
            "layers": layers,
            "near": 2 * near.elements_per_token,
            "far": 2 * far.elements_per_token,
            "window": window,
            "ratio": ratio,
            "chunked": chunked,
            "dial": turns,
        },
        SIDE + 20,
        still,
        "Which tokens a token sees, and what each layer keeps",
        says,
        "To scale. A row is a token of the text, a column one that it may see; coloured is seen. "
        "A bar is what a layer keeps.",
        (
            by_window if turns == "ratio" else by_ratio,
            Slider("context", "Tokens of text", 12, 17, context, f"{LONG:,}"),
        ),
        plays=False,
    )


def whole(layers: int, elements: int, tokens: int) -> int:
    """Bytes where every layer keeps every token, two bytes an element."""
    return 2 * layers * elements * tokens


def mask(x: float, share: float, chunked: bool) -> Markup:
    """The lower half of a square, and what of it is seen where a window is that share of the text."""
    w = min(1.0, share) * SIDE
    if chunked and share < 1:
        edges = [min(SIDE, w * at) for at in range(int(SIDE / w) + 2)]
        seen = "".join(f"M{x + a:g} {a:g}L{x + b:g} {b:g}H{x + a:g}z" for a, b in pairwise(edges))
    else:
        seen = f"M{x:g} 0L{x + SIDE:g} {SIDE}H{x + SIDE - w:g}L{x:g} {w:g}z"
    unseen = shape("path", "unseen-part", d=f"M{x:g} 0L{x + SIDE:g} {SIDE}H{x:g}z")
    return unseen + shape("path", "seen", d=seen)


def layer_bars(layers: int, ratio: int, share: float) -> Markup:
    """A bar a layer, the first one lowest: as long as what it keeps."""
    x, wide = BARS
    pitch = SIDE / layers
    return Markup("").join(
        shape(
            "rect",
            "far" if (at + 1) % ratio == 0 else "near",
            x=float(x),
            y=SIDE - pitch * (at + 1),
            width=float(wide if (at + 1) % ratio == 0 else max(1.5, wide * min(1.0, share))),
            height=0.75 * pitch,
        )
        for at in range(layers)
    )
