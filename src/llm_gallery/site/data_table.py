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
    return Table(columns, tuple(tuple(column.of(row) for column in columns) for row in facts))


def _value(*path: str) -> Callable[[Mapping[str, Any]], Cell]:
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

    text = "id of the earlier model under which it stands in the family tree; empty where a line begins"
    return (Column("ancestor", "text", text, ancestor),)


LENGTHS = ("4096", "32768", "131072", "1048576")
COLUMNS = (
    Column("id", "text", "stable; the model's address is models/<id>/", _value("id")),
    Column("name", "text", "as its makers write it", _value("name")),
    Column("organization", "text", "who released the weights", _value("organization")),
    Column("repository", "text", "on huggingface.co", _value("repository")),
    Column("released", "date", "day on which the weights were published", _value("released")),
    Column("licence", "text", "of the weights", _value("licence", "name")),
    Column("report", "text", "address of the authors' report", _value("report")),
    Column("model_type", "text", "family, as the config names it", _value("model_type")),
    Column("layers", "integer", "layers of the stack", _value("layers", "count")),
    Column("pattern", "text", "folded schedule of the layers", _value("layers", "pattern")),
    Column("width", "integer", term("width").meaning, _value("width")),
    Column("vocabulary", "integer", term("vocabulary").meaning, _value("vocabulary")),
    Column("context", "integer", term("context").meaning, _value("context")),
    Column(
        "context_published",
        "integer",
        "tokens that the authors state, where that is another number",
        _value("context_published"),
    ),
    Column(
        "context_configured",
        "integer",
        term("configured_context").meaning,
        _value("context_configured"),
    ),
    Column("total", "integer", "parameters stored", _value("parameters", "total")),
    Column("active", "integer", "of them, read for one token", _value("parameters", "active")),
    Column(
        "active_least",
        "integer",
        "the least, where some choices of a router run no expert",
        _value("parameters", "active_least"),
    ),
    Column(
        "active_without_embedding",
        "integer",
        "the same without the input embedding",
        _value("parameters", "active_without_embedding"),
    ),
    Column("embedding", "integer", "of the input embedding", _value("parameters", "embedding")),
    Column(
        "lookup",
        "integer",
        "in tables that are only read by row, beside the input embedding",
        _value("parameters", "lookup"),
    ),
    Column(
        "multi_token_prediction",
        "integer",
        "stored apart from the total",
        _value("parameters", "multi_token_prediction"),
    ),
    Column(
        "other_modalities",
        "integer",
        "of vision and audio towers, apart from the total",
        _value("parameters", "other_modalities"),
    ),
    Column(
        "cache_bytes_per_token",
        "integer",
        "bytes in bf16, while every window is still filling",
        _value("cache", "bytes_per_token"),
    ),
    Column(
        "cache_bytes_per_token_long",
        "integer",
        "bytes in bf16, once the windows are full",
        _value("cache", "bytes_per_token_long"),
    ),
    Column("state_bytes", "integer", "bytes of the constant state", _value("cache", "state_bytes")),
    *(
        Column(
            f"cache_bytes_at_{length}",
            "integer",
            f"bytes of one sequence of {int(length):,} tokens, state included",
            _value("cache", "bytes_at", length),
        )
        for length in LENGTHS
    ),
    *(
        Column(
            f"flops_per_token_at_{length}",
            "integer",
            f"operations for the token at position {int(length):,}",
            _value("flops_per_token_at", length),
        )
        for length in LENGTHS
    ),
    Column(
        "concepts",
        "text",
        "ids of its concepts, separated by spaces",
        lambda facts: " ".join(facts["concepts"]),
    ),
    Column("summary", "text", "what sets it apart, in a sentence", _value("summary")),
)
