"""The columns of the flat table: one row a model, each value with its type, its unit and its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.catalog.parquet import Cell, Kind
from llm_gallery.lineage import Lineage
from llm_gallery.mechanisms.facts import term


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `of` takes a model's facts; a value that a model doesn't have is None, and an empty cell."""

    name: str
    kind: Kind
    text: str
    of: Callable[[Mapping[str, Any]], Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and their values, row by row, newest model first."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(facts: Sequence[Mapping[str, Any]], tree: Lineage) -> Table:
    """The table of these models; the tree gives each its nearest ancestor."""
    columns = (*COLUMNS, *_descent(tree))
    return Table(columns, tuple(tuple(column.of(one) for column in columns) for one in facts))


def _held(*path: str) -> Callable[[Mapping[str, Any]], Cell]:
    def of(facts: Mapping[str, Any]) -> Cell:
        value: Any = facts
        for key in path:
            value = value[key]
        assert value is None or isinstance(value, str | int), path
        return value

    return of


def _descent(tree: Lineage) -> tuple[Column, ...]:
    def ancestor(facts: Mapping[str, Any]) -> Cell:
        step = tree.parent(facts["id"])
        return None if step is None else step.parent.id

    text = "id of the nearest earlier model by measure; empty where a line begins"
    return (Column("ancestor", "text", text, ancestor),)


LENGTHS = ("4096", "32768", "131072", "1048576")
COLUMNS = (
    Column("id", "text", "stable; the model's address is models/<id>/", _held("id")),
    Column("name", "text", "as its makers write it", _held("name")),
    Column("organization", "text", "who released the weights", _held("organization")),
    Column("repository", "text", "on huggingface.co", _held("repository")),
    Column("released", "date", "day on which the weights were published", _held("released")),
    Column("licence", "text", "of the weights", _held("licence", "name")),
    Column("report", "text", "address of the authors' report", _held("report")),
    Column("model_type", "text", "family, as the config names it", _held("model_type")),
    Column("layers", "integer", "layers of the stack", _held("layers", "count")),
    Column("pattern", "text", "folded schedule of the layers", _held("layers", "pattern")),
    Column("width", "integer", term("width").meaning, _held("width")),
    Column("vocabulary", "integer", term("vocabulary").meaning, _held("vocabulary")),
    Column("context", "integer", term("context").meaning, _held("context")),
    Column(
        "context_published",
        "integer",
        "tokens that the authors state, where that is another number",
        _held("context_published"),
    ),
    Column(
        "context_configured",
        "integer",
        term("configured_context").meaning,
        _held("context_configured"),
    ),
    Column("total", "integer", "parameters stored", _held("parameters", "total")),
    Column("active", "integer", "of them, read for one token", _held("parameters", "active")),
    Column(
        "active_least",
        "integer",
        "the least, where some choices of a router run no expert",
        _held("parameters", "active_least"),
    ),
    Column(
        "active_without_embedding",
        "integer",
        "the same without the input embedding",
        _held("parameters", "active_without_embedding"),
    ),
    Column("embedding", "integer", "of the input embedding", _held("parameters", "embedding")),
    Column(
        "lookup",
        "integer",
        "in tables that are only read by row, beside the input embedding",
        _held("parameters", "lookup"),
    ),
    Column(
        "multi_token_prediction",
        "integer",
        "stored apart from the total",
        _held("parameters", "multi_token_prediction"),
    ),
    Column(
        "other_modalities",
        "integer",
        "of vision and audio towers, apart from the total",
        _held("parameters", "other_modalities"),
    ),
    Column(
        "cache_bytes_per_token",
        "integer",
        "bytes in bf16, while every window is still filling",
        _held("cache", "bytes_per_token"),
    ),
    Column(
        "cache_bytes_per_token_long",
        "integer",
        "bytes in bf16, once the windows are full",
        _held("cache", "bytes_per_token_long"),
    ),
    Column("state_bytes", "integer", "bytes of the constant state", _held("cache", "state_bytes")),
    *(
        Column(
            f"cache_bytes_at_{length}",
            "integer",
            f"bytes of one sequence of {int(length):,} tokens, state included",
            _held("cache", "bytes_at", length),
        )
        for length in LENGTHS
    ),
    *(
        Column(
            f"flops_per_token_at_{length}",
            "integer",
            f"operations for the token at position {int(length):,}",
            _held("flops_per_token_at", length),
        )
        for length in LENGTHS
    ),
    Column(
        "concepts",
        "text",
        "ids of its concepts, separated by spaces",
        lambda facts: " ".join(facts["concepts"]),
    ),
    Column("summary", "text", "what sets it apart, in a sentence", _held("summary")),
)
