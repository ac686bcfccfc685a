"""Which families run: those whose scores equal the reference's, token by token, as tests/truth/test_running.py proves."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Architecture, Block, main_stack
from llm_gallery.architecture.parts.feedforward import OF_EXPERTS
from llm_gallery.mechanisms.forward import runs

WIRED = (
    "language_model",
    "group",
    "stack",
    "layer",
    "residual",
    "sum",
    "exit_gate",
    "joined_embedding",
    "identity",
    "loop_input",
    "patcher",
)
"""Kinds that the walk itself goes through."""
OF_A_STACK = (
    "passes", "pass_norm", "layer_scale", "residual", "streams", "saved_every", "loop_passes",
    "pass_sums",
)  # fmt: skip
"""What a stack may state: how often its layers run, what each is scaled by, and what they add to."""
PROVEN = frozenset(
    {
        "afmoe", "apertus", "apertus1p5_text", "arcee", "arctic", "aria_text", "axk1", "axk2", "baichuan",
        "bailing_hybrid", "bailing_moe", "beam", "biogpt", "bloom", "blt", "chatglm", "codegen", "cohere",
        "cohere2", "cohere2_moe", "cohere2_vision", "cohere_compass", "cohere_compass_text", "cosmos3_omni",
        "cpmant", "ctrl", "cwm", "dbrx", "deepseek", "deepseek_v2", "deepseek_v3", "deepseek_v32",
        "deepseek_v4", "delta_net", "diffllama", "doge", "dory", "dots1", "dots3_note_text", "dream",
        "ernie4_5", "ernie4_5_moe", "exaone4", "exaone_moe", "falcon", "falcon_h1", "falcon_mamba",
        "flex_olmo", "flint", "forgetting_transformer", "gated_deltanet", "gemma", "gemma2", "gemma3",
        "gemma3_text", "gemma3n_text", "gemma4", "gemma4_text", "gemma4_unified", "gemma4_unified_text",
        "gigachat3_5", "gla", "glm", "glm4", "glm4_moe", "glm4_moe_lite", "glm5_next", "glm_moe_dsa", "gpt2",
        "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_neox_japanese", "gpt_oss", "gpt_sw3", "gptj", "granite",
        "granite_swa", "granitemoe", "granitemoe_swa", "granitemoehybrid", "granitemoeshared", "grok1",
        "grok_1", "gsa", "hgrn", "hgrn2", "hrm_text", "hunyuan", "hunyuan_v1_dense", "hunyuan_v1_moe",
        "hy_v3", "hy_v4", "hyperclovax", "idefics", "inkling2_loop_text", "inkling2_text", "inkling_mm_model",
        "inkling_text", "internlm", "internlm2", "internlm3", "iquest_q1", "iquestcoder", "jais", "jais2",
        "jamba", "jetmoe", "k2_horizon", "kda", "kimi_k2", "kimi_k25", "kimi_k3", "kimi_linear", "klear",
        "kolibri1", "laguna", "lara_mini", "lfm2", "lfm2_moe", "lfm3", "lightnet", "llada", "llama", "llama4",
        "llama4_text", "longcat", "longcat_flash", "longcat_flash_ngram", "mamba", "mamba2", "mellum", "mimo",
        "mimo_v2", "mimo_v2_flash", "minicpm", "minicpm3", "minicpm_sala", "minimax", "minimax_m2",
        "minimax_m3_vl", "minimax_m3_vl_text", "ministral", "ministral3", "mistral", "mistral3", "mistral4",
        "mistral_large3", "mistral_large4", "mixtral", "mllama", "mllama_text_model", "modernbert_decoder",
        "molmo", "molmoe", "motif", "mpt", "muse_glimmer", "muse_spark", "nanbeige", "nanochat", "nemotron",
        "nemotron_h", "nemotron_nas", "olmo", "olmo2", "olmo3", "olmo_hybrid", "olmoe", "openai_gpt",
        "openelm", "opt", "ouro", "persimmon", "phi", "phi3", "phi3small", "phi4flash", "phimoe", "plamo",
        "plamo2", "qwen", "qwen2", "qwen2_moe", "qwen3", "qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text",
        "qwen3_moe", "qwen3_next", "qwen3_vl", "qwen3_vl_moe", "qwen4_exp", "qwen4_exp_text",
        "recurrent_gemma", "retnet", "rugpt3xl", "rwkv", "rwkv5", "rwkv6", "rwkv7", "samba", "sarvam_mla",
        "sarvam_moe", "seed_oss", "smollm3", "solar_open", "solar_open2", "spark2_5", "stablelm",
        "starcoder2", "step3_text", "step3p5", "telechat", "telechat3", "transformer", "vaultgemma",
        "voxtral_realtime", "xglm", "xlstm", "xverse", "youtu", "yuan", "zamba", "zamba2", "zaya",
    }
)  # fmt: skip
"""Their model types; a family joins when its runs are proven, and none leaves.

A wrapper runs where its language model's family is proven too. What the reference lacks joins as one of these.
"""
STORED_OTHERWISE = frozenset(
    {
        "baichuan", "bailing_moe", "chatglm", "dream", "internlm", "internlm2", "llada", "longcat",
        "longcat_flash_ngram", "mimo", "mimo_v2", "minicpm", "mistral_large3", "molmo", "molmoe", "nanbeige",
        "ouro", "qwen", "step3p5", "xverse",
    }
)  # fmt: skip
"""A type of the reference's own computes the same from the same weights, stored another way: tests/truth/equivalents.py."""
WRITTEN_TWICE = frozenset(
    {
        "arctic", "deepseek", "delta_net", "exaone_moe", "forgetting_transformer", "gated_deltanet",
        "gigachat3_5", "gla", "grok1", "grok_1", "gsa", "hgrn", "hgrn2", "hunyuan", "iquest_q1", "jais",
        "k2_horizon", "kda", "kimi_k3", "klear", "lightnet", "minicpm_sala", "motif", "nemotron_nas",
        "openelm", "phi3small", "phi4flash", "plamo", "plamo2", "retnet", "rugpt3xl", "rwkv5", "rwkv6",
        "rwkv7", "samba", "solar_open2", "spark2_5", "step3_text", "telechat", "telechat3", "transformer",
        "yuan",
    }
)  # fmt: skip
"""A second, naive writing of the published code computes the same: tests/truth/naive."""
TWICE = "a second writing of the published code"

DESCRIPTIVE = frozenset(
    {
        "width", "inputs", "outputs", "rank", "adapter_rank", "weight_sets", "sparsity", "bias", "vocabulary",
        "positions", "inner", "rows", "groups", "transposed", "head_dim", "value_dim", "kv_rank", "rope_dim",
        "rotated", "rope_base", "rope_factor", "original_context", "stretch", "pairs", "tied", "experts",
        "router_bias", "groups_used", "group_best", "shared_gate", "combined", "activation_learned",
        "activation", "gain", "limit", "shift", "eps", "offset", "rotated_scale", "temperature_from",
        "temperature_length", "temperature_power", "temperature_share", "first", "channels", "taps",
        "state_dtype", "output_bias", "step_rank", "query_rank", "output_rank", "share_eps", "shared",
        "projection_scales", "norm_groups", "norm_first", "flat", "inputs_first", "kept", "read",
        "scaled_latents", "shared_memory", "shortcut", "decay_rank", "rate_rank", "gate_rank", "asked",
        "vectors", "way", "router_attention", "shortest", "lengths", "prompt", "segments", "begins",
        "learned_speeds", "product_keys",
    }
)  # fmt: skip
"""What arrays say too, what another fact repeats, and what is asked for where another fact asks for it."""
OF_KEYS = {"unified_kv", "value_norm"}
"""Facts of keys and values, of which a layer that borrows them computes nothing."""

UNKNOWN = "unknown"
"""The setting by which a block says what neither config nor weights tell of it."""


def refused(architecture: Architecture) -> str:
    """Why an architecture can't run yet; empty where it can."""
    if architecture.guess:
        return f"its type is unknown, and {architecture.guess} only stands in for it"
    if reason := next(
        (b.settings[UNKNOWN] for b in run_parts(architecture.root) if UNKNOWN in b.settings), ""
    ):
        return str(reason)
    if kinds := lacking(architecture.root):
        return f"no forward of {', '.join(kinds).replace('_', ' ')}"
    if any(map(_by_length, run_parts(architecture.root))):
        return "rope_scaling is 'dynamic', which nothing computes"
    if any("short_mscale" in _stretch(block) for block in run_parts(architecture.root)):
        return (
            "short texts are scaled otherwise than long ones (short_mscale), which nothing computes"
        )
    if any(_odd(block.value("rotated")) for block in run_parts(architecture.root)):
        return "an odd number of channels is rotated, and they turn in pairs"
    inner = architecture.root.settings.get("wrapped", architecture.model_type)
    for family in (architecture.model_type, inner):
        if family not in PROVEN:
            return f"no run of {family} was compared with the reference"
    stack = main_stack(architecture.root)
    if stack is not None and (odd := unwired(stack)):
        return f"the stack states {', '.join(odd)}"
    return ""


def compared_with(architecture: Architecture) -> str:
    """What a run of its family was compared with, in words."""
    families = {architecture.model_type, architecture.root.settings.get("wrapped")}
    return TWICE if families & WRITTEN_TWICE else "the reference"


def _by_length(block: Block) -> bool:
    """Whether it turns by other angles in a longer text, by no factor that is stated."""
    return block.value("rope_scaling") == "dynamic" and "alpha" not in _stretch(block)


def _stretch(block: Block) -> dict[str, object]:
    """The further numbers of its extension."""
    return dict(block.settings.get("stretch") or {})


def _odd(value: object) -> bool:
    return isinstance(value, int) and value % 2 == 1


def unwired(stack: Block) -> list[str]:
    """What a stack states that nothing follows."""
    return sorted(stack.facts.keys() - {*OF_A_STACK})


def passed_over(block: Block, asked: set[str]) -> set[str]:
    """Facts and settings of a block that its forward never asked for, so that what it gives isn't the model."""
    told = {name for name in block.facts if block.value(name)} | {*block.settings}
    if "shared_kv" in told:
        told -= OF_KEYS
    if block.is_mixture:
        told -= {*OF_EXPERTS}
    return told - asked - DESCRIPTIVE


def lacking(root: Block) -> tuple[str, ...]:
    """Kinds of the language model that have no forward."""
    found = dict.fromkeys(block.kind for block in run_parts(root))
    return tuple(kind for kind in found if kind not in WIRED and not runs(kind))


def run_parts(root: Block) -> Iterator[Block]:
    """Every block of the language model that a text runs through, without what is stored beside it; equal layers,
    which are one object in most families, once."""
    seen: set[int] = set()
    todo = [*reversed(root.inside)]
    while todo:
        part = todo.pop()
        if part.is_run and id(part) not in seen:
            seen.add(id(part))
            yield part
            todo += reversed(part.inside)
