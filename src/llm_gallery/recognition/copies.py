"""Types of models whose own code computes what a known family does, under keys and names of its own.

Keys and what is required: https://huggingface.co/WisdomShell/CodeShell-7B (configuration_codeshell.py, modeling_codeshell.py),
https://huggingface.co/OpenMOSS-Team/moss-moon-003-base (configuration_moss.py, modeling_moss.py),
https://gitcode.com/ascend-tribe/openPangu-Embedded-7B-model (configuration_openpangu_dense.py, modeling_openpangu_dense.py),
https://github.com/jingyaogong/minimind (LMConfig.py and model.py of February 2025; model_minimind.py of April 2025 and of 2026),
https://github.com/LAION-AI/Open-Assistant (model_training/models/reward_model.py),
https://huggingface.co/cerebras/btlm-3b-8k-base (configuration_btlm.py, modeling_btlm.py)
"""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.families._config import Json
from llm_gallery.recognition.native_mistral import OF_LLAMA as OF_META
from llm_gallery.recognition.native_mistral import SIZES
from llm_gallery.recognition.old_name import DEPTH_AND_HEADS, OF_LLAMA, OldName, Told
from llm_gallery.recognition.spelled import size

OF_GPT2 = {**DEPTH_AND_HEADS, "n_embd": "hidden_size", "n_positions": "max_position_embeddings"}
"""GPT-2's names of sizes."""
FIRST_MINIMIND = "minimind of February 2025"
SECOND_MINIMIND = "minimind of April 2025"
THIRD_MINIMIND = "minimind of 2026"
OF_MINIMIND = (*OF_LLAMA, "num_key_value_heads", "rms_norm_eps", "rope_theta")
NOT_STRETCHED: Mapping[str, tuple[object, ...]] = {
    "inference_rope_scaling": (False, None),
    "rope_scaling": (None,),
}
"""What MiniMind's code stretches its rotation by stands in its code."""


def four_times_as_wide(raw: Json) -> list[Told]:
    """An MLP whose width isn't stated is four times as wide as the stream."""
    if raw.get("n_inner") is not None:
        return [("intermediate_size", size(raw, "n_inner"), "n_inner", "stated")]
    return [("intermediate_size", 4 * size(raw, "n_embd"), "4 x n_embd", "derived")]


def minimind(raw: Json) -> str:
    """Which of the three models of its type a config is: one has Meta's keys, the last norms queries and keys."""
    if "dim" in raw:
        return FIRST_MINIMIND
    return THIRD_MINIMIND if "num_experts" in raw else SECOND_MINIMIND


COPIES: Mapping[str, OldName] = {
    "PanguEmbedded": OldName(
        "llama",
        {"bias": "attention_bias"},
        (*OF_LLAMA, "num_key_value_heads", "rope_theta", "bias"),
        {"rope_scaling": (None,)},
        (("mlp_bias", False),),
        classes=("PanguEmbeddedForCausalLM",),
    ),
    "btlm": OldName(
        "jais",
        {},
        ("vocab_size", "n_embd", "n_layer", "n_head", "n_inner", "n_positions", "activation_function"),
        {},
        classes=("BTLMLMHeadModel",),
    ),
    "codeshell": OldName(
        "starcoder2",
        {**OF_GPT2, "num_query_groups": "num_key_value_heads", "activation_function": "hidden_act"},
        ("vocab_size", *OF_GPT2, "num_query_groups", "activation_function", "position_embedding_type"),
        {"position_embedding_type": ("rope",), "group_query_attention": (True,), "scale_attn_weights": (True,)},
        (("rope_theta", 10000.0), ("sliding_window", None), ("use_bias", True)),
        dropped=(
            "group_query_attention", "inference_runner", "max_batch_size", "max_sequence_length", "n_inner", "pad_key_length",
            "position_embedding_type", "pre_allocate_kv_cache", "validate_runner_input",
        ),
        told=four_times_as_wide,
        classes=("CodeShellForCausalLM", "CodeShell4bitForCausalLM"),
        stored="; its checkpoints join q, k and v as c_attn, where tensors are listed as StarCoder 2's",
    ),
    "gpt_neox_reward_model": OldName("gpt_neox", {}, OF_LLAMA, {}, dropped=("pooling",)),
    "moss": OldName(
        "codegen",
        {},
        ("vocab_size", "n_embd", "n_layer", "n_head", "n_positions", "rotary_dim", "activation_function"),
        {},
        classes=("MossForCausalLM",),
    ),
    FIRST_MINIMIND: OldName(
        "llama",
        {
            **SIZES,
            "hidden_dim": "intermediate_size",
            "norm_eps": "rms_norm_eps",
            "max_seq_len": "max_position_embeddings",
        },
        ("vocab_size", *SIZES, "hidden_dim", "norm_eps", "max_seq_len", "rope_theta"),
        {"use_moe": (False,)},
        (("hidden_act", "silu"), ("tie_word_embeddings", True), ("attention_bias", False), ("mlp_bias", False)),
        dropped=(
            "aux_loss_alpha", "dropout", "flash_attn", "multiple_of", "n_routed_experts", "n_shared_experts",
            "norm_topk_prob", "num_experts_per_tok", "scoring_func", "seq_aux", "use_moe",
        ),
        names=OF_META,
        classes=("MiniMindLM",),
        pairs=True,
    ),
    SECOND_MINIMIND: OldName(
        "llama",
        {},
        OF_MINIMIND,
        {"use_moe": (False,), **NOT_STRETCHED},
        (("tie_word_embeddings", True), ("attention_bias", False), ("mlp_bias", False)),
        dropped=(
            "aux_loss_alpha", "dropout", "flash_attn", "inference_rope_scaling", "n_routed_experts", "n_shared_experts",
            "norm_topk_prob", "num_experts_per_tok", "scoring_func", "seq_aux", "use_moe",
        ),
        classes=("MiniMindForCausalLM",),
    ),
    THIRD_MINIMIND: OldName(
        "qwen3",
        {},
        (*OF_MINIMIND, "head_dim"),
        {"use_moe": (False,), **NOT_STRETCHED},
        (("attention_bias", False), ("sliding_window", None), ("use_sliding_window", False)),
        dropped=(
            "dropout", "flash_attn", "inference_rope_scaling", "moe_intermediate_size", "norm_topk_prob", "num_experts",
            "num_experts_per_tok", "use_moe",
        ),
        classes=("MiniMindForCausalLM",),
    ),
}  # fmt: skip
"""By the type as it is written; of MiniMind's three also by when they were published."""
