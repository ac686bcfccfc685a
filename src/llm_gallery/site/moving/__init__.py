"""Pictures that move with a dial: a still for paper and for pages without scripts, and the numbers that move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving import drafts, layers, rope, router, shares, state, window
from llm_gallery.site.moving.picture import MovingPicture

PICTURES: Mapping[str, Callable[[Lesson], MovingPicture]] = {
    **dict.fromkeys(("rope", "partial-rope", "yarn-rope-scaling"), rope.picture),
    **dict.fromkeys(
        ("sliding-window-attention", "local-global-layers", "chunked-attention"), window.picture
    ),
    **dict.fromkeys(
        ("mixture-of-experts", "shared-expert", "bias-balanced-routing"), router.picture
    ),
    **dict.fromkeys(
        ("gated-deltanet", "kimi-delta-attention", "gated-linear-attention", "mamba-2"),
        state.picture,
    ),
    **dict.fromkeys(("attention-sinks", "qk-norm"), shares.picture),
    "nope": layers.without_positions,
    "shared-kv-cache": layers.shared_caches,
    "multi-token-prediction": drafts.picture,
}
"""By concept; what else has a dial has no picture that its values move."""


def moving_picture(lesson: Lesson) -> MovingPicture | None:
    """The picture of a lesson that moves; None where it has none."""
    return PICTURES[lesson.id](lesson) if lesson.id in PICTURES else None
