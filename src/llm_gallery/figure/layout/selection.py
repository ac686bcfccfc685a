"""What a page may show: the forms of what leads, and which insets, of those that it does without in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.figure.frame import layer_frame
from llm_gallery.figure.layout.items import Item
from llm_gallery.figure.lead import hero_plate
from llm_gallery.figure.lead.content import Content
from llm_gallery.figure.lead.hero_plate import Form
from llm_gallery.plan.block_names import layers


def forms(page: Content, *, tight: bool, every: bool) -> Iterator[tuple[Form | None, bool]]:
    """The forms of what leads, each with the frame as it serves: a plain MLP stands open beside a high plate."""
    if page.leads is None or page.shares:
        yield None, False
        if page.openable:
            yield None, True
        if tight and page.shares:
            yield "apart", False  # the strip leads: its wiring is one inset of many
        return
    shapes = hero_plate.forms(page.leads)
    if page.full and "below" in shapes:  # where all is said, wiring is too high for words beside it
        shapes = ("below",)
    if tight and len(page.layers) > 1 and "apart" not in shapes:
        yield "apart", False  # its wiring is one inset of many
    if (every or len(page.plan.uses) == 1) and "apart" not in shapes:
        yield "apart", False  # a frame of one block is low
    for form in shapes:
        if form != "below" or len(shapes) == 1 or every:
            yield form, False
        if page.openable:
            yield form, True


def stands_open(page: Content, item: Item) -> bool:
    """Whether it is a plain MLP that the frame shows open; of several the others are shown where all is said."""
    if not (item.plain and page.full and item.use is not None):
        return item.plain
    opened = layer_frame.opened(page.layers[0])
    return all(variant.path in opened for variant in item.use.variants)


def choices(others: list[Item], *, full: bool, tight: bool) -> Iterator[list[Item]]:
    """All that has an inset, and the same without a plain MLP, whose block says how wide it is.

    A tight page leaves out the wiring of streams that the ancestor had, too: the frame shows them. One that
    still is too high does without its last insets, whose blocks are in the frames, then without the frames of
    the fewest layers.
    """
    yield others
    bare = [item.bare for item in others]
    if any(one is not other for one, other in zip(bare, others, strict=True)):
        yield bare
    rest = [item for item in others if not item.plain]
    if not full and len(rest) < len(others):
        yield rest
    if tight and not full:
        bare = [item for item in rest if not item.streams]
        if len(bare) < len(rest):
            yield bare
        for count in range(len(bare) - 1, -1, -1):
            yield bare[:count]


def left_out(others: Sequence[Item], shown: Sequence[Item]) -> str:
    """What the page does without though no block says it: insides, and layers that are wired otherwise."""
    kept = {id(item) for item in shown}
    lost = [item for item in others if id(item.bare) not in kept and id(item) not in kept]
    seen = {item.key for item in shown} | {item.bare.key for item in shown}
    lost = [item for item in lost if item.key not in seen and item.bare.key not in seen]
    names = [item.name.inline for item in lost if not (item.plain or item.streams or item.layers)]
    inside = ", ".join(dict.fromkeys(names))
    parts = [f"the inside of {inside}"] if names else []
    count = sum(item.layers.layers for item in lost if item.layers is not None)
    if count:
        parts.append(f"{layers(count)} that {'is' if count == 1 else 'are'} wired otherwise")
    return f"Not drawn here: {'; '.join(parts)}." if parts else ""
