"""Families that transformers lacks and that compute what one of its own does, from weights stored in another way.

Each says which config the reference builds in its place, and how the release stores what that model has.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from re import sub
from typing import Any

import numpy as np

from tests.truth.equivalents_of_releases import OF_RELEASES
from tests.truth.naive.longcat_sparse import longcat
from tests.truth.naive.ngram_embedding import ngram_embedding
from tests.truth.release_storage import Config, Equivalent, Weights, as_they_are, packed, renamed

__all__ = ["EQUIVALENTS", "Config"]


def internlm2(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/internlm/internlm2-7b/blob/main/modeling_internlm2.py: `rearrange` of `qkv_states`.

    A copy: modeling_internlm2.py of https://github.com/IntMeGroup/HarmonyIQA.
    """
    names = {
        "self_attn": "attention", "o_proj": "wo", "mlp.gate_proj": "feed_forward.w1", "mlp.up_proj": "feed_forward.w3",
        "mlp.down_proj": "feed_forward.w2", "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
        "embed_tokens": "tok_embeddings", "lm_head": "output",
    }  # fmt: skip
    return renamed(packed(weights, "wqkv", config["num_key_value_heads"]), names)


def baichuan(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/baichuan-inc/Baichuan2-7B-Base/blob/main/modeling_baichuan.py: `W_pack`, in three parts.

    Copies: modeling_baichuan.py of https://github.com/alibaba/alimama-video-narrator (Baichuan 7B), and of
    https://github.com/jrd77/Baichuan2-13B-Chat with the head of normed rows.
    """
    return packed(weights, "W_pack", 1)


def mimo_v2(weights: Weights, config: Config) -> Weights:
    """https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/models/mimo_v2.py: `_deinterleave_qkv_shards`.

    A shard has its heads' q, k and v; of how many there are, model_config.py beside it says in
    `get_mimo_v2_fused_qkv_expected_tp_size`: as many as full layers have keys, in windowed layers too.
    """
    return packed(weights, "qkv_proj", config["num_key_value_heads"])


def chatglm(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/THUDM/chatglm3-6b/blob/main/modeling_chatglm.py: `query_key_value`, `swiglu`.

    A copy: modeling_chatglm.py of https://github.com/zhangbo2008/chatglm3_annotated.
    """
    names = {
        "model.layers": "transformer.encoder.layers", "self_attn": "self_attention", "o_proj": "dense",
        "mlp.gate_up_proj": "mlp.dense_h_to_4h", "mlp.down_proj": "mlp.dense_4h_to_h",
        "model.embed_tokens": "transformer.embedding.word_embeddings", "lm_head": "transformer.output_layer",
        "model.norm": "transformer.encoder.final_layernorm",
    }  # fmt: skip
    return renamed(packed(weights, "query_key_value", 1), names)


def looped(model: Any, passes: int, *, normed: bool) -> None:
    """The stack unrolled: its layers again and again, and between two passes the last norm."""
    layers = [*model.model.layers]
    model.model.layers = type(model.model.layers)(layers * passes)
    model.config.num_hidden_layers = len(layers) * passes
    runs = count(1)

    def between(layer: Any, given: Any, gives: Any) -> Any:
        return model.model.norm(gives) if next(runs) % passes and normed else gives

    layers[-1].register_forward_hook(between)


def nanbeige(model: Any, config: Config) -> None:
    """https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/models/nanbeige.py, after the release's modeling_nanbeige.py."""
    looped(model, config["num_loops"], normed=not config["skip_loop_final_norm"])


def ouro(model: Any, config: Config) -> None:
    """https://huggingface.co/ByteDance/Ouro-2.6B-Thinking/blob/main/modeling_ouro.py: norms after each branch.

    A copy: modeling_ouro.py of https://github.com/Eagle4398/ouro-nixpkgs.
    """
    import torch

    draw = torch.Generator().manual_seed(2)
    for layer in model.model.layers:
        for part, name in (
            ("self_attn", "input_layernorm_2"),
            ("mlp", "post_attention_layernorm_2"),
        ):
            after = type(model.model.norm)(config["hidden_size"], eps=1e-3)
            after.weight.data = 1 + 0.3 * torch.randn(config["hidden_size"], generator=draw)
            layer.add_module(name, after)
            layer.get_submodule(part).register_forward_hook(
                lambda block, given, gives, after=after: (
                    (after(gives[0]), *gives[1:]) if isinstance(gives, tuple) else after(gives)
                )
            )
    looped(model, config["total_ut_steps"], normed=True)


def mistral_large3(weights: Weights, config: Config) -> Weights:
    """https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/mistral_large_3.py: `remapping`; experts one by one."""
    made: Weights = {}
    for name, array in weights.items():
        match name.rpartition("."):
            case above, _, "gate_up_proj" if "experts" in above:
                for i, (gate, up) in enumerate(np.split(one, 2) for one in array):
                    made |= {f"{above}.{i}.w1.weight": gate, f"{above}.{i}.w3.weight": up}
            case above, _, "down_proj" if "experts" in above:
                made |= {f"{above}.{i}.w2.weight": one for i, one in enumerate(array)}
            case _:
                made[name] = array
    names = {
        "model.layers": "layers", "model.norm": "norm", "model.embed_tokens": "tok_embeddings", "lm_head": "output",
        "mlp.experts": "experts", "mlp.shared_experts": "shared_experts", "mlp.gate.": "gate.", "mlp": "feed_forward",
        "gate_proj": "w1", "up_proj": "w3", "down_proj": "w2", "self_attn": "attention", "kv_a_proj_with_mqa": "wkv_a_with_mqa",
        "q_a_proj": "wq_a", "q_a_layernorm": "q_a_norm", "q_b_proj": "wq_b", "kv_a_layernorm": "kv_a_norm",
        "kv_b_proj": "wkv_b", "o_proj": "wo", "input_layernorm": "attention_norm", "post_attention_layernorm": "ffn_norm",
    }  # fmt: skip
    return renamed(made, names)


def of_params(raw: Config) -> Config:
    """Mistral 4's words for the rotation and the temperature of params.json."""
    said, applied = raw["rope_scaling"], raw["rope_scaling"].get("apply_scale", True)
    held = {"rope_type": "yarn", "rope_theta": raw["rope_theta"], "factor": said["factor"]}
    held |= {"beta_fast": said["beta"], "beta_slow": said["alpha"]}
    held |= {"mscale": 1, "mscale_all_dim": 1} if applied else {"attention_factor": 1.0}
    held |= {"llama_4_scaling_beta": raw["llama_4_scaling"]["beta"]}
    old = said["original_max_position_embeddings"]
    return {"rope_parameters": {**held, "original_max_position_embeddings": old}}


@dataclass(frozen=True, slots=True)
class Gate:
    """What SiLU gives, held below a limit, which its product holds up within."""

    given: Any
    limit: float

    def __mul__(self, up: Any) -> Any:
        return self.given.clamp(max=self.limit) * up.clamp(min=-self.limit, max=self.limit)


def limited(mlp: Any, limit: float) -> None:
    """https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/layers/activation.py: `SwigluStepAndMul`."""
    silu = mlp.act_fn
    del mlp.act_fn
    mlp.act_fn = lambda gate: Gate(silu(gate), limit)


def ling(model: Any, config: Config) -> None:
    """Lightning attention in place of latent attention, but in the last layer of each group."""
    import torch

    from tests.truth.lightning import lightning

    draw = torch.Generator().manual_seed(3)
    size = config["layer_group_size"]
    whole = len(model.model.layers) // size * size
    for i, layer in enumerate(model.model.layers):
        if (i + 1) % size and i < whole:
            layer.self_attn = lightning(config, i, draw)
        for part, key in (("experts", "expert"), ("shared_experts", "share_expert")):
            if limit := config.get(f"{key}_swiglu_limit_list", [0] * (i + 1))[i]:
                limited(getattr(layer.mlp, part), limit)


def lings_names(weights: Weights, config: Config) -> Weights:
    """Those of the same file."""
    names = {
        "self_attn": "attention", "o_proj": "dense", "embed_tokens": "word_embeddings",
        "e_score_correction_bias": "expert_bias",
    }  # fmt: skip
    return renamed(weights, names)


def limits(depth: int) -> Config:
    """Step's limits of the first layers, small enough to be reached; 0 is none."""
    each = [*[0.1, 0.2, None, 0.1, 0.0][:depth], 0.0]
    return {"swiglu_limits": each, "swiglu_limits_shared": each[::-1]}


def of_ngrams(weights: Weights, config: Config) -> Weights:
    """The embedding that was put in another's place."""
    return renamed(weights, {"embed_tokens": "ngram_embeddings"})


def of_flat_ngrams(weights: Weights, config: Config) -> Weights:
    """LongCat-2.0's names, as sglang/srt/models/longcat_flash.py has them in `load_weights`."""
    return {
        sub(r"\.embed_tokens\.post_projs\.", ".oe_embed_proj",
            sub(r"\.embed_tokens\.embedders\.", ".oe_embed_tokens",
                name.replace(".word_embeddings", ""))): array
        for name, array in weights.items()
    }  # fmt: skip


def ling2(weights: Weights, config: Config) -> Weights:
    """https://github.com/inclusionAI/Ling-V2/blob/main/models/modeling_bailing_moe_v2.py: `query_key_value` and its norms."""
    names = {"q_norm": "query_layernorm", "k_norm": "key_layernorm"}
    return renamed(packed(lings_names(weights, config), "query_key_value", 1), names)


NEAR = {
    "rope_type": "deepseek_yarn", "factor": 4.0, "original_max_position_embeddings": 32, "beta_fast": 4,
    "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 1.0,
}  # fmt: skip
"""YaRN that slows some pairs of a small head, and so changes what few tokens choose."""
EQUIVALENTS = {
    "bailing_moe": Equivalent(
        model="ling-mini-2.0",
        reference="glm4_moe",
        stored=ling2,
        config={"rms_norm_eps": 1e-3},
        without=("use_bias", "num_nextn_predict_layers"),
        keys={
            "num_experts": "n_routed_experts",
            "num_shared_experts": "n_shared_experts",
            "use_qkv_bias": "attention_bias",
        },
        told=lambda raw: {"norm_topk_prob": raw["num_experts_per_tok"] > 1},
        also=(
            {"use_qk_norm": False, "partial_rotary_factor": 1.0},
            {"use_qkv_bias": True, "n_group": 1, "topk_group": 1},
            {"num_experts_per_tok": 1, "first_k_dense_replace": 0},
        ),
    ),
    "internlm2": Equivalent(
        model="internlm2-7b",
        reference="llama",
        stored=internlm2,
        config={"rms_norm_eps": 1e-3},
        without=("bias",),
    ),
    "baichuan": Equivalent(
        model="baichuan2-7b",
        reference="llama",
        stored=baichuan,
        # By its vocabulary a config says that the rows of the head are divided by their lengths.
        config={"rms_norm_eps": 1e-3, "vocab_size": 125696},
    ),
    "mimo_v2": Equivalent(
        model="mimo-v2.5-pro",
        reference="mimo_v2_flash",
        stored=mimo_v2,
        # The reference has its own base; its windowed layers are all but each sixth, with twice as many keys.
        config={
            "layernorm_epsilon": 1e-3,
            "rope_theta": 5000000.0,
            "swa_num_key_value_heads": 4,
            "hybrid_layer_pattern": [0, 1, 1, 1, 1, 0, 1, 1],
        },
        without=("attention_projection_layout",),
    ),
    "chatglm": Equivalent(
        model="chatglm3-6b",
        reference="glm",
        stored=chatglm,
        config={"layernorm_epsilon": 1e-3},
        keys={
            "num_layers": "num_hidden_layers",
            "ffn_hidden_size": "intermediate_size",
            "padded_vocab_size": "vocab_size",
            "kv_channels": "head_dim",
            "multi_query_group_num": "num_key_value_heads",
            "add_qkv_bias": "attention_bias",
            "seq_length": "max_position_embeddings",
            "layernorm_epsilon": "rms_norm_eps",
        },
    ),
    "nanbeige": Equivalent(
        model="nanbeige-4.2-3b",
        reference="llama",
        stored=as_they_are,
        config={"rms_norm_eps": 1e-3},
        changed=nanbeige,
    ),
    "ouro": Equivalent(
        model="ouro-2.6b-thinking",
        reference="llama",
        stored=as_they_are,
        config={"rms_norm_eps": 1e-3},
        changed=ouro,
    ),
    "bailing_hybrid": Equivalent(
        model="ling-2.5-1t",
        reference="deepseek_v3",
        stored=lings_names,
        config={"rms_norm_eps": 1e-3},
        without=("head_dim", "partial_rotary_factor", "rotary_dim"),
        keys={"num_experts": "n_routed_experts", "num_shared_experts": "n_shared_experts"},
        changed=ling,
        also=(
            {"layer_group_size": 3, "group_norm_size": 1, "first_k_dense_replace": 1},
            {  # as in Ling 3.0, whose reference passed over them before 5.25
                "expert_swiglu_limit_list": [0, 0, 0, 0, 0.1, 0.2, 0, 0.1],
                "share_expert_swiglu_limit_list": [0, 0, 0, 0, 0.2, 0, 0.1, 0.1],
            },
        ),
    ),
    "mistral_large3": Equivalent(
        model="mistral-large-3-675b",
        reference="mistral4",
        stored=mistral_large3,
        config={"rms_norm_eps": 1e-3},
        without=(
            "rope_scaling",
            "rope_theta",
            "llama_4_scaling",
            "vision_config",
            "quantization_config",
            "head_dim",
        ),
        told=of_params,
        also=(
            {
                "n_group": 4,
                "topk_group": 2,
                "routed_scaling_factor": 2.5,
                "rope_scaling": {
                    "type": "yarn",
                    "original_max_position_embeddings": 8,
                    "factor": 4,
                    "beta": 0.4,
                    "alpha": 0.01,
                },
            },
        ),
    ),
    "step3p5": Equivalent(
        model="step-3.5-flash",
        reference="step3p7",
        stored=as_they_are,
        # Its windowed layers have more heads.
        config={
            "rms_norm_eps": 1e-3,
            "attention_other_setting": {
                "attention_type": "sliding_attention",
                "num_attention_heads": 12,
                "num_attention_groups": 2,
                "head_dim": 16,
            },
        },
        around={
            "vision_config": {
                "hidden_size": 32,
                "num_hidden_layers": 1,
                "num_attention_heads": 2,
                "image_size": 56,
                "patch_size": 14,
                "mlp_ratio": 2.0,
            }
        },
        also=(limits(5), {"rope_scaling": None, "moe_layers_enum": "1,4", "sliding_window": 2}),
    ),
    "longcat_flash_ngram": Equivalent(
        model="longcat-flash-lite-68.5b-a3b",
        reference="longcat_flash",
        stored=of_ngrams,
        config={"rms_norm_eps": 1e-3, "head_dim": 8},  # of what turns
        changed=ngram_embedding,
    ),
    "longcat": Equivalent(
        model="longcat-2.0",
        reference="longcat_flash",
        stored=of_flat_ngrams,
        config={"rms_norm_eps": 1e-3, "head_dim": 8, "rope_theta": 100.0, "rope_scaling": NEAR},
        changed=longcat,
        told=lambda raw: {"rope_scaling": {**raw["rope_scaling"], "rope_type": "yarn"}},
        also=({"cli_factor": 1}, {"cli_factor": 4, "num_layers": 4}),
    ),
    **OF_RELEASES,
}
