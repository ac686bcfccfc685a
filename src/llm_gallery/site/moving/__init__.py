"""Pictures that move with a dial: a still for paper and for pages without scripts, and the numbers that move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.architecture.mistake import expect_names
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving import drafts, layers, rope, router, shares, state, window
from llm_gallery.site.moving.picture import MovingPicture

PICTURES: Mapping[str, Callable[[Lesson], MovingPicture]] = {
    "pairs": rope.picture,
    "masks": window.picture,
    "router": router.picture,
    "state": state.picture,
    "shares": shares.picture,
    "positions": layers.without_positions,
    "caches": layers.shared_caches,
    "drafts": drafts.picture,
}
"""By the name that a lesson's file has; what else has a dial has no picture that its values move."""


FORMS: Mapping[str, tuple[str, ...]] = {
    "pairs": ("base", "share", "stretch"),
    "masks": ("window", "ratio", "chunk"),
    "router": ("used", "shared", "experts"),
    "state": tuple(state.LAW),
    "shares": ("sink", "norm"),
}
"""What a picture may be made for, where there are several."""


def moving_picture(lesson: Lesson) -> MovingPicture | None:
    """The picture of a lesson that moves; None where it has none. Raises Mistake at a name that isn't known."""
    if lesson.moving is None:
        return None
    where = f"{lesson.id}/lesson.toml: "
    expect_names([lesson.moving.picture], PICTURES, "picture", "one of site/moving/", where)
    forms = FORMS.get(lesson.moving.picture, ("",))
    expect_names([lesson.form], forms, "form", "a form of the picture", where)
    return PICTURES[lesson.moving.picture](lesson)
