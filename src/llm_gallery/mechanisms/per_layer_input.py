"""Per-layer inputs: a row for each token and layer, which a gate adds to the layer's stream (Gemma 3n)."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, model_parts
from llm_gallery.mechanisms._mechanism import (
    Beside,
    Callout,
    Drawn,
    Names,
    callout,
    inert,
    keeps_nothing,
    no_work,
)
from llm_gallery.mechanisms.lane_drawing import ByCode
from llm_gallery.mechanisms.shapes import on_stream
from llm_gallery.mechanisms.written import activation


def with_fed(block: Block, root: Block) -> Block:
    """A layer's input with what feeds those of all layers: the table and the map of the whole model."""
    if block.kind != "per_layer_input":
        return block
    kinds = ("per_layer_embedding", "per_layer_input")
    fed = tuple(part for _, part in model_parts(root) if part.kind in kinds)
    return replace(block, inside=(*block.inside, *fed))


def table_of(block: Block) -> Block | None:
    """The table of all layers' rows, where it was put beside a layer's input."""
    return block.child("per_layer_embedding")


def shared_map(block: Block) -> Block | None:
    """The map of the embedding to all layers' rows, where it was put beside a layer's input."""
    return block.child("per_layer_input")


def numbers(block: Block, _: int | None) -> list[Callout]:
    """How wide a layer's row is."""
    return [callout(block, "width", "numbers a layer")]


def rows(block: Block) -> tuple[Beside, ...]:
    """The token's row of its layer; before the layers, those of all."""
    return ("rows",) if block.part("gate") is None else ("row",)


MECHANISMS = (
    Drawn(
        kind="per_layer_input",
        wired="row_joined",
        names=Names(
            "Per-layer input",
            label="input for each layer",
            field="PLE",
            makers={"PLE": "Google"},
            within="a per-layer embedding",
            counted="Per-layer inputs",
        ),
        colour="embedding",
        concepts=(),
        does="Adds the token's row for this layer to the stream, through a gate.",
        tells="Every layer looks up *an embedding of its own* for the token and adds it through a gate.",
        numbers=numbers,
        drawing=ByCode(readable=340),
        reads=rows,
        kept=keeps_nothing,
        work=no_work,
        formula=lambda block: (
            f"_x_ ← _x_ + _W_ ( {activation(block)}( _G x_ ) · _p_ ), _p_ of {block.number('width'):,}",
        ),
        shapes=on_stream(),
        purposes={"gate": "what scales the row of the layer"},
        miniature={
            "vocab_size_per_layer_input": 96,
            "hidden_size_per_layer_input": 12,
        },
    ),
    inert(
        kind="per_layer_embedding",
        wired="rows_read",
        names=Names(
            "per-layer embedding",
            label="embedding for each layer",
            field="PLE",
            makers={"PLE": "Google"},
            counted="Per-layer embedding",
        ),
        colour="embedding",
        concepts=("per-layer-embeddings",),
        does="A table with a row for each token and each layer.",
    ),
)
