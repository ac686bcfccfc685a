"""xLSTM: a matrix LSTM in place of attention in every layer, each followed by a SwiGLU MLP.

Reference: transformers/models/xlstm/modeling_xlstm.py
Paper: https://arxiv.org/abs/2503.13427
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import (
    Head,
    Names,
    gated_mlp,
    language_model,
    layer,
    mlstm,
    renamed,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Depth, Factor, Size, config, multiple, same, stated

KERNELS = (
    "autocast_kernel_dtype", "chunkwise_kernel", "max_inference_chunksize", "mode",
    "norm_reduction_force_float32", "return_last_states", "sequence_kernel", "step_kernel",
)  # fmt: skip
"""Keys that choose how the same numbers are computed."""
NOT_COMPUTED = (
    "add_embedding_dropout", "add_forward_backend_padding", "add_out_norm", "add_post_blocks_norm",
    "add_post_norm", "add_qk_norm", "cell_norm_eps", "eps", "force_bos_token_insert", "head_dim",
    "igate_bias_init_range", "mlstm_round_up_to_multiple_of",
)  # fmt: skip
NAMES = {
    "gate_proj": "proj_up_gate", "up_proj": "proj_up", "gate_up_proj": "proj_up_gate_z",
    "down_proj": "proj_down",
}  # fmt: skip


@config("xlstm", unused=(*KERNELS, *NOT_COMPUTED))
class XLstm:
    vocab_size: Size
    hidden_size: Size
    embedding_dim: Size | None
    num_hidden_layers: Depth
    num_blocks: Depth | None
    num_heads: Size
    qk_dim_factor: Factor
    v_dim_factor: Factor
    ffn_proj_factor: Factor
    ffn_round_up_to_multiple_of: Size
    gate_soft_cap: float
    output_logit_soft_cap: float
    weight_mode: Literal["single", "fused"]
    use_bias: bool
    inference_state_dtype: str
    tie_word_embeddings: bool = False  # the class has a head of its own, whatever it says


def xlstm(c: XLstm) -> Block:
    width = c.hidden_size
    if c.embedding_dim is not None:
        same(c.embedding_dim, width, ("embedding_dim", "hidden_size"))
    decoder_layer = layer(
        residual(norm(c, "norm_mlstm"), memory(c)),
        residual(norm(c, "norm_ffn"), mlp(c)),
    )
    return language_model(
        stack("blocks", [decoder_layer] * (c.num_blocks or c.num_hidden_layers)),
        Names("backbone", "embeddings"),
        vocabulary=c.vocab_size,
        width=width,
        tied=Fact(False),
        after=(rms_norm("out_norm", width),),
        head=Head(softcap=c.output_logit_soft_cap),
    )


def norm(c: XLstm, name: str) -> Block:
    block = rms_norm(name, c.hidden_size)
    shift = (Tensor("bias", (int(c.hidden_size),), role="bias"),) if c.use_bias else ()
    return replace(block, tensors=(*block.tensors, *shift))


def memory(c: XLstm) -> Block:
    return mlstm(
        "mlstm_layer",
        width=c.hidden_size,
        heads=c.num_heads,
        key_dim=share(c, "qk_dim_factor"),
        value_dim=share(c, "v_dim_factor"),
        gate_softcap=c.gate_soft_cap,
        bias=stated(c, "use_bias"),
        state_dtype=c.inference_state_dtype,
        fused=c.weight_mode == "fused",
    )


def share(c: XLstm, key: str) -> int:
    """A head's part of the width that keys or values have together."""
    together = int(c.hidden_size * getattr(c, key))
    each = multiple(together, c.num_heads, (f"hidden_size x {key}", "num_heads"))
    return derived(each, f"hidden_size x {key} / num_heads")


def mlp(c: XLstm) -> Block:
    step = c.ffn_round_up_to_multiple_of
    rounded = int((c.hidden_size * c.ffn_proj_factor + step - 1) // step * step)
    return renamed(
        gated_mlp(
            "ffn",
            width=c.hidden_size,
            inner=derived(rounded, "hidden_size x ffn_proj_factor, rounded up"),
            activation="silu",
            bias=c.use_bias,
            fused=c.weight_mode == "fused",
        ),
        NAMES,
    )
