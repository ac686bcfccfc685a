"""Memories: large tables of which a token reads a few rows, chosen by the last tokens."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.basic import facts

KINDS: Kinds = {
    "ngram_memory": ("stands beside", "is about tokens", "may begin the stream"),
    "lookup_table": ("stands beside",),
}
"""What is built here, and its place in a model."""


def lookup_table(name: str, *, rows: int, width: int, read: int, own: Sequence[Tensor]) -> Block:
    """A table of `rows`, stored as one tensor or in shards, with what its hash functions store.

    One token reads `read` of its rows.
    """
    return Block(
        "lookup_table",
        name,
        facts(rows=rows, width=width),
        tuple(own),
        table=int(rows) * int(width),
        read=int(read) * int(width),
    )


def ngram_memory(
    name: str, *parts: Block, longest: int, read: int, own: Sequence[Tensor] = ()
) -> Block:
    """What the last 2 to `longest` tokens look up in tables, and how it joins the stream.

    For each length several hashes pick a row: `read` rows in all. Papers:
    https://arxiv.org/abs/2501.16975 (n-gram embeddings), https://arxiv.org/abs/2601.07372 (Engram)
    """
    return Block("ngram_memory", name, facts(longest=longest, read=read), tuple(own), parts)


def primes_from(first: int, count: int) -> Sequence[int]:
    """The `count` smallest primes that are at least `first`: sizes of tables that hashes fill evenly."""
    found: list[int] = []
    number = max(first, 2)
    while len(found) < count:
        if all(number % divisor for divisor in range(2, int(number**0.5) + 1)):
            found.append(number)
        number += 1
    return found
