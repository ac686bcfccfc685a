"""The models that mlx-lm has a file for, and where that keeps something else than the model needs; read from its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.engines.subject import Subject

VERSION = "0.32.2"
FILES = frozenset((
    "Klear", "afm7", "afmoe", "apertus", "baichuan_m1", "bailing_hybrid", "bailing_moe", "bailing_moe_linear",
    "bailing_moe_v3", "bitnet", "cohere", "cohere2", "dbrx", "deepseek", "deepseek_v2", "deepseek_v3",
    "deepseek_v32", "deepseek_v41", "dots1", "ernie4_5", "ernie4_5_moe", "exaone", "exaone4", "exaone_moe",
    "falcon_h1", "gear", "gemma", "gemma2", "gemma3", "gemma3_text", "gemma3n", "gemma4", "gemma4_text",
    "glm", "glm4", "glm4_moe", "glm4_moe_lite", "glm_moe_dsa", "gpt2", "gpt_bigcode", "gpt_neox", "gpt_oss",
    "gptj", "granite", "granitemoe", "granitemoehybrid", "helium", "hunyuan", "hunyuan_v1_dense", "internlm2",
    "internlm3", "iquestloopcoder", "jamba", "kimi_k25", "kimi_k3", "kimi_linear", "kimi_vl", "laguna",
    "lfm2-vl", "lfm2", "lfm2_moe", "lille-130m", "llama", "llama4", "llama4_text", "longcat_flash",
    "longcat_flash_ngram", "mamba", "mamba2", "mellum", "mimo", "mimo_v2_flash", "minicpm", "minicpm3",
    "minimax", "minimax_m3_vl", "ministral3", "mistral3", "mistral4", "mixtral", "muse_glimmer", "muse_spark",
    "nanbeige", "nanochat", "nemotron-nas", "nemotron", "nemotron_h", "olmo2", "olmo3", "olmo_hybrid",
    "olmoe", "openelm", "phi", "phi3", "phi3small", "phimoe", "phixtral", "pixtral", "plamo", "plamo2",
    "plamo3", "prism_hadamard_qwen35", "qwen", "qwen2", "qwen2_moe", "qwen2_vl", "qwen3", "qwen3_5",
    "qwen3_5_moe", "qwen3_moe", "qwen3_next", "qwen3_vl", "qwen3_vl_moe", "recurrent_gemma", "rwkv7",
    "seed_oss", "smollm3", "solar_open", "spark2_5", "stablelm", "starcoder2", "step3p5", "talkie",
    "telechat3", "youtu_llm",
))  # fmt: skip
"""Its files of models, each by the `model_type` that it is of; not `olmo`, which reads a config of another form."""
RENAMED = {
    "mistral": "llama",
    "llava": "mistral3",
    "phi-msft": "phixtral",
    "falcon_mamba": "mamba",
    "joyai_llm_flash": "deepseek_v3",
    "kimi_k2": "deepseek_v3",
    "qwen2_5_vl": "qwen2_vl",
    "minimax_m2": "minimax",
    "iquestcoder": "llama",
    "xverse": "llama",
    "gemma4_unified": "gemma4",
}
"""Files of another name than the `model_type`."""
BY_CLASS = {"BailingMoeV3ForCausalLM": "bailing_moe_v3"}
"""Files that the config's class names, before all others."""
PER_ELEMENT = ("laguna", "gating", "per-element")
"""A file, and what of a config it doesn't read: its gates are those of heads."""
RINGS = frozenset((
    "afmoe", "cohere2", "exaone4", "exaone_moe", "gemma3", "gemma3_text", "gemma3n", "gemma4", "gemma4_text",
    "gpt_oss", "laguna", "mellum", "mimo_v2_flash", "muse_glimmer", "muse_spark", "olmo3", "plamo3",
    "recurrent_gemma", "spark2_5", "step3p5",
))  # fmt: skip
"""Files that keep windows in rings; others keep every token."""
RINGS_IF_LISTED = ("llama", "ministral3", "mistral3")
"""The same where the config says of every layer whether it has a window."""
RECURRING = frozenset((
    "bailing_hybrid", "bailing_moe_linear", "bailing_moe_v3", "falcon_h1", "granitemoehybrid", "jamba",
    "kimi_k3", "kimi_linear", "lfm2", "lfm2_moe", "mamba", "mamba2", "nemotron_h", "olmo_hybrid", "plamo2",
    "qwen3_5", "qwen3_5_moe", "qwen3_next", "recurrent_gemma", "rwkv7",
))  # fmt: skip
"""Files that keep states."""
LATENT = frozenset((
    "bailing_hybrid", "bailing_moe_v3", "deepseek_v3", "deepseek_v32", "glm4_moe_lite", "glm_moe_dsa",
    "kimi_k25", "kimi_k3", "kimi_linear", "kimi_vl", "longcat_flash", "mistral3", "mistral4",
))  # fmt: skip
"""Files that keep latents."""
SHARING = ("gemma3n", "gemma4", "gemma4_text")
"""Files in which a layer that reads an earlier one's keys keeps none."""
CHUNKED = ("llama4",)
"""Files that cut chunks."""
EXPANDED = ("deepseek_v2", "minicpm3", "youtu_llm")
"""Files that keep the keys and values of all heads where others keep the latent."""
INDEX_TWICE = ("deepseek_v32", "glm_moe_dsa")
"""Files whose indexer keeps zeros as wide as its keys in place of values."""
SEVERAL_CACHES = ("deepseek_v32", "falcon_h1", "glm_moe_dsa", "longcat_flash", "minimax_m3_vl")
"""Files with several caches a layer, none of which is ever quantized."""
SINGLE_STATES = ("plamo2",)
"""Files whose states have 32 bits where others have 16."""
NEVER_QUANTIZED = ("gemma2", "plamo2")
"""Files whose attention can't read a quantized cache."""


def file_of(subject: Subject) -> str:
    """The file that runs a model. Raises Refusal where there is none."""
    config = subject.config
    stated = config.get("model_type", subject.architecture.model_type)
    classes = config.get("architectures")
    for name in classes if isinstance(classes, list) else ():
        if isinstance(name, str) and name in BY_CLASS:
            return BY_CLASS[name]
    for name in (stated, str(stated).removesuffix("_text")):
        found = RENAMED.get(name, name) if isinstance(name, str) else None
        file, key, value = PER_ELEMENT
        if found == file and config.get(key) == value:
            raise Refusal(
                f"{printable(subject.name)} has {key} {quoted(value)}, expected gates of heads: mlx-lm {VERSION} has no "
                "others; use --with ideal"
            )
        if found in FILES:
            return found
    raise Refusal(
        f"{printable(subject.name)} is of model type {quoted(stated)}, expected one that mlx-lm {VERSION} has a file for; "
        "use --with llama.cpp or --with ideal"
    )


def keeps_rings(file: str, config: Mapping[str, Any]) -> bool:
    """Whether a model's windows are kept in rings; else all tokens are."""
    if file not in RINGS_IF_LISTED:
        return file in RINGS
    parts = (config, config.get("text_config"))
    return any(isinstance(part, Mapping) and part.get("layer_types") for part in parts)
