"""Files that lie beside a `config.json` and are given in its place by mistake: what each is, and which to give instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted


class OtherFile(NamedTuple):
    """A file of a model that says nothing of its layers."""

    name: str  # as it lies in a repository
    keys: tuple[str, ...]  # that together no config has
    is_a: str
    instead: str = "give the config.json beside it"


OTHERS = (
    OtherFile("model.safetensors.index.json", ("weight_map",), "the index of a checkpoint's files"),
    OtherFile("tokenizer_config.json", ("tokenizer_class",), "the settings of a tokenizer"),
    OtherFile("tokenizer.json", ("added_tokens", "model"), "a tokenizer"),
    OtherFile(
        "preprocessor_config.json", ("image_processor_type",), "the settings of an image processor"
    ),
    OtherFile(
        "preprocessor_config.json",
        ("feature_extractor_type",),
        "the settings of a feature extractor",
    ),
    OtherFile("processor_config.json", ("processor_class",), "the settings of a processor"),
    OtherFile("trainer_state.json", ("log_history",), "the log of a training"),
    OtherFile("quantize_config.json", ("bits", "group_size"), "the settings of a quantization"),
    OtherFile(
        "model_index.json",
        ("_diffusers_version",),
        "the config of an image generator",
        "only language models are described",
    ),
    OtherFile("special_tokens_map.json", ("eos_token",), "a tokenizer's map of special tokens"),
    OtherFile("generation_config.json", ("_from_model_config",), "the settings of generation"),
    OtherFile("generation_config.json", ("temperature",), "the settings of generation"),
    OtherFile("generation_config.json", ("do_sample",), "the settings of generation"),
    OtherFile("generation_config.json", ("eos_token_id",), "the settings of generation"),
)
"""The more telling first: a generation's settings may be no more than ids of tokens."""
ADAPTER = "base_model_name_or_path"
"""The key by which an adapter names the model that it changes."""


def other_file(raw: Mapping[str, Any]) -> Refusal | None:
    """What is said of a file without a type that isn't a config at all; None where nothing tells."""
    if adapter := adapted(raw):
        return Refusal(
            f"it is an adapter of {quoted(adapter)} (adapter_config.json), expected a config.json; "
            "give that model's"
        )
    for other in OTHERS:
        if all(key in raw for key in other.keys):
            return Refusal(
                f"it is {other.is_a} ({other.name}), expected a config.json; {other.instead}"
            )
    return None


def adapted(raw: Mapping[str, Any]) -> str:
    """The model that an adapter changes; empty where the file is no adapter's."""
    base = raw.get(ADAPTER)
    return base if isinstance(base, str) and "peft_type" in raw else ""
