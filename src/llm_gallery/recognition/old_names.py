"""Old names of known families: the types that releases stated before the reference had them, with keys of their own.

Keys and what is required: https://huggingface.co/tiiuae/falcon-40b (configuration_RW.py of 2023),
https://huggingface.co/microsoft/phi-2 (configuration_phi.py of 2023),
https://huggingface.co/microsoft/phi-1_5 (configuration_mixformer_sequential.py),
https://huggingface.co/stabilityai/stablelm-3b-4e1t (configuration_stablelm_epoch.py),
https://huggingface.co/MiniMaxAI/MiniMax-M1-80k (configuration_minimax_m1.py),
https://huggingface.co/Qwen/Qwen-7B (configuration_qwen.py of August 2023),
https://github.com/inclusionAI/Ling (configuration_bailing_moe.py),
https://github.com/allenai/OLMo (olmo/config.py),
https://huggingface.co/allenai/MolmoE-1B-0924 (config_molmoe.py),
https://huggingface.co/01-ai/Yi-6B (of November 2023),
vllm/model_executor/models/registry.py (Aquila) and orion.py,
https://github.com/ai-dynamo/aiconfigurator (MiniMaxAI--MiniMax-M3_config.json),
https://github.com/ml-explore/mlx-swift-lm (Qwen 3.5 with pictures),
mlx_lm/models/youtu_llm.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import LANGUAGE_MODEL, Json, multiple, same
from llm_gallery.families._registry import names
from llm_gallery.recognition.copies import COPIES, minimind
from llm_gallery.recognition.old_name import DEPTH_AND_HEADS, OF_LLAMA, OldName, Told
from llm_gallery.recognition.spelled import Spelled, Spelling, needed, only, size

OF_FALCON = ("vocab_size", "hidden_size", "n_layer", "n_head", "alibi", "bias", "parallel_attn")


def rotated_and_widened(raw: Json) -> list[Told]:
    """Phi's first code says how many channels it rotates, and leaves out an MLP four times as wide."""
    dim = multiple(size(raw, "n_embd"), size(raw, "n_head"), ("n_embd", "n_head"))
    rotated = size(raw, "rotary_dim")
    if rotated > dim or int(dim * (rotated / dim)) != rotated:
        raise Refusal(
            f"rotary_dim is {rotated}, expected a part of a head ({dim} channels); correct it"
        )
    part: Told = (
        "partial_rotary_factor",
        rotated / dim,
        "rotary_dim / (n_embd / n_head)",
        "derived",
    )
    wide: Told = ("intermediate_size", 4 * raw["n_embd"], "4 x n_embd", "derived")
    return [part] if raw.get("n_inner") is not None else [part, wide]


def kinds_by_number(raw: Json) -> list[Told]:
    """MiniMax's own code numbers the kinds of layers: 0 is Lightning attention, 1 is attention."""
    key = "attn_type_list"
    numbers = raw[key]
    if not isinstance(numbers, list | tuple) or not all(
        type(n) is int and n in (0, 1) for n in numbers
    ):
        raise Refusal(f"{key} is {quoted(numbers)}, expected 0 or 1 for each layer; correct it")
    kinds = ["full_attention" if number else "linear_attention" for number in numbers]
    return [("layer_types", kinds, key, "derived")]


def halves_and_rows(raw: Json) -> list[Told]:
    """OLMo's own code says the MLP's width for both halves, and may store more rows than there are tokens."""
    said = "mlp_hidden_size" if raw.get("mlp_hidden_size") is not None else "mlp_ratio"
    both = size(raw, said) * (1 if said == "mlp_hidden_size" else size(raw, "d_model"))
    half = multiple(both, 2, (said, "its two halves"))
    rows = "embedding_size" if raw.get("embedding_size") is not None else "vocab_size"
    return [
        ("intermediate_size", half, said, "derived"),
        ("vocab_size", size(raw, rows), rows, "stated"),
    ]


def two_attentions_a_layer(raw: Json) -> list[Told]:
    """transformers counts both attentions of LongCat's layers; servers' files call the layers so, and are refused."""
    both, layers = "num_hidden_layers", "num_layers"
    half = multiple(size(raw, both), 2, (both, "the two attentions of a layer"))
    if raw.get(layers) is None:
        return [(layers, half, both, "derived")]
    same(raw[both], 2 * size(raw, layers), (both, f"2 x {layers}"))
    return []


def repeated_keys(raw: Json) -> list[Told]:
    """MiniMax M3's text alone, as servers write it: two keys more, which say again what others do."""
    if (width := raw.get("moe_intermediate_size")) is not None:
        same(width, raw["intermediate_size"], ("moe_intermediate_size", "intermediate_size"))
    marks = raw["moe_layer_freq"]
    if (dense := raw.get("first_k_dense_replace")) is not None and isinstance(marks, list):
        leading = marks.index(1) if 1 in marks else len(marks)
        same(dense, leading, ("first_k_dense_replace", "the first layers of moe_layer_freq"))
    return []


def of_minimax(*kinds: str) -> dict[str, str]:
    """The release's names of what multiplies the stream (alpha) and each branch (beta), and transformers'."""
    return {
        f"layernorm_{kind}_{factor}": f"{kind.replace('attention', 'attn')}_{factor}_factor"
        for kind in kinds
        for factor in ("alpha", "beta")
    }


FIRST_QWEN = "qwen of 2023"
"""Qwen's first files, of the type that its later ones have."""
FIRST_LING = "bailing_moe of BailingMoeForCausalLM"
"""Of the type that Ling 2.0's files have too."""
LONGCATS = {
    family: f"{family} by its attentions" for family in ("longcat_flash", "longcat_flash_ngram")
}
"""Types of today, of which one key counts otherwise than it is called."""
DENSE_LONGCAT = "LongcatCausalLM without an indexer"
"""LongCat-Flash's files of 2026, of the class that LongCat-2.0 has too, without a type."""
MOLMOE = "molmo in MolmoE's keys"
"""Of the type that Molmo's files have, in other keys."""
MINIMAX = OldName(
    "minimax",
    of_minimax("full_attention", "linear_attention", "mlp"),
    (
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
        "num_key_value_heads", "head_dim", "num_local_experts", "num_experts_per_tok", "attn_type_list",
        "max_position_embeddings", "rotary_dim", "rope_theta",
        *of_minimax("full_attention", "linear_attention", "mlp"),
    ),
    {"postnorm": (True,), "shared_intermediate_size": (0, [0])},
    dropped=("attn_type_list", "shared_intermediate_size", "shared_moe_mode"),
    told=kinds_by_number,
    classes=("MiniMaxM1ForCausalLM", "MiniMaxText01ForCausalLM"),
)  # fmt: skip
FIRST_PHI = OldName(
    "phi",
    {
        **DEPTH_AND_HEADS,
        "n_embd": "hidden_size",
        "n_positions": "max_position_embeddings",
        "n_head_kv": "num_key_value_heads",
        "n_inner": "intermediate_size",
        "activation_function": "hidden_act",
    },
    ("vocab_size", "n_embd", "n_layer", "n_head", "n_positions", "rotary_dim"),
    {"num_local_experts": (None, 1), "img_processor": (None,)},
    dropped=(
        "rotary_dim", "flash_attn", "flash_rotary", "fused_dense", "img_processor",
        "num_local_experts", "num_experts_per_tok",
    ),
    told=rotated_and_widened,
    classes=("MixFormerSequentialForCausalLM",),
    stored="; its first checkpoints join q, k and v as Wqkv, where tensors are listed as transformers stores them",
)  # fmt: skip
OLD: Mapping[str, OldName] = {
    **COPIES,
    "Yi": OldName(
        "llama",
        {},
        OF_LLAMA,
        {},
        classes=("YiForCausalLM",),
        stored="; its first checkpoints call the norms of a layer ln1 and ln2, where tensors are listed as transformers stores them",
    ),
    "aquila": OldName("llama", {}, OF_LLAMA, {}, classes=("AquilaForCausalLM",)),
    "orion": OldName(
        "stablelm",
        {"rms_norm_eps": "layer_norm_eps"},
        (*OF_LLAMA, "num_key_value_heads", "rope_theta"),
        {"attention_bias": (False,), "hidden_act": ("silu",)},
        (
            ("partial_rotary_factor", 1.0), ("use_qkv_bias", False), ("qk_layernorm", False),
            ("use_parallel_residual", False),
        ),
        dropped=("attention_bias",),
        classes=("OrionForCausalLM",),
    ),
    "bailing_moe_v2": OldName("bailing_moe", {}, ("num_experts", "n_group", "topk_group"), {}),
    # https://huggingface.co/sgl-project/DeepSeek-V4-Flash-FP8: the makers' file for their own program, with the class's name
    "deepseek_ref": OldName(
        "deepseek_v4",
        {},
        ("architectures", "compress_ratios", "num_hash_layers", "o_groups"),
        {"architectures": (["DeepseekV4ForCausalLM"],)},
    ),
    "hf_olmo": OldName(
        "olmo",
        {
            "d_model": "hidden_size",
            "n_layers": "num_hidden_layers",
            "n_heads": "num_attention_heads",
            "n_kv_heads": "num_key_value_heads",
            "max_sequence_length": "max_position_embeddings",
            "weight_tying": "tie_word_embeddings",
        },
        (
            "vocab_size", "d_model", "n_layers", "n_heads", "max_sequence_length", "weight_tying", "activation_type",
            "block_type", "rope", "layer_norm_type", "layer_norm_with_affine", "include_bias",
        ),
        {
            "activation_type": ("swiglu",), "block_type": ("sequential",), "rope": (True,), "alibi": (False,),
            "layer_norm_type": ("default", "low_precision"), "layer_norm_with_affine": (False,), "include_bias": (False,),
            "bias_for_layer_norm": (False, None), "layer_norm_eps": (1e-5,), "attention_layer_norm": (False,),
            "embedding_layer_norm": (False, None), "norm_after": (False,), "scale_logits": (False,),
            "multi_query_attention": (False, None), "block_group_size": (1,),
        },
        (("hidden_act", "silu"), ("attention_bias", False)),
        dropped=(
            "activation_type", "alibi", "alibi_bias_max", "attention_layer_norm", "attention_layer_norm_with_affine",
            "bias_for_layer_norm", "block_group_size", "block_type", "embedding_layer_norm", "embedding_size",
            "emb_init_std", "flash_attention", "include_bias", "init_cutoff_factor", "init_device", "init_fn",
            "layer_norm_type", "layer_norm_with_affine", "mlp_hidden_size", "mlp_ratio", "multi_query_attention",
            "norm_after", "precision", "rope", "rope_full_precision", "scale_emb_init", "scale_logits",
        ),
        told=halves_and_rows,
        stored="; its checkpoints join q, k and v as att_proj, and both halves of the MLP as ff_proj, where tensors are listed as transformers stores them",
    ),
    **{
        said: OldName(
            family, {}, ("num_hidden_layers",), {}, dropped=("num_hidden_layers",), told=two_attentions_a_layer
        )
        for family, said in LONGCATS.items()
    },
    DENSE_LONGCAT: OldName("longcat_flash", {}, ("num_layers",), {}),
    MOLMOE: OldName("molmoe", {}, ("d_model", "block_type"), {"block_type": ("moe",)}),
    "minimax_m3": OldName(
        "minimax_m3_vl_text",
        {},
        (
            "architectures", "vocab_size", "hidden_size", "intermediate_size", "dense_intermediate_size",
            "shared_intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
            "num_local_experts", "num_experts_per_tok", "moe_layer_freq", "sparse_attention_config", "rotary_dim",
            "rope_theta", "max_position_embeddings", "routed_scaling_factor", "swiglu_alpha", "swiglu_limit",
        ),
        {"architectures": (["MiniMaxM3ForCausalLM"], ["MiniMaxM3SparseForCausalLM"])},
        dropped=(
            "architectures", "first_k_dense_replace", "moe_intermediate_size", "num_nextn_predict_layers",
        ),
        told=repeated_keys,
        stored="; its checkpoint has a tower of pictures too and each expert apart, where tensors are listed as transformers stores the text alone",
    ),
    "minimax_m1": MINIMAX,
    "minimax_text_01": MINIMAX,
    FIRST_LING: OldName(
        "bailing_moe",
        {"n_routed_experts": "num_experts", "n_shared_experts": "num_shared_experts"},  # in the makers' files for MindIE
        (
            "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
            "num_key_value_heads", "max_position_embeddings", "rope_theta", "num_experts", "num_shared_experts",
            "num_experts_per_tok", "moe_intermediate_size", "use_bias", "use_qkv_bias", "norm_topk_prob",
        ),
        {"num_nextn_predict_layers": (0, None), "multi_gate": (False, None)},  # Ming's: a router for each modality
        (
            ("score_function", "softmax"), ("use_qk_norm", False), ("n_group", 1), ("topk_group", 1),
            ("routed_scaling_factor", 1.0),
        ),
        noted=(
            "norm_head",
            "norm_head is true: each column of the head is divided by its length, which no number says",
        ),
    ),
    FIRST_QWEN: OldName(
        "qwen",
        {
            **DEPTH_AND_HEADS,
            "n_embd": "hidden_size",
            "n_positions": "max_position_embeddings",
            "ffn_hidden_size": "intermediate_size",
            "padded_vocab_size": "vocab_size",
        },
        (
            "vocab_size", "n_embd", "n_layer", "n_head", "n_positions", "ffn_hidden_size", "kv_channels", "seq_length",
            "padded_vocab_size",
        ),
        {
            "n_inner": (None,), "activation": ("swiglu",), "pos_emb": ("rotary",), "bias_dropout_fusion": (True,),
            "apply_residual_connection_post_layernorm": (False,),
        },
        dropped=(
            "activation", "apply_residual_connection_post_layernorm", "bias_dropout_fusion", "n_inner",
            "params_dtype", "pos_emb", "tokenizer_type",
        ),
    ),
    "youtu_llm": OldName(
        "youtu",
        {},
        (
            *OF_LLAMA, "kv_lora_rank", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim",
            "tie_word_embeddings",
        ),
        {"mlp_bias": (False,), "rope_traditional": (True,)},  # neighbours are rotated together, as in the reference
        dropped=("rope_traditional",),
        classes=("YoutuLLMForCausalLM",),
    ),
    "qwen3_5_vl": OldName("qwen3_5", {}, (LANGUAGE_MODEL,), {}, dropped=("vocab_size",)),
    "qwen3_5_moe_vl": OldName("qwen3_5_moe", {}, (LANGUAGE_MODEL,), {}, dropped=("vocab_size",)),
    "RefinedWeb": OldName(
        "falcon",
        {**DEPTH_AND_HEADS, "n_head_kv": "num_kv_heads"},
        (*OF_FALCON, "n_head_kv"),
        {"parallel_attn": (True,)},
        (("new_decoder_architecture", True),),
    ),
    "RefinedWebModel": OldName(
        "falcon",
        DEPTH_AND_HEADS,
        (*OF_FALCON, "multi_query"),
        {"n_head_kv": (None,)},
        (("new_decoder_architecture", False),),
        dropped=("n_head_kv",),
    ),
    "mixformer-sequential": FIRST_PHI,
    "phi-msft": FIRST_PHI,
    "stablelm_epoch": OldName(
        "stablelm",
        {"rope_pct": "partial_rotary_factor", "num_heads": "num_attention_heads"},
        (
            "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
            "num_attention_heads", "num_key_value_heads", "max_position_embeddings", "rope_pct",
        ),
        {"rotary_scaling_factor": (1.0, None)},
        dropped=("rotary_scaling_factor",),
    ),
}  # fmt: skip
"""By the type as it is written. What stood in none of the releases' files is left to the family's own defaults."""
CLASSES = {
    "MiniMaxM1ForCausalLM": "minimax_m1",
    "MiniMaxText01ForCausalLM": "minimax_text_01",
    "StableLMEpochForCausalLM": "stablelm_epoch",
}


def old_name(raw: Json) -> str:
    """The old type that a config states, or that its class is of where it states none; empty where it is none."""
    said = raw.get("model_type")
    if said == "qwen" and "n_embd" in raw:
        return FIRST_QWEN
    if said == "molmo" and "d_model" in raw:
        return MOLMOE
    if said == "bailing_moe" and "n_group" not in raw:
        return FIRST_LING if raw.get("architectures") == ["BailingMoeForCausalLM"] else ""
    if isinstance(said, str) and said in LONGCATS:
        return LONGCATS[said] if raw.get("num_hidden_layers") is not None else ""
    if said == "minimind":
        return minimind(raw)
    if said is not None:
        return said if isinstance(said, str) and said in OLD else ""
    match raw.get("architectures"):
        case ["RWForCausalLM"]:
            return "RefinedWebModel" if raw.get("n_head_kv") is None else "RefinedWeb"
        case ["PhiForCausalLM"] if "n_embd" in raw:
            return "phi-msft"
        case ["LongcatCausalLM"] if not raw.keys() & {"index_topk", "oe_vocab_size_ratio"}:
            return DENSE_LONGCAT
        case [str(name)]:
            return CLASSES.get(name, "")
    return ""


def updated(raw: Json, said: str, where: str = "") -> Spelled:
    """The config of an old type in the keys of its family; `where` is the path of an object inside a config."""
    old = OLD[said]
    there = {theirs for key, theirs in old.keys.items() if raw.get(key) is not None}
    needed(raw, (key for key in old.needed if key not in there), where)
    only(raw, old.only, where)
    spelling = Spelling(raw, old.family)
    spelling.moves(old.keys)
    for key, value, source, evidence in old.told(raw) if old.told else ():
        spelling.says(key, value, source, evidence)
    spelling.implies(dict(old.implied))
    spelling.drops(old.dropped)
    if raw.get("architectures") in [[name] for name in old.classes]:
        spelling.drops(("architectures",))
    config: dict[str, Any] = spelling.config
    note = f"{said} is another name of {old.family}, which is described{old.stored}"
    guessed = "the config has no model_type: it is taken from the class in architectures"
    notes: tuple[str, ...] = (note,) if "model_type" in raw else (note, guessed)
    if raw.get("model_type") in {known for known in names() if known != said}:
        notes = ()  # a type of today, in keys of its own
    key, words = old.noted
    if raw.get(key) is True:
        notes += (words,)
    computes: Mapping[str, object] = {"pairs": True} if old.pairs else {}
    return Spelled(config, spelling.sources, notes, old.names, computes, own=raw)
