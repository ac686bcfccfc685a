"""The parts of random configs: each key stated, null or left out, sizes tiny to huge, drawn with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from random import Random
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from llm_gallery.families._config import defaults, hints
from llm_gallery.families._registry import keys, module_name
from llm_gallery.families._values import Bounds, options

ABSENT = object()
"""Drawn where a config leaves the key out."""
TYPES = ("sliding_attention", "full_attention")

Config = dict[str, Any]


def _kept(**drawn: Any) -> Config:
    return {key: value for key, value in drawn.items() if value is not ABSENT}


def _drawn(draw: Random, model_type: str, *without: str, **own: Any) -> Config:
    """A config of a family: every key that the reference has a default for and that isn't given, as its type allows."""
    known = defaults(model_type)["defaults"]
    named = (field.name for field in fields(keys(module_name(model_type))))
    others = [key for key in named if key in known and key not in (*without, *own)]
    return {"model_type": model_type} | _stated(draw, model_type, *others) | _kept(**own)


def _stated(draw: Random, model_type: str, *names: str) -> Config:
    """Keys of a family with values that their types allow, or left out; so is what no type bounds."""
    allowed = hints(keys(module_name(model_type)))
    return _kept(**{name: draw.choice([*_values(allowed[name]), ABSENT]) for name in names})


def _values(hint: Any) -> Iterator[Any]:
    """Few values of a type: all where it has few, else from its least one up."""
    for option in options(hint):
        bounds = [one for one in getattr(option, "__metadata__", ()) if isinstance(one, Bounds)]
        plain = get_args(option)[0] if hasattr(option, "__metadata__") else option
        if plain is bool:
            yield from (True, False)
        elif plain is NoneType:
            yield None
        elif get_origin(plain) is Literal:
            yield from get_args(plain)
        elif plain is int and bounds:
            least = int(bounds[0].least)
            yield from (least, least + 1, 5 if bounds[0].most < 2**24 else 96)


def _flag(draw: Random) -> Any:
    return draw.choice([True, False, ABSENT])


def _schedule(draw: Random, layers: int, *kinds: str) -> Any:
    """One kind a layer, or nothing stated."""
    return draw.choice([ABSENT, None, [draw.choice(kinds) for _ in range(layers)]])


def _scaling(draw: Random, key: str = "rope_type") -> Config:
    """A context extension."""
    kind = draw.choice(["linear", "yarn", "llama3"])
    held: Config = {key: kind, "factor": draw.choice([2.0, 8.0])}
    if kind in ("yarn", "llama3"):
        held["original_max_position_embeddings"] = 4096
    if kind == "llama3":
        held |= {"low_freq_factor": 1.0, "high_freq_factor": 4.0}
    return held


def _rope(draw: Random, *, scaled: bool = True) -> Config:
    """Positions as configs spell them: nothing, the older two keys, or `rope_parameters`."""
    theta = draw.choice([10000.0, 500000, 1e6])
    style = draw.choice(["none", "old", "new"])
    key = draw.choice(["type", "rope_type"]) if style == "old" else "rope_type"
    extension = _scaling(draw, key) if scaled and draw.random() < 0.5 else None
    if style == "none":
        return {}
    if style == "old":
        return {"rope_theta": theta} | _kept(rope_scaling=extension or draw.choice([None, ABSENT]))
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | (extension or {})}


def _partial(draw: Random, held: Config) -> Config:
    """A rotated part of each head, beside the rest or inside `rope_parameters`."""
    factor = draw.choice([ABSENT, 0.25, 0.5, 1.0])
    if factor is not ABSENT and "rope_parameters" in held and draw.random() < 0.5:
        held["rope_parameters"]["partial_rotary_factor"] = factor
        return {}
    return _kept(partial_rotary_factor=factor)


def _dense(draw: Random, *, head_dim: bool = True, layers: int | None = None) -> Config:
    """The keys that all decoders after Llama's share."""
    kv_heads = draw.choice([1, 2, 3, 8])
    heads = kv_heads * draw.choice([1, 2, 5])
    dim = draw.choice([8, 64, 128, 256])
    count = draw.randint(1, 9) if layers is None else layers
    return _kept(
        vocab_size=draw.choice([97, 50257, 262144]),
        pad_token_id=None,  # the reference refuses one that the vocabulary lacks
        hidden_size=heads * draw.choice([8, 96, 512]),
        intermediate_size=draw.choice([1, 64, 11008, 65536]),
        num_hidden_layers=count,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=draw.choice([dim, dim, ABSENT]) if head_dim else ABSENT,
        hidden_act=draw.choice(["silu", "gelu", ABSENT]),
        max_position_embeddings=draw.choice([512, 131072, ABSENT]),
        tie_word_embeddings=_flag(draw),
        attention_bias=_flag(draw),
        rms_norm_eps=1e-5,
    )


def _window(draw: Random) -> Any:
    return draw.choice([ABSENT, None, 2, 128, 4096])


def _experts(draw: Random, layers: int) -> Config:
    return _kept(
        num_experts=draw.choice([1, 5, 16]),
        num_experts_per_tok=1,
        moe_intermediate_size=draw.choice([1, 768, 4096]),
        decoder_sparse_step=draw.choice([ABSENT, 1, 2, 3]),
        mlp_only_layers=draw.choice([ABSENT, None, [], [0], [layers - 1, layers + 3]]),
        norm_topk_prob=_flag(draw),
    )


def _grouped_experts(draw: Random, layers: int) -> Config:
    groups = draw.choice([1, 2])
    return _kept(
        n_routed_experts=groups * draw.choice([2, 3, 8]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
        num_experts_per_tok=1,
        moe_intermediate_size=draw.choice([1, 1408]),
        n_group=groups,
        topk_group=1,
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, layers, layers + 2]),
        norm_topk_prob=_flag(draw),
        routed_scaling_factor=draw.choice([ABSENT, 2.0, 1.5]),
        **draw.choice([{}, {"num_nextn_predict_layers": 1}, {"num_mtp_layers": 2}]),
    )


def _plain(draw: Random, *without: str, scaled: bool = True, head_dim: bool = True) -> Config:
    """A decoder with positions, less the keys that the class doesn't have."""
    held = _dense(draw, head_dim=head_dim) | _rope(draw, scaled=scaled)
    return {key: value for key, value in held.items() if key not in without}


def _later_windows(draw: Random, layers: int, *, used: bool = True) -> Config:
    """A window from some layer on, as Qwen's configs state it."""
    return _kept(
        use_sliding_window=_flag(draw) if used else ABSENT,
        sliding_window=draw.choice([ABSENT, 2, 128]),
        max_window_layers=draw.choice([ABSENT, 0, 2, layers]),
    )


def _some_experts(draw: Random, key: str) -> Config:
    return {key: draw.choice([2, 5, 16]), "num_experts_per_tok": draw.choice([1, 2])}


def _multipliers(draw: Random) -> Config:
    return _kept(
        attention_multiplier=draw.choice([ABSENT, 0.0078125, 0.3]),
        embedding_multiplier=draw.choice([ABSENT, 12.0]),
        residual_multiplier=draw.choice([ABSENT, 0.22]),
        logits_scaling=draw.choice([ABSENT, 8.0]),
    )


def _state_space(draw: Random, model_type: str, width: int) -> Config:
    heads = draw.choice([1, 2, 4])
    sizes = ("mamba_d_state", "mamba_d_conv", "mamba_conv_bias", "mamba_proj_bias")
    return _stated(draw, model_type, *sizes) | {
        "mamba_n_heads": heads,
        "mamba_d_head": draw.choice(["auto", 2 * width // heads]),
        "mamba_n_groups": 1,
    }


def _without(held: Config, *keys: str) -> Config:
    return {key: value for key, value in held.items() if key not in keys}


def _latent(draw: Random) -> Config:
    return _kept(
        q_lora_rank=draw.choice([ABSENT, None, 24]),
        kv_lora_rank=draw.choice([8, ABSENT]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, ABSENT]),
    )


def _one_head_a_query(held: Config) -> Config:
    return held | {"num_key_value_heads": held["num_attention_heads"]}


def _tower(draw: Random, head_dim: int) -> Config:
    """The sizes of a vision tower, with heads of 16 or of the release's size."""
    heads = draw.choice([1, 4])
    return {
        "hidden_size": heads * draw.choice([16, head_dim]),
        "intermediate_size": draw.choice([16, 896]),
        "num_hidden_layers": draw.randint(1, 4),
        "num_attention_heads": heads,
        "patch_size": draw.choice([2, 14]),
    }


def _qwen_vision(draw: Random, model_type: str) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type=model_type,
        depth=draw.randint(1, 4),
        hidden_size=heads * draw.choice([8, 72]),
        intermediate_size=draw.choice([16, 4304]),
        num_heads=heads,
        in_channels=draw.choice([ABSENT, 1]),
        patch_size=draw.choice([2, 16]),
        temporal_patch_size=draw.choice([ABSENT, 1, 2]),
        spatial_merge_size=draw.choice([ABSENT, 1, 2]),
        out_hidden_size=draw.choice([ABSENT, 32]),
        num_position_embeddings=draw.choice([ABSENT, 64]),
    )
