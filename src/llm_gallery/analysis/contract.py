"""Everything that is known of an architecture as one plain dictionary: the machine-readable contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.analysis.layers import kinds, pattern
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.mechanisms import field_name, makers

LENGTHS = (4_096, 32_768, 131_072, 1_048_576)
"""Contexts at which cache and compute are stated, in tokens."""


def facts(
    architecture: Architecture, *, dtype: str = "bf16", lengths: Sequence[int] = LENGTHS
) -> dict[str, Any]:
    """The contract's keys (design.md), as integers and strings; bytes in `dtype`.

    Raises Refusal for an unknown dtype.
    """
    root = architecture.root
    return {
        "model_type": architecture.model_type,
        "guess": architecture.guess or None,
        "parameters": _parameters(parameters(root)),
        "layers": _layers(root),
        "cache": _cache(cache(root, dtype), dtype, lengths),
        "flops_per_token_at": {str(at): flops_per_token(root, at) for at in lengths},
        "context": root.value("context"),
        "context_configured": root.value("configured_context", root.value("context")),
        "width": root.value("width"),
        "vocabulary": root.value("vocabulary"),
        "sheet": _sheet(architecture),
        "concepts": list(concepts(root)),
        "unread": list(architecture.unread),
        "assumed": list(architecture.assumed),
        "warnings": list(architecture.warnings),
    }


def _parameters(counted: Parameters) -> dict[str, Any]:
    return {
        "total": counted.total,
        "active": counted.active,
        "active_least": counted.active_least,
        "active_without_embedding": counted.active_without_embedding,
        "embedding": counted.embedding,
        "lookup": counted.lookup,
        "multi_token_prediction": counted.multi_token_prediction,
        "other_modalities": counted.other_modalities,
        "parts": [
            {"part": part.name, "stored": part.stored, "active": part.active}
            for part in counted.parts
        ],
    }


def _sheet(architecture: Architecture) -> list[dict[str, Any]]:
    """What the model and each distinct mixer of its layers state, and how each fact is known."""
    return [
        {
            "title": section.title,
            "field_name": "" if section.block is None else field_name(section.block),
            "makers": {} if section.block is None else makers(section.block),
            "layers": section.layers,
            "facts": [
                {
                    "name": row.term.name,
                    "label": row.label,
                    "value": row.plain,
                    "evidence": row.evidence,
                    "source": row.source,
                }
                for row in section.rows
            ],
        }
        for section in sheet(architecture)
    ]


def _layers(root: Block) -> dict[str, Any]:
    mix: dict[str, int] = {}
    for kind in kinds(root):
        mix[kind.name] = mix.get(kind.name, 0) + kind.count
    return {
        "count": sum(mix.values()),
        "mix": [{"kind": name, "count": count} for name, count in mix.items()],
        "pattern": pattern(root),
        "causal": not reads_whole(root),
    }


def _cache(cache: Cache, dtype: str, lengths: Sequence[int]) -> dict[str, Any]:
    return {
        "dtype": dtype,
        "bytes_per_token": cache.bytes_per_token,
        "bytes_per_token_long": cache.bytes_per_token_long,
        "state_bytes": cache.state_bytes,
        "bytes_at": {str(at): cache.at(at) for at in lengths},
        "rows": [
            {
                "kind": row.label,
                "layers": row.layers,
                "window": row.window,
                "bytes_per_token": row.bytes_per_token,
                "state_bytes": row.layers * row.state_bytes,
            }
            for row in cache.rows
        ],
    }
