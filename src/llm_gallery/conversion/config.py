"""The config that the keys of a GGUF say, with what its tensors tell beside them.

Reference: conversion/ of llama.cpp (0c1e570)
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.conversion.keys import SCALING
from llm_gallery.conversion.registry import row_named
from llm_gallery.conversion.row import Row, spellings
from llm_gallery.sources.gguf import Many
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
EMBEDDING, HEAD = "token_embd.weight", "output.weight"
PROJECTORS = ("clip", "mmproj")


def config_of(stored: Stored) -> dict[str, Any]:
    """The config that a GGUF says. Raises Refusal where it is no language model, or its keys don't say all of one."""
    held = stored.metadata
    expect_language_model(stored)
    row = row_named(held.get("general.architecture"), str(stored.place))
    if row.lost:
        raise Refusal(
            f"{stored.place} is a GGUF of architecture {row.name}, which doesn't say {row.lost}, expected all that its "
            "config says; give the config.json of the model that it was made of"
        )
    said = _said(row, held)
    kind = row.model_types[0].rpartition("/")[2]
    made = {"model_type": kind, **row.implied, **said, **_rotation(held, row.name)}
    made["vocab_size"] = _vocabulary(stored, row.name)
    shapes = {tensor.name: tensor.shape for tensor in stored.tensors}
    if EMBEDDING in shapes and not stored.faults:
        made["tie_word_embeddings"] = HEAD not in shapes
    return {**made, **(row.rest(stored, made) if row.rest is not None else {})}


def unsaid(stored: Stored) -> str:
    """What of its model a GGUF doesn't say in its keys, as a sentence; empty where it says all that is described."""
    row = row_named(stored.metadata.get("general.architecture"), str(stored.place))
    what = row.unsaid(stored) if row.unsaid is not None else ""
    return f"the file's keys don't say {what}; the config.json of its model does" if what else ""


def expect_language_model(stored: Stored) -> None:
    """Raises Refusal where a GGUF is a projector, an adapter or the like."""
    kind = stored.metadata.get("general.type", "model")
    if kind == "model" and stored.metadata.get("general.architecture") not in PROJECTORS:
        return
    projector = kind in ("model", *PROJECTORS)
    what = "the projector (mmproj) of a model" if projector else quoted(kind)
    raise Refusal(
        f"{stored.place} is {what}, expected a language model; give the model's own .gguf"
    )


def _said(row: Row, held: Json) -> dict[str, Any]:
    """The keys of a row, in the spelling that trees are read from."""
    found = {}
    for end, spelled in row.keys.items():
        value = held.get(f"{row.name}.{end}")
        if value is not None and not isinstance(value, Many):
            found[spellings(spelled)[0]] = value
    return found


def _rotation(held: Json, name: str) -> Json:
    """How queries and keys are rotated, and by what the context is extended."""
    stated = {
        "rope_theta": held.get(f"{name}.rope.freq_base"),
        "rope_local_base_freq": held.get(f"{name}.rope.freq_base_swa"),
        "rope_scaling": _scaling(held, f"{name}.rope.scaling"),
    }
    return {key: value for key, value in stated.items() if value}


def _scaling(held: Json, stem: str) -> Json:
    kind = held.get(f"{stem}.type", "none")
    if kind not in ("yarn", "linear"):
        return {}
    keys = {end: held[key] for end in SCALING if (key := f"{stem}.{end}") in held}
    if _usual(keys.get("yarn_attn_factor"), keys.get("factor")):
        del keys["yarn_attn_factor"]
    return {"rope_type": kind, **{SCALING[end]: value for end, value in keys.items()}}


def _usual(scale: object, factor: object) -> bool:
    """Whether attention is scaled as follows from the factor of the context, which says it in more than 32 bits."""
    if not isinstance(scale, float) or not isinstance(factor, int | float) or factor <= 1:
        return False
    return round(scale, 6) == round(0.1 * log(factor) + 1, 6)


def _vocabulary(stored: Stored, name: str) -> object:
    """Rows of the embedding; of a file without one, what its keys say."""
    rows = next((tensor.shape for tensor in stored.tensors if tensor.name == EMBEDDING), ())
    if rows:
        return rows[0]
    tokens = stored.metadata.get("tokenizer.ggml.tokens")
    listed = tokens.count if isinstance(tokens, Many) else None
    return stored.metadata.get(f"{name}.vocab_size", listed)
