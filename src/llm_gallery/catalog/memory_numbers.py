"""The numbers by which a page works out a model's memory: stored numbers in four, and a row a mixer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.analysis.footprint import numbers
from llm_gallery.analysis.layers import kinds
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, walk
from llm_gallery.engines.weight_format import released_format
from llm_gallery.mechanisms import MECHANISMS, colour_of, label


def memory_of(architecture: Architecture, config: Mapping[str, Any]) -> dict[str, Any]:
    """Active parameters, longest context, the release's weight format, stored numbers, and rows of what is kept.

    A row is a mixer's name, its layers, elements a token, window in tokens (0 for none), bytes of state and colour.
    """
    root = architecture.root
    counted, context = parameters(root), root.value("context")
    colours = {
        label(block): colour_of(block)
        for kind in kinds(root)
        for _, block in walk(kind.layer)
        if MECHANISMS[block.kind].kept(block).row
    }
    rows = [
        [
            *(row.label, row.layers, row.elements_per_token, row.window or 0, row.state_bytes),
            colours.get(row.label, "embedding"),
        ]
        for row in cache(root).rows
    ]
    return {
        "active": counted.active,
        "context": context if isinstance(context, int) else None,
        "format": released_format(config),
        "numbers": list(numbers(counted).values()),
        "rows": rows,
    }
