"""Families of releases beside the catalog that compute what a type of the reference does, from weights stored in another way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np

from llm_gallery.families.llada import OF_THE_PUBLISHED_CODE
from tests.truth.release_storage import Config, Equivalent, Weights, as_they_are, packed, renamed
from tests.truth.released import RELEASED


def qwen(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/Qwen/Qwen-7B/blob/main/modeling_qwen.py: `c_attn`, in three parts; `QWenMLP`, whose w2 gates.

    A copy: modeling_qwen.py of https://github.com/undefdev/Qwen-7B-Chat.
    """
    names = {
        "model.layers": "transformer.h", "model.embed_tokens": "transformer.wte", "model.norm": "transformer.ln_f",
        "self_attn": "attn", "o_proj": "c_proj", "gate_proj": "w2", "up_proj": "w1", "down_proj": "c_proj",
        "input_layernorm": "ln_1", "post_attention_layernorm": "ln_2",
    }  # fmt: skip
    return renamed(packed(weights, "c_attn", 1), names)


def minicpm(weights: Weights, config: Config) -> Weights:
    """https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/minicpm.py: experts one by one."""
    made: Weights = {}
    for name, array in weights.items():
        above, _, last = name.partition(".block_sparse_moe.")
        match last:
            case "input_linear.weight":
                for i, (gate, up) in enumerate(np.split(one, 2) for one in array):
                    made |= {f"{above}.mlp.experts.{i}.w1.weight": gate}
                    made |= {f"{above}.mlp.experts.{i}.w3.weight": up}
            case "output_linear.weight":
                made |= {f"{above}.mlp.experts.{i}.w2.weight": one for i, one in enumerate(array)}
            case "router.layer.weight":
                made[f"{above}.mlp.gate.weight"] = array
            case _:
                made[name] = array
    return made


def xverse(weights: Weights, config: Config) -> Weights:
    """https://github.com/foldl/chatllm.cpp/blob/master/convert.py: XverseMoEConverter, for the names of experts."""
    one = {"w1": "gate_proj", "w3": "up_proj", "w2": "down_proj"}
    made: Weights = {}
    for name, array in minicpm(weights, config).items():
        above, _, last = name.partition(".shared_mlp.")
        if last == "input_linear.weight":
            gate, up = np.split(array, 2)
            made[f"{above}.mlp.shared_experts.gate_proj.weight"] = gate
            made[f"{above}.mlp.shared_experts.up_proj.weight"] = up
        elif last:
            made[f"{above}.mlp.shared_experts.down_proj.weight"] = array
        else:
            made[name.replace(".mlp.gate.", ".mlp.router.")] = array
    names = {f"{old}.weight": f"{new}.weight" for old, new in one.items()}
    return renamed(made, names)


def shared_granites(raw: Config) -> Config:
    """XVERSE's mixtures as Granite's, which scales nothing."""
    if not (many := raw.get("num_experts")):
        return {}
    shared = raw.get("num_shared_experts") or 0
    return {
        "model_type": "granitemoeshared" if shared else "granitemoe",
        "num_local_experts": many,
        "num_experts_per_tok": raw["moe_top_k"],
        "shared_intermediate_size": shared * raw["intermediate_size"],
        "embedding_multiplier": 1.0,
        "residual_multiplier": 1.0,
        "logits_scaling": 1.0,
        "attention_multiplier": sqrt(raw["num_attention_heads"] / raw["hidden_size"]),
    }


def granites(raw: Config) -> Config:
    """MiniCPM's scales in Granite's words."""
    heads, depth = raw["num_attention_heads"], raw["num_hidden_layers"]
    many = raw.get("num_experts", 0)
    return {
        "model_type": "granitemoe" if many else "granite",
        "embedding_multiplier": raw["scale_emb"],
        "residual_multiplier": raw["scale_depth"] / sqrt(depth),
        "logits_scaling": raw["hidden_size"] / raw["dim_model_base"],
        "attention_multiplier": sqrt(heads / raw["hidden_size"]),
        "tie_word_embeddings": raw.get("tie_word_embeddings", True),
        **({"num_local_experts": many} if many else {}),
    }


def both_ways(model: Any, config: Config) -> None:
    """Masked diffusion: attention without its mask, as LLaDA's and Dream's own modeling files call it."""

    def unmasked(module: Any, given: Any, named: dict[str, Any]) -> Any:
        return given, {**named, "attention_mask": None}

    for layer in model.model.layers:
        layer.self_attn.register_forward_pre_hook(unmasked, with_kwargs=True)


def llada(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/GSAI-ML/LLaDA-8B-Base/blob/main/modeling_llada.py: LLaDALlamaBlock."""
    names = {
        "model.layers": "model.transformer.blocks", "self_attn.o_proj": "attn_out", "self_attn.": "",
        "mlp.gate_proj": "ff_proj", "mlp.up_proj": "up_proj", "mlp.down_proj": "ff_out",
        "input_layernorm": "attn_norm", "post_attention_layernorm": "ff_norm",
        "model.embed_tokens": "model.transformer.wte", "model.norm": "model.transformer.ln_f",
        "lm_head": "model.transformer.ff_out",
    }  # fmt: skip
    return renamed(weights, names)


LLAMAS = {
    "d_model": "hidden_size", "mlp_hidden_size": "intermediate_size", "n_layers": "num_hidden_layers",
    "n_heads": "num_attention_heads", "n_kv_heads": "num_key_value_heads",
    "max_sequence_length": "max_position_embeddings", "weight_tying": "tie_word_embeddings",
    "include_qkv_bias": "attention_bias",
}  # fmt: skip
"""LLaDA's keys, as Llama has them."""


def molmo(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/allenai/Molmo-7B-D-0924/blob/main/modeling_molmo.py: `att_proj`, `ff_proj`, whose second half gates.

    A copy: modeling_molmo.py of https://github.com/reubzdubz/Molmo7B_D_NF4Quant.
    """
    first, second = "input_layernorm", "post_attention_layernorm"
    if config.get("norm_after"):
        first, second = "post_attention_layernorm", "post_feedforward_layernorm"
    made = packed(weights, "att_proj", 1)
    for name in [n for n in made if ".up_proj." in n]:
        gate = made.pop(name.replace("up_proj", "gate_proj"))
        made[name.replace("up_proj", "ff_proj")] = np.concatenate([made.pop(name), gate])
    table, words = made.pop("model.embed_tokens.weight"), config["embedding_size"]
    made["model.transformer.wte.embedding"] = table[:words]
    made["model.transformer.wte.new_embedding"] = table[words:]
    names = {
        "model.layers": "model.transformer.blocks", "self_attn.o_proj": "attn_out", "self_attn.": "",
        "mlp.down_proj": "ff_out", "mlp.": "", first: "attn_norm", second: "ff_norm",
        "model.norm": "model.transformer.ln_f", "lm_head": "model.transformer.ff_out",
    }  # fmt: skip
    return renamed(made, names)


def molmoe(weights: Weights, config: Config) -> Weights:
    """https://huggingface.co/allenai/MolmoE-1B-0924/blob/main/modeling_molmoe.py: norms within their branches.

    Copies: modeling_molmoe.py of https://github.com/ChulanZhang/molmo_hf, and a second one with the same layers.
    """
    made = packed(weights, "att_proj", 1)
    table, words = made.pop("model.embed_tokens.weight"), config["embedding_size"]
    made["model.transformer.wte.embedding"] = table[:words]
    made["model.transformer.wte.new_embedding"] = table[words:]
    names = {
        "model.layers": "model.transformer.blocks", "self_attn.o_proj": "attn.attn_out", "self_attn.": "attn.",
        "input_layernorm": "attn.attn_norm", "post_attention_layernorm": "mlp.ff_norm",
        "model.norm": "model.transformer.ln_f",
    }  # fmt: skip
    return renamed(made, names)


def scored_without_added(model: Any, config: Config) -> None:
    """The head has no rows for the tokens of Molmo's second table."""
    model.lm_head.weight.data = model.lm_head.weight.data[: config["embedding_size"]]


def of_molmo(raw: Config) -> Config:
    """OLMo 2 where its norms follow, Qwen2 where it has biases, else Llama; the MLP's width is said for both halves."""
    plain = "qwen2" if raw["qkv_bias"] else "llama"
    return {
        "model_type": "olmo2" if raw["norm_after"] else plain,
        "intermediate_size": raw["intermediate_size"] // 2,
        "vocab_size": raw["embedding_size"] + 128,
        "attention_bias": False,
    }


def of_molmoe(raw: Config) -> Config:
    """OLMoE's keys; the width of an expert is said for both halves, by itself or as a part of the stream's."""
    both = raw["mlp_hidden_size"] or raw["mlp_ratio"] * raw["d_model"]
    return {
        "intermediate_size": both // 2,
        "vocab_size": raw["embedding_size"] + raw["additional_vocab_size"],
        "num_key_value_heads": raw["n_heads"],
        "norm_topk_prob": False,
        "tie_word_embeddings": False,
    }


def agnes(weights: Weights, config: Config) -> Weights:
    """https://github.com/vllm-project/vllm/pull/57003: `AgnesMLP`; two gated MLPs that are summed are one as wide as both."""
    made: Weights = {}
    wide = config["text_config"]["intermediate_size"]
    for name, array in weights.items():
        if ".language_model.layers." not in name or ".mlp." not in name:
            made[name] = array
            continue
        first, second = np.split(array, [wide], axis=1 if "down_proj" in name else 0)
        made |= {name: first, name.replace(".mlp.", ".mlp.parallel_ffn."): second}
    return renamed(made, {"linear_attn": "delta_attn", "self_attn": "global_attn"})


def of_agnes(raw: Config) -> Config:
    """Qwen3.5's words for the mixers, and one MLP for both."""
    text, words = raw["text_config"], {"agnes_delta_attention": "linear_attention"}
    added = {
        "model_type": "qwen3_5_text",
        "intermediate_size": text["intermediate_size"] + text["parallel_ffn_intermediate_size"],
        "layer_types": [words.get(one, "full_attention") for one in text["layer_types"]],
    }
    return {"text_config": {**text, **added}}


def mobius(weights: Weights, config: Config) -> Weights:
    """https://github.com/InternLM/Intern-S2-Mobius/blob/main/modeling_interns2_mobius.py: the banks stand beside the layers."""
    made: Weights = {}
    banks = config["text_config"]["num_blocks"]
    experts: dict[str, list[np.ndarray]] = {}
    for name, array in weights.items():
        place = re.fullmatch(
            r"(.*)\.layers\.(\d+)\.mlp\.(gate\.weight|experts\.(\d+)\.(\w+)\.weight)", name
        )
        if place is None:
            made[name] = array
        elif int(place[2]) < banks:
            bank = f"{place[1]}.meta_mlp.{place[2]}"
            if place[5]:
                experts.setdefault(f"{bank}.experts.{place[5]}", []).append(array)
            else:
                made[f"{bank}.gate.weight"] = array
    for name, arrays in experts.items():
        above, _, which = name.rpartition(".")
        if which == "gate_proj":
            both = [
                np.concatenate(pair)
                for pair in zip(arrays, experts[f"{above}.up_proj"], strict=True)
            ]
            made[f"{above}.gate_up_proj"] = np.stack(both)
        elif which == "down_proj":
            made[name] = np.stack(arrays)
    return made


def taking_turns(model: Any, config: Config) -> None:
    """Layers take the experts and the router of the bank whose turn it is."""
    layers, banks = model.model.language_model.layers, config["text_config"]["num_blocks"]
    for i, layer in enumerate(layers):
        layer.mlp.experts, layer.mlp.gate = (
            layers[i % banks].mlp.experts,
            layers[i % banks].mlp.gate,
        )


OLMOES = {
    "d_model": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads",
    "max_sequence_length": "max_position_embeddings", "moe_num_experts": "num_experts",
    "moe_top_k": "num_experts_per_tok",
}  # fmt: skip
"""MolmoE's keys, as OLMoE has them; of its others OLMoE has its rotation's base alone."""


OF_RELEASES: Mapping[str, Equivalent] = {
    "agnes": Equivalent(
        model="agnes-3.0-flash-33b",
        reference="qwen3_5",
        stored=agnes,
        config={"rms_norm_eps": 1e-3},
        told=of_agnes,
        also=({"parallel_ffn_intermediate_size": 24, "global_attention_interval": 2},),
    ),
    "interns2_mobius": Equivalent(
        model="intern-s2-mobius-35b",
        reference="qwen3_5_moe",
        stored=mobius,
        config={"rms_norm_eps": 1e-3},
        told=lambda raw: {"text_config": {**raw["text_config"], "model_type": "qwen3_5_moe_text"}},
        changed=taking_turns,
        also=({"num_blocks": 3}, {"num_blocks": 1}),
    ),
    "dream": Equivalent(
        model="dream-7b",
        reference="qwen2",
        stored=as_they_are,
        config={"rms_norm_eps": 1e-3},
        changed=both_ways,
        also=({"num_key_value_heads": 1}, {"tie_word_embeddings": True}),
    ),
    "llada": Equivalent(
        model="llada-8b",
        reference="llama",
        stored=llada,
        config={"rms_norm_eps": 1e-3},
        without=(*LLAMAS, *OF_THE_PUBLISHED_CODE, "architectures", "embedding_size"),
        keys=LLAMAS,
        changed=both_ways,
        also=({"n_kv_heads": 2}, {"rope_theta": 300.0}),
    ),
    "internlm": Equivalent(
        model="internlm-7b",
        reference="llama",
        stored=as_they_are,
        config={"rms_norm_eps": 1e-3},
        without=("bias", "rotary"),
        told=lambda raw: {
            "attention_bias": raw["bias"],
            "rope_theta": float(raw["rotary"]["base"]),
        },
        also=({"bias": False}, {"rotary": {"base": 500, "type": "origin"}}),
    ),
    "mimo": Equivalent(
        model="mimo-7b",
        reference="qwen2",
        stored=as_they_are,
        config={"rms_norm_eps": 1e-3},
        without=("num_nextn_predict_layers", "attention_bias"),
        also=({"use_sliding_window": True, "sliding_window": 3, "max_window_layers": 1},),
    ),
    "minicpm": Equivalent(
        model="minicpm-2b",
        reference="granite",
        stored=minicpm,
        config={"rms_norm_eps": 1e-3, "dim_model_base": 24},
        without=("scale_emb", "scale_depth", "dim_model_base", "num_experts"),
        told=granites,
        also=(
            {"tie_word_embeddings": False, "num_key_value_heads": 2, "scale_depth": 3.0},
            {"num_experts": 6, "num_experts_per_tok": 2},
        ),
    ),
    "molmo": Equivalent(
        model="molmo-7b-d",
        reference="qwen2",
        stored=molmo,
        config={"layer_norm_eps": 1e-3},
        without=(
            "architectures",
            "attention_layer_norm",
            "embedding_size",
            "layer_norm_eps",
            "layer_norm_type",
            "norm_after",
            "qkv_bias",
            "use_position_ids",
            "weight_tying",
        ),
        told=of_molmo,
        changed=scored_without_added,
        also=(
            {"qkv_bias": False, "num_key_value_heads": 1, "rope_theta": 500.0},
            {"qkv_bias": False, "attention_layer_norm": True, "norm_after": True},
        ),
    ),
    "molmoe": Equivalent(
        model="molmoe-1b",
        reference="olmoe",
        stored=molmoe,
        config={"layer_norm_eps": 1e-3},
        without=tuple({*RELEASED["molmoe-1b"]} - {"rope_theta"}),
        keys=OLMOES,
        told=of_molmoe,
        changed=scored_without_added,
        also=({"mlp_hidden_size": 40, "rope_theta": 300.0, "moe_top_k": 1},),
    ),
    "qwen": Equivalent(
        model="qwen-7b-2023-09",
        reference="qwen2",
        stored=qwen,
        config={"layer_norm_epsilon": 1e-3},
        without=(
            "kv_channels",
            "no_bias",
            "rotary_emb_base",
            "rotary_pct",
            "scale_attn_weights",
            "seq_length",
            "use_dynamic_ntk",
            "use_logn_attn",
        ),
        keys={"rotary_emb_base": "rope_theta"},
        told=lambda raw: {
            "intermediate_size": raw["intermediate_size"] // 2,
            "num_key_value_heads": raw["num_attention_heads"],
            "rms_norm_eps": raw["layer_norm_epsilon"],
        },
        also=({"rotary_emb_base": 300},),
    ),
    "xverse": Equivalent(
        model="xverse-13b",
        reference="llama",
        stored=xverse,
        config={"rms_norm_eps": 1e-3},
        without=("num_experts", "moe_top_k", "num_shared_experts"),
        told=shared_granites,
        also=(
            {"rope_theta": 500000.0},
            {"num_experts": 6, "moe_top_k": 2, "num_shared_experts": 2},
            {"num_experts": 4, "moe_top_k": 3, "num_key_value_heads": 2},
        ),
    ),
}
