"""The schedule strip: one cell a layer, input at the left; above what mixes tokens, below what mixes channels."""

from __future__ import annotations

from markupsafe import Markup

from llm_gallery.analysis.mechanisms import Mechanism, mechanism
from llm_gallery.architecture.block import Block, channel_mixer, distinct_layers, layers, mixer

PITCH, HEIGHT, SPLIT = 10, 16, 10


def strip(root: Block, title: str) -> Markup:
    """The strip as SVG that stretches to the width of its box; colours come from the page's classes."""
    cells: dict[Mechanism, list[str]] = {}
    stack = layers(root)
    known = {id(layer): _cells(layer) for layer in distinct_layers(root)}
    for index, layer in enumerate(stack):
        for colour, top, bottom in known[id(layer)]:
            x = index * PITCH
            path = f"M{x} {top}h{PITCH - 1}v{bottom - top}h-{PITCH - 1}z"
            cells.setdefault(colour, []).append(path)
    paths = Markup("").join(
        Markup('<path class="solid {}" d="{}"/>').format(colour, "".join(found))
        for colour, found in cells.items()
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(max(1, len(stack) * PITCH - 1), HEIGHT, title, paths)


def _cells(layer: Block) -> list[tuple[Mechanism, int, int]]:
    """Two cells, or one over the whole height where a layer has only one of the two mixers."""
    tokens, channels = mixer(layer), channel_mixer(layer)
    if tokens is not None and channels is not None:
        return [
            (mechanism(tokens), 0, SPLIT),
            (mechanism(channels), SPLIT + 1, HEIGHT),
        ]
    only = tokens if tokens is not None else channels
    return [] if only is None else [(mechanism(only), 0, HEIGHT)]
