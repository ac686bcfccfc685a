"""N-gram memory: tables of which the last few tokens together choose the rows."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, distinct
from llm_gallery.mechanisms._mechanism import (
    Before,
    Callout,
    Drawn,
    Kept,
    Names,
    callout,
    inert,
    no_work,
)
from llm_gallery.mechanisms.lane_drawing import ByCode
from llm_gallery.mechanisms.legend import Term
from llm_gallery.mechanisms.shapes import on_stream
from llm_gallery.mechanisms.wording import Held, Said


def concepts(block: Block) -> Iterator[str]:
    """What it is."""
    yield "ngram-memory"


def inside(block: Block, part: Block) -> str:
    """Its tables, and how what they give joins the stream."""
    return "N-gram tables" if part.kind == "lookup_table" else "N-gram projections"


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Rows that a token reads, and the tokens that choose them."""
    return [callout(block, "read", "rows read"), callout(block, "longest", "tokens at most")]


def cached(block: Block) -> Kept:
    """The ids of the tokens before the last."""
    return Kept(states=((block.number("longest") - 1, "int64"),))


def shortest(block: Block) -> int:
    """Tokens of the shortest n-gram."""
    return block.number("shortest") if "shortest" in block.facts else 2


def tells(held: Held) -> Iterator[Said]:
    """How many tokens name how many rows."""
    block = held[0][0]
    yield (
        "",
        f"Hashes of the last *{shortest(block)} to {block.number('longest'):,} tokens* look up "
        f"*{block.number('read'):,} rows* of large n-gram tables, which are added to the stream.",
    )


def before(block: Block) -> Before:
    """Tables, with their rows."""
    rows = sum(part.number("rows") for part in distinct(block) if part.table)
    return Before("tables", "N-gram tables", rows)


def lookup_table(memory: Block) -> Block | None:
    """The tables of a memory, which are stored as one."""
    return memory.child("lookup_table")


MECHANISMS = (
    Drawn(
        kind="ngram_memory",
        names=Names(
            "N-gram memory",
            short="n-gram memory",
            label="n-gram memory",
            within="an n-gram memory",
            inside=inside,
        ),
        colour="embedding",
        concepts=concepts,
        does="Tables that the last few tokens index together.",
        tells=tells,
        numbers=numbers,
        drawing=ByCode(readable=340),
        kept=cached,
        reads=("tokens",),
        before=before,
        work=no_work,
        shapes=on_stream(),
        legend=(
            Term(
                "N-grams",
                "Two or more tokens in a row, which look up a row of a table together.",
            ),
        ),
        miniature={
            "ple_embed_dim": 48,
            **dict.fromkeys(("engram_num_embeddings", "ngram_vocab_size_base"), 400),
            **dict.fromkeys(("engram_head_dim", "make_ngram_vocab_size_divisible_by"), 8),
            **dict.fromkeys(("split_ngram_parts", "ngram_vocab_size_ratio"), 4),
            **dict.fromkeys(("emb_neighbor_num", "oe_neighbor_num"), 3),
            **dict.fromkeys(("emb_split_num", "oe_split_num"), 2),
        },
    ),
    inert(
        kind="lookup_table",
        names=Names("n-gram table"),
        colour="embedding",
        does="A table of which a token reads a few rows: memory with nearly no compute.",
    ),
)
