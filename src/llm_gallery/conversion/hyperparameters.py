"""A config as llama.cpp's converter reads it: the language model's keys on top, defaults of the reference below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.families._config import LANGUAGE_MODEL, defaults
from llm_gallery.recognition.epsilon import KEYS as EPSILONS

Json = Mapping[str, Any]
LAYER_NORMED = "layer_norm_eps"
HEADS_UNSTATED = ("mixtral",)
"""Types whose reference leaves the width of a head to its attention where a config doesn't say it."""


class Stated(dict[str, Any]):
    """The keys of a config. One that is asked for by its name alone must be stated: else a Refusal is raised."""

    def __getitem__(self, key: str) -> Any:
        found = self.get(key)
        if found is None:
            raise Refusal(
                f"the config states no {printable(key)}, expected what llama.cpp's converter reads of this model; state it"
            )
        return found


def hyperparameters(config: Json) -> Stated:
    """The keys of a config's language model, spelled as in the config, and those of its wrapper."""
    inner = config.get(LANGUAGE_MODEL)
    stated = {**config, **inner} if isinstance(inner, Mapping) else dict(config)
    kind = str(stated.get("model_type"))
    known = defaults(kind)
    filled = {k: v for k, v in known.get("defaults", {}).items() if v is not None}
    filled = {k: v for k, v in filled.items() if k not in known.get("aliases", {})}
    made = Stated({**filled, **stated})
    if "num_key_value_heads" in known.get("defaults", {}):
        made["num_key_value_heads"] = first(made, ("num_key_value_heads", "num_attention_heads"))
    if "head_dim" in known.get("defaults", {}) and kind not in HEADS_UNSTATED:
        made["head_dim"] = head_width(made)
    if not any(key in made for key in EPSILONS) and "epsilon" in known:
        made["rms_norm_eps"] = made[LAYER_NORMED] = known["epsilon"]
    return made


def first(config: Json, spelled: Iterable[str]) -> Any:
    """The value of the first of several spellings that a config states; None where it states none."""
    return next((config[key] for key in spelled if config.get(key) is not None), None)


def rotation(config: Json) -> dict[str, Any]:
    """How queries and keys are rotated: `rope_parameters`, or the older keys as these."""
    held = config.get("rope_parameters") or config.get("rope_scaling")
    made = dict(held) if isinstance(held, Mapping) else {}
    if "full_attention" in made or "sliding_attention" in made:
        return made
    local = first(config, ("rope_local_base_freq", "swa_rope_theta", "local_rope_theta"))
    if local is not None:
        made["sliding_attention"] = {"rope_theta": local}
    filled = {
        "rope_theta": first(config, ("global_rope_theta", "rope_theta", "rotary_emb_base")),
        "rope_type": made.get("type"),
        "partial_rotary_factor": first(config, ("partial_rotary_factor", "rope_pct")),
        "original_max_position_embeddings": config.get("original_max_position_embeddings"),
    }
    return {**{k: v for k, v in filled.items() if v is not None}, **made}


def head_width(config: Json) -> int:
    """The width of a head: as stated, or the model's shared among its heads."""
    stated = config.get("head_dim")
    return int(stated) if stated else config["hidden_size"] // config["num_attention_heads"]
