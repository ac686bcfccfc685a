"""The mLSTM of xLSTM."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE
from llm_gallery.architecture.parts.basic import facts, layer_norm, linear


def mlstm(
    name: str,
    *,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    state_dtype: str,
    gate_softcap: float | None = None,
    bias: bool | Fact = False,
    fused: bool = False,
) -> Block:
    """The matrix LSTM: C <- f C + i v kT and n <- f n + i k, read as h = C q / max(|n q|, 1), times a sigmoid gate.

    `fused` stores q, k, v and the output gate as one matrix, the gates i and f as another.
    Paper: https://arxiv.org/abs/2405.04517
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    keys, values = int(heads) * key_dim, int(heads) * value_dim
    if fused:
        projections = [
            linear(
                "qkv_opreact",
                width,
                2 * keys + 2 * values,
                role=(*QUERY_KEY_VALUE, "gate"),
                bias=biased,
                rows=(keys, keys, values, values),
            ),
            linear(
                "ifgate_preact",
                width,
                2 * heads,
                role=("input_gate", "forget_gate"),
                bias=True,
                rows=(heads, heads),
            ),
        ]
    else:
        projections = [
            linear("q", width, keys, role="query", bias=biased),
            linear("k", width, keys, role="key", bias=biased),
            linear("v", width, values, role="value", bias=biased),
            linear("ogate_preact", width, values, role="gate", bias=biased),
            linear("igate_preact", width, heads, role="input_gate", bias=True),
            linear("fgate_preact", width, heads, role="forget_gate", bias=True),
        ]
    inside = (
        *projections,
        layer_norm("multihead_norm", values, role="output_norm", bias=biased),
        linear("out_proj", values, width, role="output", bias=biased),
    )
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        gate_softcap=gate_softcap,
        bias=bias,
        state_dtype=state_dtype,
    )
    return Block("mlstm", name, slots, (), inside)
