"""LongCat-Flash-Lite: LongCat-Flash with tables of n-grams beside the embedding.

Reference: mlx_lm/models/longcat_flash_ngram.py and longcat_flash.py
Reference: modeling_longcat_ngram.py of the release (no n-gram reaches behind a token that ends a text; mlx_lm has no such end)
Paper: https://arxiv.org/abs/2601.21204
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    linear,
    lookup_table,
    ngram_memory,
    with_settings,
)
from llm_gallery.families._config import Count, Size, config, multiple
from llm_gallery.families._values import Bounds
from llm_gallery.families.llama import decoder
from llm_gallery.families.longcat_flash import LongcatFlash, decoder_layer, next_token_module

Few = Annotated[int, Bounds(1, 64)]
"""Tokens of the longest n-gram, hashes of one length."""


Ends = Count | tuple[Count, ...] | None
"""The token that ends a text, or several, of which the first counts."""


@config("longcat_flash")
class LongcatFlashNgram(LongcatFlash):
    ngram_vocab_size_ratio: Size
    emb_neighbor_num: Annotated[int, Bounds(2, 16)]
    emb_split_num: Few
    eos_token_id: Ends = None


class Ngrams(NamedTuple):
    """The longest n-gram, hashes of each length, and rows of the first table as a multiple of the vocabulary."""

    longest: int
    hashes: int
    ratio: float
    keys: tuple[str, str, str]


class Stored(NamedTuple):
    """Where a checkpoint has the memory and its tables, and what it calls the parts by number."""

    memory: str
    tables: str
    table: str
    projection: str


NESTED = Stored("ngram_embeddings", "embedders", "{}.weight", "post_projs.{}")


def longcat_flash_ngram(c: LongcatFlashNgram) -> Block:
    keys = ("emb_neighbor_num", "emb_split_num", "ngram_vocab_size_ratio")
    hashed = Ngrams(c.emb_neighbor_num, c.emb_split_num, c.ngram_vocab_size_ratio, keys)
    return decoder(
        c,
        [decoder_layer(c)] * c.num_hidden_layers,
        Names(table="ngram_embeddings.word_embeddings"),
        before=(ngrams(c, hashed, NESTED, c.eos_token_id),),
        beside=(next_token_module(c),),
    )


def ngrams(c: LongcatFlash, of: Ngrams, stored: Stored, ends: Ends) -> Block:
    """Each table has a hash, a length of n-gram and a map to the stream of its own; all are averaged with the token's row."""
    count = (of.longest - 1) * of.hashes
    tables = f"({of.keys[0]} - 1) x {of.keys[1]}"
    width = multiple(c.hidden_size, count, ("hidden_size", tables))
    first = int(of.ratio * c.vocab_size) + 1
    sizes = [first + 2 * i for i in range(count)]
    table = lookup_table(
        stored.tables,
        rows=derived(sum(sizes), f"{of.keys[2]} x vocab_size, for each table"),
        width=derived(width * 1, "hidden_size / tables"),
        read=count,
        own=[
            Tensor(stored.table.format(i), (size, int(width)), role="tables")
            for i, size in enumerate(sizes)
        ],
    )
    hashing = {
        "hash": "digits",
        "hashes": int(of.hashes),
        "first_rows": first,
        "vocabulary": int(c.vocab_size),
    }
    memory = ngram_memory(
        stored.memory,
        with_settings(table, **hashing),
        *(
            linear(stored.projection.format(i), width, c.hidden_size, role="of_row")
            for i in range(count)
        ),
        longest=of.longest,
        read=derived(count, tables),
    )
    return with_settings(
        memory, end=next(iter(ends), None) if isinstance(ends, tuple) else ends, filler=0
    )
