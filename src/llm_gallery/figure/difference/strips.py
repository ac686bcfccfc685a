"""The strips of all models under one another, layer above layer, and in words which layers became others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import channel_mixers, mixers
from llm_gallery.comparison.profile import Profile
from llm_gallery.figure.change_signs import sign
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.strip import strip, under_strip
from llm_gallery.mechanisms.bar import bar_of
from llm_gallery.plan.block_names import layers


class Size(NamedTuple):
    """Px of the names before the strips (none where they stand above), and of the tracks."""

    names: float
    token: float
    channel: float


WIDE = Size(158.0, 38.0, 12.0)
NARROW = Size(0.0, 34.0, 11.0)


def put(
    sheet: Sheet,
    models: Sequence[Profile],
    names: Sequence[str],
    x: float,
    y: float,
    room: float,
    size: Size,
) -> float:
    """Draws them from y down to the numbers of the layers; gives back where these end."""
    depths = [_depth(model) for model in models]
    longest = max(depths)
    left = x + size.names
    axis = strip.laid(longest, left, x + room, y, token=size.token, channel=size.channel)
    for index, (model, name, depth) in enumerate(zip(models, names, depths, strict=True)):
        role = "ink" if index else "muted"
        top = y + (0.0 if size.names else 20.0)
        place = replace(axis, top=top, depth=depth)
        strip.draw(sheet, model.architecture.root, place)
        if size.names:
            lines = wrap(name, size.names - 14, 13, 600, lines=2)
            low = sheet.lines(x, y + 18, lines, 17, size=13, weight=600, role=role)
            sheet.label(x, low, layers(depth), size=12.5)
        else:
            sheet.fitted(x, y + 12, name, room - 76, (14.0, 13.0, 12.5), weight=600, role=role)
            sheet.label(x + room, y + 12, layers(depth), size=13, anchor="end")
        y = place.bottom
        if index + 1 < len(models):
            y += 8
            if len(models) == 2:
                y = _between(sheet, models, left, y, x + room - left) + 8
            else:
                y += 10
    under_strip.numbers(sheet, axis, y + 18)
    return y + 22


def _depth(model: Profile) -> int:
    return int(str(model.traits["layers"]))


def _between(sheet: Sheet, models: Sequence[Profile], x: float, y: float, room: float) -> float:
    """Which layers do another thing than before, in words."""
    words = "; ".join(changed(models[0], models[1]))
    lines = wrap(words or "every layer is of the same kind as before", room - 16, 12.5, lines=3)
    sheet.put(sign(x + 5, y + 8.5, "changed" if words else "kept"))
    return sheet.lines(x + 16, y + 13, lines, 17, size=12.5) - 9


def changed(old: Profile, new: Profile) -> list[str]:
    """ "all 61 layers mix tokens in another way", "the first 3 layers have another kind of MLP", "20 layers more"."""
    depths = _depth(old), _depth(new)
    common = min(depths)
    said = []
    for role, does in (
        ("token_mixer", "mix tokens in another way"),
        ("channel_mixer", "have another kind of MLP"),
    ):
        before, after = (_keys(model, role) for model in (old, new))
        other = [i for i in range(common) if before.get(i) != after.get(i)]
        if other:
            said.append(f"{_which(other, common)} {_singular(does) if len(other) == 1 else does}")
    if depths[0] != depths[1]:
        more = depths[1] - depths[0]
        said.append(f"{layers(abs(more))} {'more' if more > 0 else 'fewer'}")
    return said


def _which(found: Sequence[int], count: int) -> str:
    """Layers in words, all of them, the first or the last ones, or so many of all."""
    many = len(found)
    if many == count:
        return f"all {layers(count)}" if count > 1 else "the layer"
    if found[-1] == many - 1:
        return f"the first {layers(many)}" if many > 1 else "the first layer"
    if found[0] == count - many and many > 1:
        return f"the last {layers(many)}"
    return f"layer {found[0] + 1:,}" if many == 1 else f"{many:,} of {layers(count)}"


def _singular(does: str) -> str:
    verb, _, rest = does.partition(" ")
    return f"{'has' if verb == 'have' else f'{verb}es'} {rest}"


def _keys(model: Profile, role: str) -> dict[int, tuple[object, ...]]:
    """What each layer has of a role, as its strip shows it."""
    root, of = model.architecture.root, mixers if role == "token_mixer" else channel_mixers
    looks = [tuple((block.kind, bar_of(block)) for block in of(kind.layer)) for kind in kinds(root)]
    return dict(enumerate(looks[kind] for kind in schedule(root)))
