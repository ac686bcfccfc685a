"""Changes of a real config that somebody may mean: sizes, flags, nulls, lists in another order, keys of a relative."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

from llm_gallery.families._ignored import IGNORED
from llm_gallery.recognition.nearest import LANGUAGE_MODELS
from llm_gallery.recognition.warnings import DEPTH, OF_DEPTH
from tests.odd_configs import DROPPED, Config, Place, changed

Change = tuple[Place, Any]

LAYERS = 6
"""So many are built of most models: enough for a pattern's first rounds."""
WINDOW = 128
"""The longest window of a smaller config: a short text then fills it."""
WINDOWS = ("sliding_window", "attention_chunk_size")
UNTOUCHED = frozenset({"model_type", "architectures", "quantization_config", "quantization"})
ACTIVATIONS = ("gelu", "silu", "relu", "relu2", "gelu_pytorch_tanh")
KINDS = ("full_attention", "sliding_attention", "chunked_attention", "linear_attention")
OF_RELATIVES: Mapping[str, tuple[Any, ...]] = {
    "add_cross_attention": (True,),
    "attention_bias": (True, False),
    "attn_output_gate": (True, False),
    "bias": (True, False),
    "decoder_sparse_step": (2,),
    "embedding_size": (64,),
    "first_k_dense_replace": (0, 2),
    "head_dim": (32, 96, 256),
    "hidden_act": ACTIVATIONS,
    "max_window_layers": (0, 2, 4),
    "mlp_bias": (True,),
    "mlp_only_layers": ([0, 2],),
    "moe_layer_freq": (2, [0, 1, 1, 1, 1, 1]),
    "n_shared_experts": (0, 2),
    "num_attention_heads": (1,),
    "num_key_value_heads": (1, 2, None),
    "num_kv_shared_layers": (2,),
    "num_nextn_predict_layers": (1, 2),
    "partial_rotary_factor": (0.25, 0.5),
    "q_lora_rank": (None, 128),
    "qk_norm": (True, False),
    "qk_layernorm": (True, False),
    "qk_rope_head_dim": (32,),
    "qkv_bias": (True, False),
    "rope_parameters": ({"rope_type": "default", "rope_theta": 5e5},),
    "rope_scaling": (None, {"type": "linear", "factor": 2.0}),
    "shared_expert_intermediate_size": (512,),
    "sliding_window": (64, None),
    "tie_word_embeddings": (True, False),
    "use_bias": (True, False),
    "use_parallel_residual": (True, False),
    "use_qk_norm": (True, False),
    "use_sliding_window": (True, False),
    "v_head_dim": (64,),
}
"""Keys that some families read, put into the config of any: those that don't read them must not be misled."""


def text(config: Mapping[str, Any]) -> tuple[Place, Mapping[str, Any]]:
    """Where the language model's keys are, and these."""
    for key in LANGUAGE_MODELS:
        if isinstance(config.get(key), Mapping):
            return (key,), config[key]
    return (), config


def smaller(config: Mapping[str, Any], count: int = LAYERS) -> Config:
    """The config with `count` layers and short windows; lists of one value a layer are cut to their number."""
    made: Config = deepcopy(dict(config))
    place, held = text(made)
    inner = made[str(place[0])] if place else made
    depths = {key: inner[key] for key in (DEPTH, *OF_DEPTH) if isinstance(inner.get(key), int)}
    depth = max(depths.values(), default=0)
    for key, value in held.items():
        if depth > count:
            inner[key] = count if key in depths else _cut(key, value, depth, count)
        if key in WINDOWS and isinstance(value, int):
            inner[key] = min(value, WINDOW)
    return made


def _cut(key: str, value: Any, depth: int, count: int, first: int = 0) -> Any:
    """A list, or a pattern in letters, of which each layer has one; other values as they are.

    Lists of layers count from `first`: from 1 where one of those that stand together has a layer of the depth's number.
    """
    if isinstance(value, Mapping):
        first = int(any(isinstance(one, list) and depth in one for one in value.values()))
        return {inner: _cut(inner, one, depth, count, first) for inner, one in value.items()}
    if isinstance(value, str) and "pattern" in key and len(value) == depth:
        return value[:count]
    if not isinstance(value, list):
        return value
    if depth <= len(value) <= depth + 3:  # some lists go on for layers that predict further tokens
        return [*value[:count], *value[depth:]]
    if "layer" in key and all(type(one) is int for one in value):
        return [one for one in value if one < count + first]
    return value


def changes(config: Mapping[str, Any], filled: Mapping[str, Any], rng: Random) -> list[Change]:
    """Every change of one key; `filled` holds what the reference fills into the language model's config."""
    place, held = text(config)
    known = dict(_places(config, ()))
    absent = {(*place, k): v for k, v in filled.items() if k not in held and k not in IGNORED}
    found = [(p, v) for p, old in {**absent, **known}.items() for v in _values(p[-1], old, rng)]
    found += [
        ((*place, key), value)
        for key, values in OF_RELATIVES.items()
        for value in values
        if held.get(key, DROPPED) != value
    ]
    return list({f"{p} {json.dumps(v, default=str)}": (p, v) for p, v in found}.values())


def applied(config: Mapping[str, Any], drawn: list[Change]) -> Config:
    """The config after all of them; what an earlier one took away isn't dropped again."""
    made: Config = dict(config)
    for place, value in drawn:
        holder: Any = made
        for key in place[:-1]:
            holder = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and (value is not DROPPED or place[-1] in holder):
            made = changed(made, place, value)
    return made


def _places(config: Mapping[str, Any], inside: Place) -> Iterator[Change]:
    """Every key with its value, those in objects included."""
    for key, value in config.items():
        if key in IGNORED or key in UNTOUCHED:
            continue
        yield (*inside, key), value
        if isinstance(value, Mapping):
            yield from _places(value, (*inside, key))


def _values(key: str | int, old: Any, rng: Random) -> Iterator[Any]:
    """Other values for a key, by the sort of its own."""
    yield from (DROPPED, None)
    match old:
        case bool():
            yield not old
        case int():
            yield from {2 * old, max(old // 2, 1), old + 1, 0, 1, 2, 3} - {old}
        case float():
            yield from {2 * old, 0.0, 1.0} - {old}
        case str() if "act" in str(key):
            yield from {*ACTIVATIONS} - {old}
        case str() if "pattern" in str(key):
            yield from (old[::-1], old[:-1], old + old[:1])
        case [first, *_]:
            yield from (old[::-1], old[:-1], [], [first] * len(old), [old[-1]] * len(old))
            yield rng.sample(old, len(old))
            if "layer_types" in str(key):
                yield from ([kind] * len(old) for kind in KINDS)
        case None:
            yield from (1, 64, True, False)
