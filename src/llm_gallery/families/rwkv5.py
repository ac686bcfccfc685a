"""RWKV-5: a matrix a head in place of RWKV-4's means, normed by head and gated by SiLU.

The heads' norms have the class's epsilon, 10^−5, whatever the author's own code divides by.

Reference: https://huggingface.co/RWKV/rwkv-5-world-1b5/blob/main/modeling_rwkv5.py
Paper: https://arxiv.org/abs/2404.05892
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    language_model,
    layer,
    layer_norm,
    linear,
    receptance_mlp,
    residual,
    shifted,
    stack,
)
from llm_gallery.architecture.parts import rwkv6 as time_mixing
from llm_gallery.families._config import Depth, Size, config, multiple, same, stated

PROJECTIONS = ("key", "value", "receptance", "gate", "output")
GROUP_EPS = 1e-5
"""Of the norm of each head, whatever the config says."""


@config("rwkv5", unused=("num_attention_heads", "rescale_every"), classes=("Rwkv5ForCausalLM",))
class Rwkv5:
    """Defaults are those of configuration_rwkv5.py beside the reference; its sizes have to be stated."""

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    attention_hidden_size: Size | None = None
    head_size: Size = 64
    intermediate_size: Size | None = None
    layer_norm_epsilon: float = 1e-5
    tie_word_embeddings: bool = False


def rwkv5(c: Rwkv5) -> Block:
    channels = receptance_mlp("feed_forward", width=c.hidden_size, inner=inner(c))
    return decoder(c, memory(c), channels, pre_eps=GROUP_EPS)


def decoder(c: Rwkv5, tokens: Block, channels: Block, *, pre_eps: float | None) -> Block:
    """The layers between a norm of the embeddings and one before the head."""
    width = c.hidden_size
    decoder_layer = layer(
        residual(layer_norm("ln1", width), tokens), residual(layer_norm("ln2", width), channels)
    )
    return language_model(
        stack("blocks", [decoder_layer] * c.num_hidden_layers),
        Names("rwkv", "embeddings", "head"),
        vocabulary=c.vocab_size,
        width=width,
        tied=stated(c, "tie_word_embeddings"),
        before=(layer_norm("blocks.0.pre_ln", width, eps=pre_eps),),
        after=(layer_norm("ln_out", width, eps=1e-5),),
    )


def memory(c: Rwkv5) -> Block:
    heads, size = heads_of(c), c.head_size
    tensors = (
        Tensor("time_decay", (int(heads), int(size)), role="decay"),
        Tensor("time_faaaa", (int(heads), int(size)), role="first"),
        *shifted(*PROJECTIONS[:4], width=c.hidden_size),
    )
    return time_mixing(
        "attention",
        *projections(c, GROUP_EPS),
        width=c.hidden_size,
        heads=heads,
        key_dim=size,
        value_dim=size,
        tensors=tensors,
    )


def projections(c: Rwkv5, eps: float) -> tuple[Block, ...]:
    """Square matrices, and the norm of each head."""
    width = c.hidden_size
    return (
        *(linear(name, width, width, role=name) for name in PROJECTIONS),
        layer_norm("ln_x", width, role="output_norm", eps=eps),
    )


def heads_of(c: Rwkv5) -> int:
    """All of the width is shared among heads: the reference can't run another inner width."""
    names = ("hidden_size", "head_size")
    if c.attention_hidden_size is not None:
        same(c.attention_hidden_size, c.hidden_size, ("attention_hidden_size", "hidden_size"))
    return derived(multiple(c.hidden_size, c.head_size, names), " / ".join(names))


def inner(c: Rwkv5) -> int:
    """3.5 times the width, in whole steps of 32: the reference's class makes no other."""
    width = derived(int(c.hidden_size * 3.5) // 32 * 32, "hidden_size x 3.5, rounded down to 32")
    if c.intermediate_size is not None:
        same(c.intermediate_size, width, ("intermediate_size", "hidden_size x 3.5"))
    return width
