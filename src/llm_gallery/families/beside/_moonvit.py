"""MoonViT: a vision transformer over pictures of any size, whose places are learned for a grid and rotated as well.

Reference: transformers/models/kimi_k25/modeling_kimi_k25.py, vllm/model_executor/models/moonvit.py
Paper: https://arxiv.org/abs/2504.07491
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, plain_mlp
from llm_gallery.families._config import Depth, Size, config, default
from llm_gallery.families._vision import encoder, tensor_block, tower


@config(
    "kimi_k25_vision",
    unused=(
        "init_pos_emb_height", "init_pos_emb_time", "init_pos_emb_width", "max_position_embeddings",
        "merge_type", "mm_hidden_size", "mm_projector_type", "num_attention_heads", "pos_emb_time",
        "pos_emb_type", "projector_hidden_act", "projector_ln_eps", "rope_parameters",
        "text_hidden_size", "video_attn_type", "vt_hidden_size", "vt_intermediate_size",
        "vt_num_attention_heads", "vt_num_hidden_layers",
    ),
    foreign={
        "init_pos_emb_height": default("kimi_k25_vision", "pos_emb_height"),
        "init_pos_emb_width": default("kimi_k25_vision", "pos_emb_width"),
        "vt_hidden_size": default("kimi_k25_vision", "hidden_size"),
        "vt_intermediate_size": default("kimi_k25_vision", "intermediate_size"),
        "vt_num_hidden_layers": default("kimi_k25_vision", "num_hidden_layers"),
    },
)  # fmt: skip
class MoonViT:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    patch_size: Size
    pos_emb_height: Size
    pos_emb_width: Size
    merge_kernel_size: tuple[Size, ...]
    hidden_act: str


@config("moonvit", unused=("num_attention_heads",))
class KimiVlVision:
    """Kimi-VL's own code fills in the grid that its releases leave out.

    https://huggingface.co/moonshotai/Kimi-VL-A3B-Instruct/blob/main/configuration_kimi_vl.py
    """

    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    patch_size: Size
    init_pos_emb_height: Size = 64
    init_pos_emb_width: Size = 64
    merge_kernel_size: tuple[Size, ...]


def moonvit(c: MoonViT | KimiVlVision, height: int, across: int, activation: str) -> Block:
    """Pre-norm LayerNorm, q, k and v in one matrix, a two-matrix MLP, biases everywhere."""
    width, side = int(c.hidden_size), int(c.patch_size)
    table = Tensor("weight", (int(height), int(across), width))
    patch = Tensor("weight", (width, 3, side, side))  # red, green, blue: no key says otherwise
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=activation,
        names=("fc0", "fc1"),
        bias=True,
    )
    encoder_layer = layer(
        layer_norm("norm0", width),
        linear("wqkv", width, 3 * width, bias=True),
        linear("wo", width, width, bias=True),
        layer_norm("norm1", width),
        mlp,
    )
    return tower(
        "vision_tower",
        (
            group(
                "patch_embed",
                tensor_block("proj", patch, Tensor("bias", (width,))),
                tensor_block("pos_emb", table),
            ),
            group(
                "encoder",
                encoder("", encoder_layer, c.num_hidden_layers, "blocks"),
                layer_norm("final_layernorm", width),
            ),
        ),
    )
