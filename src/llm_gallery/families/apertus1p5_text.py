"""Apertus 1.5, text: Apertus with ids for codes of pictures and sound, which the head may leave out.

Reference: transformers/models/apertus1p5/modular_apertus1p5.py
Model: https://huggingface.co/swiss-ai/Apertus-v1.5-8B
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import head
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Json, Size, at_most, config, stated
from llm_gallery.families.apertus import CONSTANTS, Apertus, apertus


@config("apertus1p5_text", unused=("post_norm", "qk_norm", "mlp_bias"), saved=CONSTANTS)
class Apertus15Text(Apertus):
    output_vocab_size: Size | None


def apertus1p5_text(c: Apertus15Text) -> Block:
    block, rows = apertus(c), c.output_vocab_size
    if rows is None or rows == c.vocab_size:
        return block
    at_most(rows, c.vocab_size, ("output_vocab_size", "vocab_size"))
    if c.tie_word_embeddings:
        raise Refusal(
            f"output_vocab_size is {rows} beside a vocab_size of {c.vocab_size} and "
            "tie_word_embeddings is true, expected a head of its own; correct one of them"
        )
    body, full, *beside = block.inside
    tied = stated(c, "tie_word_embeddings")
    narrow = head(full.name, rows, c.hidden_size, tied=tied)
    return replace(block, inside=(body, narrow, *beside))


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """The head scores all words, where it did."""
    if config.get("output_vocab_size") == config.get("vocab_size") and "vocab_size" in small:
        small["output_vocab_size"] = small["vocab_size"]
