"""The Forgetting Transformer as Flash Linear Attention has it: attention without positions, whose heads forget as tokens say.

What a head forgot of a token is a number kept beside key and value; a window is refused, for its layer sees all of
a text that is given.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/forgetting_attn.py, and
fla/models/forgetting_transformer
Paper: https://arxiv.org/abs/2503.02130
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Heads,
    attention,
    facts,
    linear,
    rms_norm,
    with_settings,
)
from llm_gallery.families._config import Size, config, multiple
from llm_gallery.families._of_fla import HEAD_EPS, KERNELS, OfFla, decoder


@config(
    "forgetting_transformer",
    unused=(*KERNELS, "elementwise_affine", "fuse_norm"),
    classes=("ForgettingTransformerForCausalLM",),
)
class ForgettingTransformer(OfFla):
    """A window is refused: the layer sees all of a text that it is given, and forgets beyond it of what it wrote."""

    hidden_act: Literal["swish"] = "swish"
    num_heads: Size = 32
    num_kv_heads: Size | None = None
    qkv_bias: bool = False
    qk_norm: bool = False
    window_size: None = None
    use_output_gate: bool = False


def forgetting_transformer(c: ForgettingTransformer) -> Block:
    return decoder(c, [True] * c.num_hidden_layers, lambda _: forgetting_attention(c))


def forgetting_attention(c: ForgettingTransformer) -> Block:
    width, heads = c.hidden_size, c.num_heads
    shared = derived(heads * 1, "num_heads") if c.num_kv_heads is None else c.num_kv_heads
    multiple(heads, shared, ("num_heads", "num_kv_heads"))
    dim = derived(multiple(width, heads, ("hidden_size", "num_heads")), "hidden_size / num_heads")
    norms = (
        head_norm("q_norm", heads, dim, "query_norm"),
        head_norm("k_norm", shared, dim, "key_norm"),
    )
    mixer = attention(
        "attn",
        heads=Heads(heads, shared, dim),
        positions=NO_POSITION,
        inside=(
            linear("q_proj", width, width, role="query", bias=c.qkv_bias),
            linear("k_proj", width, shared * dim, role="key", bias=c.qkv_bias),
            linear("v_proj", width, shared * dim, role="value", bias=c.qkv_bias),
            linear("f_proj", width, heads, role="forget_gate", bias=True),
            *((linear("g_proj", width, width, role="gate"),) if c.use_output_gate else ()),
            linear("o_proj", width, width, role="output"),
            *(norms if c.qk_norm else ()),
        ),
        qk_norm="each head its own" if c.qk_norm else None,
        gate="sigmoid" if c.use_output_gate else None,
        bias=c.qkv_bias,
    )
    return replace(mixer, facts={**mixer.facts, **facts(forgetting=True)})


def head_norm(name: str, heads: int, dim: int, role: str) -> Block:
    """Each head by itself, with scales of its own, stored in one row."""
    return with_settings(rms_norm(name, heads * dim, role=role, eps=HEAD_EPS), streams=int(heads))
