"""LongCat-Flash-Lite: LongCat-Flash with tables of n-grams beside the embedding.

Reference: mlx_lm/models/longcat_flash_ngram.py and longcat_flash.py
Reference: modeling_longcat_ngram.py of the release (no n-gram reaches behind a token that ends a text; mlx_lm has no such end)
Paper: https://arxiv.org/abs/2601.21204
"""

from __future__ import annotations

from typing import Annotated

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
from llm_gallery.families.longcat_flash import LongcatFlash, next_token_module, one

Few = Annotated[int, Bounds(1, 64)]
"""Tokens of the longest n-gram, hashes of one length."""


@config("longcat_flash")
class LongcatFlashNgram(LongcatFlash):
    ngram_vocab_size_ratio: Size
    emb_neighbor_num: Annotated[int, Bounds(2, 16)]
    emb_split_num: Few
    eos_token_id: Count | tuple[Count, ...] | None = None


def longcat_flash_ngram(c: LongcatFlashNgram) -> Block:
    return decoder(
        c,
        [one(c)] * c.num_hidden_layers,
        Names(table="ngram_embeddings.word_embeddings"),
        before=(ngrams(c),),
        beside=(next_token_module(c),),
    )


def ngrams(c: LongcatFlashNgram) -> Block:
    """Each table has a hash, a length of n-gram and a map to the stream of its own; all are averaged with the token's row."""
    count = (c.emb_neighbor_num - 1) * c.emb_split_num
    width = multiple(
        c.hidden_size, count, ("hidden_size", "(emb_neighbor_num - 1) x emb_split_num")
    )
    sizes = [c.ngram_vocab_size_ratio * c.vocab_size + 2 * i + 1 for i in range(count)]
    table = lookup_table(
        "embedders",
        rows=derived(sum(sizes), "ngram_vocab_size_ratio x vocab_size, for each table"),
        width=derived(width * 1, "hidden_size / tables"),
        read=count,
        own=[
            Tensor(f"{i}.weight", (int(size), width), role="tables") for i, size in enumerate(sizes)
        ],
    )
    hashing = {
        "hash": "digits",
        "hashes": int(c.emb_split_num),
        "first_rows": int(sizes[0]),
        "vocabulary": int(c.vocab_size),
    }
    ends = c.eos_token_id
    made = ngram_memory(
        "ngram_embeddings",
        with_settings(table, **hashing),
        *(linear(f"post_projs.{i}", width, c.hidden_size, role="of_row") for i in range(count)),
        longest=c.emb_neighbor_num,
        read=derived(count, "(emb_neighbor_num - 1) x emb_split_num"),
    )
    return with_settings(
        made, end=next(iter(ends), None) if isinstance(ends, tuple) else ends, filler=0
    )
