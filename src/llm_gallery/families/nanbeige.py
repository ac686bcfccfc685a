"""Nanbeige 4.2: Llama whose stack of layers runs more than once for a token, with the same weights.

Reference: https://huggingface.co/Nanbeige/Nanbeige4.2-3B/blob/main/modeling_nanbeige.py
Report: https://huggingface.co/Nanbeige/Nanbeige4.2-3B/blob/main/Nanbeige42_report.pdf
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import stack
from llm_gallery.families._config import Length, Passes, Size, config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("nanbeige", unused=("kv_channels",))
class Nanbeige(Llama):
    """What a config leaves out is as the release's configuration_nanbeige.py fills it in."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    max_position_embeddings: Length = 2048
    rope_theta: float = 10000.0
    tie_word_embeddings: bool = False
    num_loops: Passes = 1
    skip_loop_final_norm: bool = False
    loop_loss_weights: tuple[float, ...] | None = None
    emb_neighbor_num: None = None  # what changes the wiring and no release uses is refused
    enable_depth_attention: Literal[False] = False
    enable_double_loop_split: Literal[False] = False
    enable_hyper_connection: Literal[False] = False
    loop_share_kv: Literal[False] = False
    qk_layernorm: Literal[False] = False


def nanbeige(c: Nanbeige) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c), swiglu(c))
    layers = [decoder_layer] * c.num_hidden_layers
    return decoder(c, stack("layers", layers, passes=passes(c), pass_norm=pass_norm(c)))


def pass_norm(c: Nanbeige) -> Fact:
    """Whether the final norm ends each pass, or the last one only."""
    skipped = stated(c, "skip_loop_final_norm")
    return replace(skipped, value=not skipped.value)


def passes(c: Nanbeige) -> int:
    """One loss weight a pass but the last, where there are such weights; else what `num_loops` says."""
    if c.loop_loss_weights:
        return derived(len(c.loop_loss_weights) + 1, "loop_loss_weights + 1")
    return c.num_loops
