"""Random configs as the reference reads them in full: what it passes over is said by other keys, as releases do, or not asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Config = dict[str, Any]


def minimax_m3_vl(text: Config) -> Config:
    """The rotated part of a head is `rotary_dim`; the reference reads its share."""
    return text | {"partial_rotary_factor": text["rotary_dim"] / text["head_dim"]}


def muse_glimmer(text: Config) -> Config:
    """All layers that turn have one base; the reference reads it where the whole model's stands."""
    base = max(text.get("layer_rope_theta") or [0])
    if not base:
        return text
    if "rope_parameters" in text:
        return text | {"rope_parameters": text["rope_parameters"] | {"rope_theta": base}}
    return text | {"rope_theta": base}


def olmo3(text: Config) -> Config:
    """A base of all layers; the reference gives it to those that see everything, and another to the windowed ones."""
    if "rope_theta" not in text or "rope_parameters" in text:  # which says the base of each
        return text
    base = {"rope_theta": text["rope_theta"]}
    scaling = text.get("rope_scaling") or {"rope_type": "default"}
    rotations = {
        "full_attention": scaling | base,
        "sliding_attention": {"rope_type": "default"} | base,
    }
    held = {k: v for k, v in text.items() if k not in ("rope_theta", "rope_scaling")}
    return held | {"rope_parameters": rotations}


REPEATED: Mapping[str, Callable[[Config], Config]] = {
    "minimax_m3_vl": minimax_m3_vl,
    "minimax_m3_vl_text": minimax_m3_vl,
    "muse_glimmer": muse_glimmer,
    "muse_spark": muse_glimmer,
    "olmo3": olmo3,
}


UNSCALED: Mapping[str, Config] = {
    "cohere2_vision": {"logit_scale": 1.0},
    "gemma3": {"final_logit_softcapping": None},
}
"""What the reference's class of a language model does to its scores, and its class with a tower doesn't; no release asks for it."""


def scored(raw: Config) -> Config:
    """The config without what the class with a tower doesn't do to the scores, nor what a text at once doesn't show.

    Where Dory's earlier passes read what the last one kept, nothing is kept yet, and none runs here.
    """
    if raw.get("recurrent_kv_cache_mode") == "last_loop":
        return raw | {"recurrent_kv_cache_mode": "per_loop"}
    own = UNSCALED.get(raw["model_type"])
    return raw if own is None else raw | {"text_config": raw["text_config"] | own}


def full_config(raw: Config) -> Config:
    """The same model with the keys that the reference reads, in its language model's part."""
    say = REPEATED.get(raw["model_type"])
    if say is None:
        return raw
    return raw | {"text_config": say(raw["text_config"])} if "text_config" in raw else say(raw)
