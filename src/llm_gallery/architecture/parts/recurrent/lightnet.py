"""The additive recurrence of LightNet."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def lightnet(
    name: str,
    *,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    gate_rank: int,
    taps: int | None = None,
    learned: bool = True,
    norm_eps: float,
) -> Block:
    """S <- (Z S + e^k vT) / (Z + e^k), Z <- Z + e^k, o = SiLU(q) S / sqrt(key_dim): means of values, a head's own.

    The shares of tokens are softmaxed over all so far, for each channel of the keys. With `taps`, q, k and v pass
    short convolutions. What is read is normed over all heads, with an epsilon of its own (`norm_eps`) and a scale
    where `learned`, and times SiLU of a gate through a rank. Paper: https://arxiv.org/abs/2405.21022
    """
    keys, values = heads * key_dim, heads * value_dim
    inside = (
        *projected(width, keys, keys, values),
        *convolved(taps, keys, keys, values),
        linear("g_proj.0", width, gate_rank, role="gate_down"),
        linear("g_proj.1", gate_rank, values, role="gate"),
        rms_norm("g_norm", values, role="output_norm", learned=learned, eps=norm_eps),
        linear("o_proj", values, width, role="output"),
    )
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        taps=taps,
        gate_rank=gate_rank,
        gate="silu",
        state_dtype="float32",
    )
    return Block("lightnet", name, slots, (), inside)
