"""The class of a tensor by its name in a GGUF, and which tensors llama-quantize leaves as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Class = Literal["output", "embedding", "values", "keys", "queries", "out", "up", "gate", "down", ""]

WHOLE_NAMES: dict[str, Class] = {
    "output.weight": "output",
    "token_embd.weight": "embedding",
    "per_layer_token_embd.weight": "embedding",
}
PARTS: tuple[tuple[str, Class], ...] = (
    ("attn_qkv.weight", "values"),
    ("attn_kv_b.weight", "values"),
    ("attn_v.weight", "values"),
    ("attn_k.weight", "keys"),
    ("attn_q.weight", "queries"),
    ("attn_output.weight", "out"),
    ("ffn_up", "up"),
    ("ffn_gate", "gate"),
    ("ffn_down", "down"),
)
"""Parts of names, the first that a name holds says its class; fused projections count as values."""

LEFT_WHOLE = ("position_embd.weight", "token_types.weight")
LEFT = (
    "_norm.weight",
    "ffn_gate_inp.weight",  # routers
    "ffn_gate_tid2eid.weight",
    "altup",  # small ones of Gemma 3n
    "laurel",
    "per_layer_model_proj",
    "ssm_conv1d",
    "shortconv.conv.weight",
    "indexer.k_proj.weight",  # MiniMax's
    "indexer.q_proj.weight",
    "time_mix_first.weight",  # RWKV's small ones
    "time_mix_w0.weight",
    "time_mix_w1.weight",
    "time_mix_w2.weight",
    "time_mix_v0.weight",
    "time_mix_v1.weight",
    "time_mix_v2.weight",
    "time_mix_a0.weight",
    "time_mix_a1.weight",
    "time_mix_a2.weight",
    "time_mix_g1.weight",
    "time_mix_g2.weight",
    "time_mix_decay_w1.weight",
    "time_mix_decay_w2.weight",
    "time_mix_lerp_fused.weight",
    "attn_rel_b.weight",  # T5's positions
    ".position_embd",  # of images and sound
    "sam.pos_embd",
    "sam.neck.",
    "sam.net_",
    ".rel_pos",
    ".patch_embd",
    ".patch_merger",
    "a.rvq.codebook",
    "mm.a.code_embd",
)
"""Parts of the names of matrices that stay as they are."""
LEFT_OF = {
    "glm5-next": (
        "hc_",
        "indexer.attn_q_b",
        "indexer.attn_k",
        "indexer.proj",
        "indexer_compressor_gate",
        "indexer_compressor_ape",
        "ssm_f_a.weight",
        "ssm_f_b.weight",
        "ssm_g_a.weight",
        "ssm_g_b.weight",
        "ssm_beta.weight",
        "attn_kv_a_mqa.weight",
        "attn_k_b.weight",
        "attn_v_b.weight",
    )
}
"""The same of single architectures."""


def class_of(name: str) -> Class:
    """The class of a tensor; empty where its mix's own type is all that the rule has for it."""
    parts = (found for part, found in PARTS if part in name)
    return WHOLE_NAMES[name] if name in WHOLE_NAMES else next(parts, "")


def quantized(name: str, shape: Sequence[int], architecture: str) -> bool:
    """Whether a mix changes the type of a tensor: of a matrix, or a stack of some, that isn't left as it is.

    `shape` has the rows first. A row alone is no matrix, whatever its dimensions are.
    """
    return (
        any(size > 1 for size in shape[:-1])
        and name.endswith("weight")
        and name not in LEFT_WHOLE
        and not any(part in name for part in (*LEFT, *LEFT_OF.get(architecture, ())))
    )
