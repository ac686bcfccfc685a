"""RWKV-7's time mixing."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts.basic import facts, layer_norm, linear, with_settings

SHIFTED = {
    "receptance": "x_r", "alpha": "x_w", "key": "x_k", "value": "x_v", "beta": "x_a", "gate": "x_g",
}  # fmt: skip
"""What each projection takes of the last token, by role."""


def rwkv7(
    name: str,
    *,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    decay_rank: int,
    rate_rank: int,
    gate_rank: int,
    value_rank: int | None,
    norm_eps: float,
    fused_norm: bool,
) -> Block:
    """A matrix a head: S <- S diag(w) - S k' (a k')T + v kT, o = S r; k' is the key's direction, w and a vectors.

    Decay w, rate a and output gate each come through a low rank, and so does, where `value_rank` is
    stated, the share of the first layer's values that a layer takes. `fused_norm` says which epsilon
    guards the length of k': 1e-6 in its square, or 1e-12 as the least length.
    Paper: https://arxiv.org/abs/2503.14456
    """
    keys, values = int(heads) * int(key_dim), int(heads) * int(value_dim)
    own = (
        *(
            Tensor(tensor, (1, 1, int(width)), role=f"{role}_mix")
            for role, tensor in SHIFTED.items()
        ),
        Tensor("k_k", (keys,), role="removal"),
        Tensor("k_a", (keys,), role="rate_share"),
        Tensor("r_k", (int(heads), int(key_dim)), role="first"),
    )
    share = () if value_rank is None else _through("v", width, value_rank, values, "value_share")
    inside = (
        linear("r_proj", width, keys, role="receptance"),
        linear("k_proj", width, keys, role="key"),
        linear("v_proj", width, values, role="value"),
        linear("o_proj", values, width, role="output"),
        *_through("w", width, decay_rank, keys, "alpha"),
        *share,
        *_through("a", width, rate_rank, keys, "beta"),
        *_through("g", width, gate_rank, values, "gate", bias=False),
        layer_norm("g_norm", values, role="output_norm", eps=norm_eps),
    )
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        width=width,
        decay_rank=decay_rank,
        rate_rank=rate_rank,
        gate_rank=gate_rank,
        value_rank=value_rank,
        state_dtype="float32",
    )
    return with_settings(Block("rwkv7", name, slots, own, inside), fused_norm=fused_norm)


def _through(
    letter: str, width: int, rank: int, outputs: int, role: str, *, bias: bool = True
) -> tuple[Block, Block]:
    """Two matrices with a rank between."""
    return (
        linear(f"{letter}_lora.lora.0", width, rank, role=f"{role}_down"),
        linear(f"{letter}_lora.lora.2", rank, outputs, role=role, bias=bias),
    )
