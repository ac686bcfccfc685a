"""What is kept at the end of the context: as the model is built, beside the same model without what saves it."""

from __future__ import annotations

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Architecture, distinct_layers, mixers
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.signs import area
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.mechanisms import colour_of

SAVINGS = (
    ("hybrid", "attention in all layers"),
    ("compressed-attention", "without compression"),
    ("multi-head-latent-attention", "with keys and values"),
    ("sliding-window-attention", "without windows"),
    ("chunked-attention", "without chunks"),
    ("shared-kv-cache", "with keys of its own"),
    ("multi-query-attention", "a key for each query head"),
    ("grouped-query-attention", "a key for each query head"),
)
"""What saves memory, the most telling first, and what the model is called without it."""
BAR = 15.0
"""Px of a bar's height."""


def put(sheet: Sheet, architecture: Architecture, x: float, y: float, room: float) -> float:
    """Draws one or two bars from y down; gives back where they end."""
    root = architecture.root
    length = root.number("context") if "context" in root.facts else 32768
    built = cache(root).at(length)
    if not built:
        return y
    sheet.label(x, y + 14, f"Kept for {length:,} tokens", size=15, weight=600, role="ink")
    y += 30
    rows = [("as built", built)]
    for concept, words in SAVINGS:
        other = without(root, concept)
        if other is not None and (kept := cache(other).at(length)) > built:
            rows.append((words, kept))
            break
    largest = max(kept for _, kept in rows)
    label = min(150.0, max(width(words, 13) for words, _ in rows)) + 12
    space = room - label - 76
    layer = next((m for kind in distinct_layers(root) for m in mixers(kind)), None)
    tone = "full" if layer is None else colour_of(layer)
    for index, (words, kept) in enumerate(rows):
        size = fitting(words, label - 8, (13, 12.5, 12, 11.5, 11, 10.5))
        sheet.label(x, y + 12, words, size=size)
        long = max(1.5, space * kept / largest)
        fill = f"{tone}.solid" if not index else "frame"
        sheet.put(area(x + label, y, long, BAR, fill, f"{words}: {kept:,} bytes"))
        role = f"{tone}.text" if not index else "muted"
        sheet.label(
            x + label + long + 8,
            y + 12,
            binary(kept),
            size=13,
            role=role,
            weight=600 if not index else 400,
        )
        y += BAR + 13
    return y
