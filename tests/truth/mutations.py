"""Random configs: what a key may be comes from its type, sizes that must fit one another are drawn together.

Each key is stated, null or left out, in any of its spellings; sizes are tiny to huge, seeds fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from random import Random
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from llm_gallery.families._config import defaults
from llm_gallery.families._reader import hints, is_config
from llm_gallery.families._registry import keys, module_name
from llm_gallery.families._values import Bounds, options
from tools.generate_defaults import SPELLED

ABSENT = object()
"""Drawn where a config leaves the key out."""
TYPES = ("sliding_attention", "full_attention")
EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
ROTATION = ("rope_theta", "rope_scaling", "rope_parameters")
LINEAR = ("linear_attention", "full_attention")
KEYS = (ABSENT, 8, 96)
"""Channels of a delta rule's keys: of fewer, the inverse that the reference takes of all tokens' products loses digits."""

Config = dict[str, Any]
Family = Callable[[Random], Config]


def _as(model_type: str, *without: str, scaled: bool = True, **among: Sequence[Any]) -> Family:
    """A family whose types say it all but for some keys, which take one of the values here."""

    def drawn(draw: Random) -> Config:
        own = {key: draw.choice(values) for key, values in among.items()}
        return _drawn(draw, model_type, *without, scaled=scaled, **own)

    return drawn


def _drawn(draw: Random, model_type: str, *without: str, scaled: bool = True, **own: Any) -> Config:
    """A config of a family: every key that the reference has a default for and that isn't given here."""
    cls = keys(module_name(model_type))
    return {"model_type": model_type} | _of(draw, cls, *without, scaled=scaled, **own)


def _part(draw: Random, model_type: str, key: str, *without: str, **own: Any) -> Config:
    """The config that a family nests under a key."""
    hint = hints(keys(module_name(model_type)))[key]
    cls = next(option for option in options(hint) if is_config(option))
    return {"model_type": cls.model_type} | _of(draw, cls, *without, **own)


def _tower(draw: Random, model_type: str, heads: str = "num_attention_heads", **own: Any) -> Config:
    """Its vision tower: the heads change no shape, so that no class here reads them, but must fit the width."""
    count = draw.choice([1, 4])
    sizes = {heads: count, "hidden_size": count * draw.choice([16, 96])} | own
    return _part(draw, model_type, "vision_config", **sizes)


def _of(draw: Random, cls: Any, *without: str, scaled: bool = True, **own: Any) -> Config:
    """The keys of a class."""
    reference, allowed = defaults(cls.model_type), hints(cls)
    spelled = _spellings(cls.model_type, reference)
    has = [
        field.name
        for field in fields(cls)
        if {field.name, *spelled.get(field.name, ())} & reference["defaults"].keys()
        and not {field.name, *spelled.get(field.name, ())} & {*without, *own}
    ]
    together = _together(draw, own)
    if "layer_types" in allowed and "use_sliding_window" not in allowed:
        together["sliding_window"] = draw.choice([ABSENT, 2, 128])  # those layers have one
    held: Config = {"pad_token_id": None} if "vocab_size" in allowed else {}
    # The reference refuses a token for padding that the vocabulary lacks.
    if {"rope_theta", "rope_parameters"} <= {*has}:
        held |= _rope(draw, scaled=scaled)
    for key in has:
        if key == "partial_rotary_factor":
            held |= _partial(draw, held)
        elif key not in (*ROTATION, *held) and not held.keys() & {*spelled.get(key, ())}:
            names = (key, *spelled.get(key, ()))
            named = draw.choice(names)
            held[named] = _value(draw, names, allowed[key], reference, together)
    return {key: value for key, value in {**held, **own}.items() if value is not ABSENT}


def _spellings(model_type: str, reference: Mapping[str, Any]) -> dict[str, list[str]]:
    """The other names of keys that have several."""
    found: dict[str, list[str]] = {}
    for one, other in reference.get("aliases", {}).items():
        if one in SPELLED.get(model_type, ()):
            continue  # by the releases' own code alone
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def _value(
    draw: Random, names: Sequence[str], hint: Any, reference: Mapping[str, Any], together: Config
) -> Any:
    """What fits the other sizes, else what the type allows; null where the reference takes it."""
    key = names[0]
    nullable = NoneType in options(hint) and not {*names} & {*reference["never_null"]}
    if key not in together or any(get_origin(option) is Literal for option in options(hint)):
        found = [*_values(hint), ABSENT]
        return draw.choice([value for value in found if value is not None or nullable])
    value = together[key]
    if key in ("num_key_value_heads", "head_dim") and reference["defaults"].get(key, 0) is None:
        return draw.choice([value, value, ABSENT, None if nullable else value])
    return ABSENT if value is None and not nullable else value


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
        elif plain is float:
            yield from (0.5, 1.0 if bounds and bounds[0].most == 1 else 3.0)


def _together(draw: Random, own: Config) -> Config:
    """Sizes that must fit one another, lists of one value a layer, and words, by the names that all families share."""
    layers = own.get("num_hidden_layers", draw.randint(1, 9))
    kv_heads = own.get("num_key_value_heads", draw.choice([1, 2, 3, 8]))
    heads = own.get("num_attention_heads", kv_heads * draw.choice([1, 2, 5]))
    groups = own.get("n_group", draw.choice([1, 2]))
    return {
        "vocab_size": draw.choice([97, 50257, 262144]),
        "hidden_size": heads * draw.choice([8, 96, 512]),
        "intermediate_size": draw.choice([1, 64, 11008, 65536]),
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": draw.choice([8, 64, 128, 256, ABSENT]),
        "hidden_act": draw.choice(["silu", "gelu", ABSENT]),
        "hidden_activation": draw.choice(["gelu_pytorch_tanh", ABSENT]),
        "max_position_embeddings": draw.choice([512, 131072, ABSENT]),
        "sliding_window": draw.choice([ABSENT, None, 2, 128, 4096]),
        "layer_types": _schedule(draw, layers, *TYPES),
        "mlp_layer_types": _schedule(draw, layers, "dense", "sparse"),
        "mlp_only_layers": draw.choice([ABSENT, None, [], [0], [layers - 1, layers + 3]]),
        **dict.fromkeys(EXPERTS, groups * draw.choice([2, 5, 16])),
        **dict.fromkeys(("num_experts_per_tok", "moe_k"), draw.choice([1, 2])),
        "n_group": groups,
        "topk_group": 1,
        "qk_nope_head_dim": draw.choice([16, 128]),
        "qk_rope_head_dim": draw.choice([8, 64]),
        "v_head_dim": draw.choice([8, 128, ABSENT]),
        "index_head_dim": draw.choice([64, ABSENT]),
    }


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
        stretched = {"rope_scaling": extension}
        return {"rope_theta": theta} | (stretched if extension else draw.choice([{}, stretched]))
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | (extension or {})}


def _partial(draw: Random, held: Config) -> Config:
    """A rotated part of each head, beside the rest or inside `rope_parameters`."""
    factor = draw.choice([ABSENT, 0.25, 0.5, 1.0])
    if factor is not ABSENT and "rope_parameters" in held and draw.random() < 0.5:
        held["rope_parameters"]["partial_rotary_factor"] = factor
        return {}
    return {"partial_rotary_factor": factor}


def _one_rotation_each(draw: Random, **full: Any) -> Config:
    """One rotation for each kind of layer, or nothing stated."""
    rotations = {
        "full_attention": {"rope_type": "default", "rope_theta": 3e6} | full,
        "sliding_attention": {"rope_type": "default", "rope_theta": 30000.0},
    }
    return draw.choice([{}, {"rope_parameters": rotations}])


def _heads(draw: Random) -> Config:
    """As many keys and values as queries."""
    heads = draw.choice([1, 2, 4, 10])
    return {"num_attention_heads": heads, "num_key_value_heads": heads}


def _used_windows(draw: Random, held: Config) -> Config:
    """Windows stand in a list of layers only where the config turns them on."""
    if held.get("use_sliding_window") and held.get("sliding_window"):
        return held
    return held | {"layer_types": None}


def _state_space(draw: Random, width: int) -> Config:
    """Mamba-2's heads beside attention."""
    heads = draw.choice([1, 2, 4])
    dim = draw.choice(["auto", 2 * width // heads])
    return {"mamba_n_heads": heads, "mamba_d_head": dim, "mamba_n_groups": 1, "mamba_expand": 2}


def _chosen(draw: Random, layers: int, *kinds: str) -> list[str]:
    """One kind a layer, the first of them before all."""
    return [kinds[0], *draw.choices(kinds, k=layers - 1)]
