"""Drafts of prediction modules, of which a pass keeps those before the first wrong one."""

from __future__ import annotations

from markupsafe import Markup

from llm_gallery.lessons import numbers
from llm_gallery.lessons.lesson import Lesson
from llm_gallery.site.moving.picture import MovingPicture, Slider, shape, words

HIGH, PITCH = 90, 72
"""Units of a token that is always kept, and between tokens."""
RIGHT = 80
"""Percent of drafts that are right, where the slider stands first: made up."""


def picture(lesson: Lesson) -> MovingPicture:
    """How often each token of a pass is kept."""
    model = numbers.model(lesson.on, lesson.id)
    modules = 1
    drawn = []
    for at in range(modules + 1):
        share = (RIGHT / 100) ** at
        drawn += [
            shape(
                "rect",
                "far" if at else "near",
                x=float(PITCH * at),
                y=HIGH * (1 - share),
                width=PITCH - 14.0,
                height=HIGH * share,
            ),
            words(f"{share:.0%}", "number", PITCH * at + (PITCH - 14) / 2, HIGH + 15),
            words("its own" if at == 0 else f"draft {at}", "said", PITCH * at, HIGH + 30),
        ]
    return MovingPicture(
        "drafts",
        {},
        HIGH + 36,
        Markup("").join(drawn),
        "How often each token of a pass is kept",
        f"A pass writes {1 + RIGHT / 100:.2f} tokens on average.",
        f"How often a draft is right is made up. {model.name} has one module; a draft counts only if all before it were right.",
        (Slider("right", "Drafts that are right, in percent", 0, 100, RIGHT, f"{RIGHT}"),),
        plays=False,
    )
