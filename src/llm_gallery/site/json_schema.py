"""The JSON Schema of models.json, read off the data itself, with the meaning of every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llm_gallery.mechanisms.facts import term

Json = dict[str, Any]
_NUMBERED = "bytes_at", "flops_per_token_at"
"""Objects whose keys are lengths."""


def schema(models: Sequence[Mapping[str, Any]]) -> Json:
    """The schema that all of these models fit; a key that one of them lacks is not required."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Models of the LLM Architecture Gallery",
        "description": "One object a model, newest first; counts are exact integers.",
        "type": "array",
        "items": _of(models, ""),
    }


def _of(values: Sequence[Any], path: str) -> Json:
    """What all values at a path are."""
    found: Json = {"type": _types(values)}
    if path in MEANINGS:
        found["description"] = MEANINGS[path]
    objects = [value for value in values if isinstance(value, Mapping)]
    lists = [value for value in values if isinstance(value, list | tuple)]
    if objects:
        found |= _object(objects, path)
    if items := [item for held in lists for item in held]:
        found["items"] = _of(items, f"{path}[]")
    return found


def _object(objects: Sequence[Mapping[str, Any]], path: str) -> Json:
    keys = list(dict.fromkeys(key for one in objects for key in one))
    if path.rpartition(".")[2] in _NUMBERED:
        return {"additionalProperties": {"type": "integer"}}
    inside = {
        key: _of([one[key] for one in objects if key in one], f"{path}.{key}" if path else key)
        for key in keys
    }
    needed = [key for key in keys if all(key in one for one in objects)]
    return {"properties": inside, "required": needed, "additionalProperties": False}


def _types(values: Sequence[Any]) -> str | list[str]:
    kinds = sorted({_type(value) for value in values})
    return kinds[0] if len(kinds) == 1 else kinds


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, list | tuple):
        return "array"
    return {int: "integer", float: "number", str: "string"}[type(value)]


def keys(held: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every key of a schema with its path, in order."""
    for name, inside in held.get("properties", {}).items():
        below = f"{path}.{name}" if path else name
        yield below, inside
        yield from keys(inside, below)
        yield from keys(inside.get("items", {}), f"{below}[]")


MEANINGS = {
    "id": "stable; the model's address is models/<id>/",
    "name": "as its makers write it",
    "model_type": "family, as the config names it",
    "guess": "the family that stands in where the config's own is unknown; null in this catalog",
    "parameters": "exact counts",
    "parameters.total": "stored; tied tensors once",
    "parameters.active": "read for one token, experts and rows of tables; the most where that varies",
    "parameters.active_least": "the least, where some choices of a router run no expert; else the same",
    "parameters.active_without_embedding": "the same without the input embedding",
    "parameters.embedding": "of the input embedding",
    "parameters.lookup": "in tables of which a token reads a few rows, beside the input embedding",
    "parameters.multi_token_prediction": "stored apart from the total",
    "parameters.other_modalities": "vision and audio towers, apart from the total",
    "parameters.parts": "parts that sum to the total",
    "parameters.parts[].part": "its name",
    "parameters.parts[].stored": "parameters",
    "parameters.parts[].active": "of them, read for one token",
    "layers": "the stack",
    "layers.count": "how many layers",
    "layers.mix": "layers of each kind, in order of first appearance",
    "layers.mix[].kind": "by what mixes tokens, and channels where that varies",
    "layers.mix[].count": "how many of them",
    "layers.pattern": "the schedule, folded",
    "cache": "what one sequence keeps between two tokens",
    "cache.dtype": "of keys, values and latents; states have their own",
    "cache.bytes_per_token": "growth while every window is still filling",
    "cache.bytes_per_token_long": "growth once the windows are full",
    "cache.state_bytes": "what does not grow",
    "cache.bytes_at": "bytes after so many tokens",
    "cache.rows": "the same by what keeps it",
    "cache.rows[].kind": "what keeps it",
    "cache.rows[].layers": "how many layers",
    "cache.rows[].window": "tokens that are kept at most; null for all",
    "cache.rows[].bytes_per_token": "growth of these layers",
    "cache.rows[].state_bytes": "of these layers",
    "flops_per_token_at": "operations of the forward pass for the token at this position",
    "context": term("context").meaning,
    "context_configured": term("configured_context").meaning,
    "width": term("width").meaning,
    "vocabulary": term("vocabulary").meaning,
    "sheet": "what the model and each distinct mixer of its layers state",
    "sheet[].title": "the mixer's name; Model for what holds of the whole",
    "sheet[].layers": "how many layers have it; 0 for the whole",
    "sheet[].facts": "one after another, as the fact sheet of the model's page has them",
    "sheet[].facts[].name": "of the fact",
    "sheet[].facts[].label": "the same in a reader's words",
    "sheet[].facts[].value": "a number, a word, or whether it is so",
    "sheet[].facts[].evidence": "stated, assumed, implied, derived or published; see definitions",
    "sheet[].facts[].source": "the config's key, a formula or an address; empty where the class implies it",
    "concepts": "ids; each has a page under concepts/",
    "unread": "keys of the config that nothing reads yet",
    "assumed": "keys that the config leaves out; the reference's defaults stand in",
    "warnings": "what is odd about the config",
    "organization": "who released the weights",
    "repository": "on huggingface.co",
    "released": "day on which the weights were published, ISO 8601",
    "summary": "what sets it apart, in a sentence",
    "licence": "of the weights",
    "licence.name": "as its publisher names it",
    "licence.link": "address of its text",
    "report": "address of the authors' report",
    "context_published": "tokens that the authors state, where that is another number",
}
