"""A small config of the same type: the mechanisms of the large one in the same pattern, in a few thousand weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import lcm
from typing import Any

from llm_gallery.architecture.block import Block, distinct, layers
from llm_gallery.families._config import defaults
from llm_gallery.recognition import describe, left_open, shrinking
from llm_gallery.recognition.nearest import language_model
from llm_gallery.recognition.shrinking import Shrinking
from llm_gallery.running.miniature_sizes import (
    ALONE,
    BEFORE,
    BORROWING,
    CONTEXTS,
    DEPTHS,
    HEAD,
    HEADS,
    INDICES,
    KEYS,
    LEADING,
    LETTERS,
    MODULES,
    NUMBERED,
    OF_LINEAR,
    OF_NOISE,
    OF_PARTS,
    OF_SINGLE,
    OF_WINDOWS,
    RUNS,
    SINGLE,
    WARMED,
    WIDTHS,
    largest,
)
from llm_gallery.running.towers import joined

Json = dict[str, Any]

OF_TOWERS = {"vision_config.hidden_size": 48, "vision_config.out_hidden_size": 64}
"""Widths that a config leaves out, as GLM-5.3 that of its tower; 12 heads share the first, and 16."""


def miniature(config: Mapping[str, Any], stand_in: str = "") -> Json:
    """A config of the same `model_type`, which describes the same mechanisms in the same pattern of layers.

    Every kind of layer that the config has is among its first few, of which the small one has no more.
    For a guess, `stand_in` names the family that reads the keys. Raises Refusal as `describe` does.
    """
    if stand_in:
        return _guessed(config, stand_in)
    found = layers(describe(config).root)
    first = [next(i for i, other in enumerate(found) if other == one) for one in found]
    lent = next((i for i, one in enumerate(found) if _borrows(one)), 0)
    depth = max(2, max(first, default=0) + 1, lent + 1)
    whole = _stated(config)
    return joined(whole, shrunk(whole, min(depth, len(found)), len(found), shrinking(config)))


def _borrows(layer: Block) -> bool:
    """Whether a tensor of a layer is one of another part, and isn't read because that part runs again."""
    held = (tensor for block in distinct(layer) for tensor in block.tensors)
    return any(tensor.tied_to and not tensor.run_before for tensor in held)


def _guessed(config: Mapping[str, Any], stand_in: str) -> Json:
    """The small config of the family that stands in, of the type that the large one has; its language model's alone."""
    inner, at = language_model(config)
    small = miniature({**inner, "model_type": stand_in})
    for held, made in ((inner, small), (config, outer := {at: small} if at else small)):
        made.pop("model_type", None)
        if "model_type" in held:
            made["model_type"] = held["model_type"]
    return outer


def _stated(config: Mapping[str, Any]) -> Json:
    """The config with what it leaves to the reference, each key in one spelling."""
    made = dict(config)
    for path, value in left_open(config).filled.items():
        if isinstance(value, Mapping):  # how it turns; no size
            continue
        held, key = _object(made, path)
        held[key] = OF_TOWERS.get(path, value)
    for path in left_open(made).repeated:
        held, key = _object(made, path)
        del held[key]
    return made


def _object(made: Json, path: str) -> tuple[Json, str]:
    """The object that holds a key, its own copy all the way, and the key in it."""
    *outer, key = path.split(".")
    for part in outer:
        made[part] = dict(made.get(part) or {})
        made = made[part]
    return made, key


def shrunk(config: Mapping[str, Any], depth: int, deep: int, by: Shrinking, at: str = "") -> Json:
    """Each size at most what a small model has, each list of layers cut to its depth; what is null stays so.

    `at` is the path at which the object stands: that of the language model is changed by its family's rules, too.
    """
    nulls = {key: value for key, value in config.items() if value is None}
    config = {key: value for key, value in config.items() if value is not None}
    after = config.get(MODULES) or 0
    small: Json = {
        key: shrunk(value, depth, deep, by, f"{at}.{key}" if at else key)
        if isinstance(value, Mapping)
        else _cut(key, value, depth, deep, after)
        for key, value in config.items()
    }
    for key, most in largest().items():
        if key in small:
            small[key] = _at_most(small[key], most)
    for key in (key for key in LETTERS if config.get(key)):
        small[key] = config[key][:depth]
    if config.get(RUNS):
        spelled = [kind for kinds, times in config[RUNS] for kind in [*kinds] * times]
        small[RUNS] = [[spelled[:depth], 1]]
    if isinstance(small.get(SINGLE), Mapping):
        small[SINGLE] = {
            n: small[SINGLE][n] for n in small[SINGLE] if not n.isdigit() or int(n) < depth
        }
        for one in small[SINGLE].values():  # Gemma 4's full layers, as the reference saves them
            said = {key: small[whole] for key, whole in OF_SINGLE.items() if whole in small}
            one |= {key: value for key, value in said.items() if key in one}
    for key in (key for key in NUMBERED if config.get(key)):
        small[key] = [number for number in config[key] if number <= depth]
    if config.get(INDICES):
        small[INDICES] = [number for number in config[INDICES] if number < depth]
    for key in (key for key in DEPTHS if config.get(key) == deep):
        small[key] = depth
    if config.get("num_layers") == deep and config.get("num_hidden_layers") == 2 * deep:
        del small["num_hidden_layers"]  # LongCat's attentions, which say the same
    if config.get(BORROWING):
        small[BORROWING] = max(0, config[BORROWING] - deep + depth)
    if isinstance(small.get(LEADING), int):
        small[LEADING] = min(small[LEADING], depth)
    if "index_topk" in config:  # whole pools of tokens
        small["index_topk"] = 6 if "index_kpool" in config else 5
    if "oe_vocab_size_ratio" in config:  # times as many rows as words, a part of one left over
        small["oe_vocab_size_ratio"] = min(config["oe_vocab_size_ratio"], 4.3)
    looks_up = config.get("ple_layer_ids") or {"emb_split_num", "oe_split_num"} & config.keys()
    if looks_up and config.get("eos_token_id") is not None:
        most = _first(small, "vocab_size") or 1
        small["eos_token_id"] = _each(config["eos_token_id"], lambda token: token % most)
    attending = config.get("attn_config")
    if isinstance(attending, Mapping) and "kv_n_heads" in attending:  # DBRX's, beside its queries
        each = config["n_heads"] // attending["kv_n_heads"]
        small["attn_config"]["kv_n_heads"] = keys = min(attending["kv_n_heads"], 2)
        small["n_heads"] = keys * min(each, 4)
        small["d_model"] = small["n_heads"] * HEAD
    attending = config.get("attn")
    if isinstance(attending, Mapping) and "layers" in attending:  # Flash Linear Attention's
        small["attn"]["layers"] = [i for i in attending["layers"] if i < depth]
        small["attn"] |= {key: 4 for key in ("num_heads", "num_kv_heads") if key in attending}
    for rule in by.shrink if at == by.at else ():
        rule(config, small, depth)
    trained, longest = config.get("seq_length"), config.get("max_position_embeddings")
    if isinstance(trained, int) and isinstance(longest, int) and trained < longest:
        small["seq_length"] = largest()["seq_length"] // 2  # Qwen's is stretched beyond it
    _heads(config, small)
    if "patch_sizes" in (config.get("audio_config") or {}):  # a waveform's tower ends in the stream
        small["audio_config"]["out_hidden_size"] = small["text_config"]["hidden_size"]
    _states(config, small)
    _experts(config, small)
    for fit in by.fit if at == by.at else ():
        fit(config, small)
    _context(config, small)
    return nulls | small


def _cut(key: str, value: Any, depth: int, deep: int, after: int) -> Any:
    """A list of one value a layer, of which `after` more may be for modules after the last, cut to its depth."""
    if key in OF_PARTS:
        return value
    if isinstance(value, list | tuple) and len(value) in (deep, deep + after):
        return [*value[:depth], *value[deep:][: largest()[MODULES]]]
    return value


def _each(value: Any, make: Callable[[int], int]) -> Any:
    """A number made small, or each of a list; what is no number stays."""
    if isinstance(value, list | tuple):
        return [_each(one, make) for one in value]
    return value if isinstance(value, bool) or not isinstance(value, int) else make(value)


def _at_most(value: Any, most: int) -> Any:
    """A number, or each of a list, no larger."""
    return _each(value, lambda size: min(size, most))


def _heads(config: Mapping[str, Any], small: Json) -> None:
    """As many queries a key as before, up to four, and a width that heads share where they shared it."""
    if (
        "num_heads" in small and _first(config, *HEADS) is None
    ):  # a tower's, or Flash Linear Attention's
        for key in (key for key in KEYS if key in small):
            few_heads = small["num_heads"] * config[key] // config["num_heads"]
            small[key] = max(1, few_heads)
    for prefix in ("", "swa_"):
        heads = _first(config, *(prefix + key for key in HEADS))
        if heads is None:
            continue
        keys = _first(config, *(prefix + key for key in KEYS)) or heads
        most = min(keys, 4 if keys == heads else 2)

        def few(count: int, keys: int = keys, most: int = most) -> int:
            each = max(count // keys, 1)
            return most * (each if each <= 4 else max(each // 2, 4) if each <= 8 else 4)

        for key in (*HEADS, "num_attention_heads_per_layer"):
            if prefix + key in config:
                small[prefix + key] = _each(small[prefix + key], few)
        for key in KEYS:
            if prefix + key in config:
                small[prefix + key] = _at_most(small[prefix + key], most)
    if "index_block_size" in config and config.get("index_n_heads") == config.get(KEYS[0]):
        small["index_n_heads"] = small[KEYS[0]]  # each key head has an indexer
    if isinstance(small.get(OF_NOISE), int):
        small[OF_NOISE] = min(small[OF_NOISE], small[KEYS[0]])
    if config.get(OF_LINEAR) == _first(config, *HEADS) is not None:
        small[OF_LINEAR] = _first(small, *HEADS)
    windowed, plain = (config.get(key) for key in ("swa_num_key_value_heads", KEYS[0]))
    if isinstance(windowed, int) and isinstance(plain, int) and windowed > plain:
        several = small[KEYS[0]] * (windowed // plain)
        small["swa_num_key_value_heads"] = several
        if OF_WINDOWS in small:
            small[OF_WINDOWS] = -(-small[OF_WINDOWS] // several) * several
    if config.get(OF_WINDOWS) == config.get(HEADS[0]) is not None:
        keys = lcm(small.get(KEYS[0]) or 1, small.get("swa_num_key_value_heads") or 1)
        most = max(small[OF_WINDOWS], small[HEADS[0]])
        small[OF_WINDOWS] = small[HEADS[0]] = -(-most // keys) * keys
    # What latent attention may call the size of a head: its rotated part, or both.
    for parts in (("qk_rope_head_dim",), ("qk_nope_head_dim", "qk_rope_head_dim")):
        if config.get("head_dim") == sum(config.get(part) or 0 for part in parts):
            small["head_dim"] = sum(small[part] for part in parts)
    share = _share(config)
    for key in ("head_dim", "swa_head_dim"):
        while (
            isinstance(small.get(key), int)
            and small[key] < config[key]
            and int(small[key] * share) % 2
        ):
            small[key] += 1
    heads, width = _first(small, *HEADS), _first(config, *WIDTHS)
    if heads is None or width is None:
        return
    stated = _first(config, "head_dim", "kv_channels")
    even = stated is None or stated * (_first(config, *HEADS) or 0) == width
    each = _first(small, "head_dim", "kv_channels") or HEAD
    for key in (key for key in WIDTHS if key in config):
        small[key] = heads * each if even else 56 // heads * heads


def _states(config: Mapping[str, Any], small: Json) -> None:
    """As many values a key as before; heads of a state space that are as wide together as they were."""
    keys, values = config.get("linear_num_key_heads"), config.get("linear_num_value_heads")
    if isinstance(keys, int) and isinstance(values, int):
        small["linear_num_value_heads"] = small["linear_num_key_heads"] * (values // keys)
    if _first(config, *HEADS) is None and "hidden_size" in config:
        small["hidden_size"] = min(config["hidden_size"], ALONE)
    if config.get("attention_hidden_size") == config.get("hidden_size") is not None:
        small["attention_hidden_size"] = small["hidden_size"]
    if (
        config.get("d_model") == config.get("hidden_size") is not None
    ):  # Mamba's first files say both
        small["d_model"] = small["hidden_size"]
    if {"num_heads", "head_dim", "expand"} <= config.keys():  # Mamba-2's heads are all its width
        small["hidden_size"] = small["num_heads"] * small["head_dim"] // small["expand"]
    if isinstance(config.get("mamba_d_head"), int) and "mamba_expand" in config:
        wide = int(config["mamba_expand"] * small["hidden_size"])
        small["mamba_d_head"] = wide // small["mamba_n_heads"]
        if isinstance(config.get("mamba_d_ssm"), int):
            small["mamba_d_ssm"] = small["mamba_n_heads"] * small["mamba_d_head"]


def _experts(config: Mapping[str, Any], small: Json) -> None:
    """Groups of several experts each, of which some stay out; few where a token may run none."""
    groups, chosen = config.get("n_group"), config.get("topk_group")
    if isinstance(groups, int) and isinstance(chosen, int) and groups > 1:
        small["topk_group"] = max(1, small["n_group"] * chosen // groups)
    deep = (
        _first(small, *DEPTHS) or 0
    ) > 32  # Mistral Large 4's 40th layer is the first that borrows
    if deep and "n_routed_experts" in small:
        small["n_routed_experts"] = min(small["n_routed_experts"], 8)


def _context(config: Mapping[str, Any], small: Json) -> None:
    """A context as many times the one before its extension as it was."""
    for name in (WARMED[1], "yarn", "rope_scaling", "rope_parameters", ""):
        inner, made = (config.get(name), small.get(name)) if name else (config, small)
        if not isinstance(inner, Mapping) or not isinstance(made, dict):
            continue
        before = _first(inner, *BEFORE)
        if before is not None:
            most = _first(made, *BEFORE) or largest()[BEFORE[0]]
            if WARMED[0] in inner or WARMED[1] in config:
                most = made[BEFORE[0]] = 8
            for key in (key for key in CONTEXTS if isinstance(config.get(key), int)):
                small[key] = most * max(1, round(config[key] / before))
        for factors in ("short_factor", "long_factor"):
            if name and isinstance(inner.get(factors), list | tuple):
                rotated = small.get("qk_rope_head_dim") or int(HEAD * _share(config))
                made[factors] = list(inner[factors][: rotated // 2])


def _share(config: Mapping[str, Any]) -> float:
    """The part of each head that turns, wherever the config or its class says it."""
    usual = defaults(str(config.get("model_type"))).get("defaults", {})
    turning = config.get("rope_parameters") or usual.get("rope_parameters") or {}
    said = [config, turning, *(one for one in turning.values() if isinstance(one, Mapping))]
    shares = (held.get("partial_rotary_factor") for held in said)
    return next((float(share) for share in shares if share), 1.0)


def _first(config: Mapping[str, Any], *keys: str) -> int | None:
    """The first of several keys that states a number."""
    values = (config.get(key) for key in keys)
    return next((value for value in values if isinstance(value, int)), None)
