"""Writes families/_defaults.json: the reference's defaults for every key, so that no default is typed by hand.

Usage: python tools/generate_defaults.py [--check]. Needs the `truth` extra (transformers, no weights).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/llm_gallery/families/_defaults.json"
SIMPLE = (int, float, str, bool, type(None), list, tuple, dict)
PUBLISHED = {
    # A model_type that transformers lacks, and the type whose defaults its published code repeats:
    # https://huggingface.co/moonshotai/Kimi-K2-Base/blob/main/configuration_deepseek.py
    "kimi_k2": "deepseek_v3",
    "openai_gpt": "openai-gpt",  # the one name that no module can have
}
LACKING = {
    # Types that transformers lacks, and where their own configuration code is published. Nothing is
    # filled in for them: a config that leaves out a key that the model needs is refused.
    "baichuan": "https://huggingface.co/baichuan-inc/Baichuan2-7B-Base/blob/main/configuration_baichuan.py",
    "chatglm": "https://huggingface.co/THUDM/chatglm3-6b/blob/main/configuration_chatglm.py",
    "internlm2": "https://huggingface.co/internlm/internlm2-7b/blob/main/configuration_internlm2.py",
    "mimo_v2": "https://huggingface.co/XiaomiMiMo/MiMo-V2.5/blob/main/configuration_mimo_v2.py",
    "mistral_large3": "https://github.com/vllm-project/vllm/blob/main/vllm/transformers_utils/configs/mistral.py",
    "nanbeige": "https://huggingface.co/Nanbeige/Nanbeige4.2-3B/blob/main/configuration_nanbeige.py",
    "ouro": "https://huggingface.co/ByteDance/Ouro-2.6B-Thinking/blob/main/configuration_ouro.py",
    "step3p5": "https://github.com/vllm-project/vllm/blob/main/vllm/transformers_utils/configs/step3p5.py",
}
SPELLED = {
    # Other names of keys, in releases whose own code reads them and whose values are the reference's defaults:
    # https://huggingface.co/moonshotai/Kimi-K2.5/blob/main/configuration_kimi_k25.py
    "kimi_k25_vision": {
        "vt_hidden_size": "hidden_size",
        "vt_intermediate_size": "intermediate_size",
        "vt_num_hidden_layers": "num_hidden_layers",
        "init_pos_emb_height": "pos_emb_height",
        "init_pos_emb_width": "pos_emb_width",
    },
}
NESTED = (
    "kimi_k25_vision", "llama4_vision_model", "pixtral", "qwen3_5_vision", "siglip_vision_model",
)  # fmt: skip
NOT_ARCHITECTURE = ("_attn", "bos_", "eos_", "pad_", "use_cache", "initializer", "dropout")


def model_types() -> list[str]:
    """The families' model_types, and those of the configs that they nest."""
    import llm_gallery.families as families

    return [*families.names(), *NESTED]


def held(model_type: str) -> dict[str, Any]:
    """Defaults by key, and the reference's second names for keys."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    cls = CONFIG_MAPPING[PUBLISHED.get(model_type, model_type)]
    own = {f.name for c in cls.__mro__ for f in [] if c} or set(_annotations(cls))
    defaults = {
        f.name: f.default
        for f in dataclasses.fields(cls)
        if f.name in own
        and isinstance(f.default, SIMPLE)
        and not any(word in f.name for word in NOT_ARCHITECTURE)
    }
    defaults.update(rotary(cls, defaults))
    return {
        "defaults": dict(sorted(defaults.items())),
        "aliases": dict(sorted({**cls.attribute_map, **SPELLED.get(model_type, {})}.items())),
    }


def _annotations(cls: type) -> dict[str, Any]:
    """The keys that a config class and its own config parents declare, not the base class's."""
    from transformers import PreTrainedConfig

    found: dict[str, Any] = {"tie_word_embeddings": bool}
    for parent in cls.__mro__:
        if parent is PreTrainedConfig:
            break
        found.update(parent.__dict__.get("__annotations__", {}))
    return found


def rotary(cls: type, defaults: dict[str, Any]) -> dict[str, Any]:
    """What the class fills in about rotation after reading: base, rotated part, extension."""
    if "rope_parameters" not in defaults:
        return {}
    made = cls().rope_parameters or {}
    theta = getattr(cls, "default_theta", None)
    if isinstance(theta, dict):
        return {"rope_theta": theta["global"], "rope_local_base_freq": theta["local"]}
    if any(isinstance(value, dict) for value in made.values()):  # one rotation per kind of layer
        return {"rope_parameters": made}
    found = {k: made[k] for k in ("rope_theta", "partial_rotary_factor") if k in made}
    if "rope_theta" not in found and theta is not None:
        found["rope_theta"] = theta
    if made.get("rope_type", "default") != "default":
        found["rope_parameters"] = made
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a difference")
    check = parser.parse_args().check
    import transformers

    made = {
        "//": "GENERATED by tools/generate_defaults.py; do not edit",
        "transformers": transformers.__version__,
        "model_types": {name: held(name) for name in sorted(model_types()) if name not in LACKING},
    }
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if check:
        same = TARGET.read_text("utf-8") == text
        print(
            "defaults: unchanged" if same else f"{TARGET} differs: run tools/generate_defaults.py"
        )
        return 0 if same else 1
    TARGET.write_text(text, "utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
