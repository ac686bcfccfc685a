"""Random configs of families whose attention goes through latents, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import Config, Family, _chosen, _drawn, _heads


def _latent(model_type: str, *without: str) -> Family:
    """Latent attention has no groups."""
    return lambda draw: _drawn(draw, model_type, *without, **_heads(draw))


def _mistral4(draw: Random) -> Config:
    warmed = {"rope_type": "yarn", "rope_theta": 3e6, "factor": 4.0, "llama_4_scaling_beta": 0.1}
    rotations = {"rope_parameters": warmed | {"original_max_position_embeddings": 4096}}
    return _latent("mistral4", "rope_parameters", "partial_rotary_factor")(draw) | draw.choice(
        [{}, rotations]
    )


def _sparse(draw: Random, model_type: str) -> Config:
    """Queries come from a latent wherever an indexer reads it."""
    without = ("layer_types", "indexer_types", "mlp_layer_types", "rope_interleave")
    return _drawn(draw, model_type, *without, q_lora_rank=draw.choice([8, 384]), **_heads(draw))


def _glm_moe_dsa(draw: Random) -> Config:
    held = _sparse(draw, "glm_moe_dsa")
    chosen = _chosen(draw, held["num_hidden_layers"], "full", "shared")
    return held | draw.choice(
        [
            {},
            {"indexer_types": chosen},
            {"index_topk_pattern": "".join(kind[0].upper() for kind in chosen)},
            {"index_topk_freq": 3, "index_skip_topk_offset": draw.choice([1, 2, 4])},
        ]
    )


def _longcat_flash(draw: Random) -> Config:
    """Every choice is an expert: of those that compute nothing the reference stores matrices (differences.toml)."""
    dim = draw.choice([2, 64])
    return _drawn(
        draw,
        "longcat_flash",
        "head_dim",
        "q_lora_rank",
        "qk_head_dim",
        num_layers=draw.randint(1, 4),
        qk_rope_head_dim=dim,
        head_dim=dim,  # of what turns
        zero_expert_num=0,
        moe_topk=2,  # the reference can't run one alone
        q_lora_rank=draw.choice([8, 384]),
        **_heads(draw),
    )


def _deepseek_v3(draw: Random) -> Config:
    held = _latent("deepseek_v3")(draw)
    # The reference saves Kimi K2 as DeepSeek V3, whose default is one module.
    modules = {} if "num_nextn_predict_layers" in held else {"num_mtp_layers": 1}
    return held | draw.choice([{}, {"model_type": "kimi_k2"} | modules])


LATENTS: Mapping[str, Family] = {
    "deepseek_v2": _latent("deepseek_v2"),
    "deepseek_v3": _deepseek_v3,
    "deepseek_v32": lambda draw: _sparse(draw, "deepseek_v32"),
    "glm_moe_dsa": _glm_moe_dsa,
    "longcat_flash": _longcat_flash,
    "mistral4": _mistral4,
    "sarvam_mla": _latent("sarvam_mla"),
}
