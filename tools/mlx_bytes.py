"""Writes tests/engines/mlx.tsv: bytes of caches and weights by mlx-lm's own classes, for every model that it builds.

Usage: python -m tools.mlx_bytes [--check] [IDS...].

It runs by hand in an environment with requirements/mlx.txt. Models are built of the catalog's configs and read zeros; MLX
computes nothing before somebody asks for a number, and nobody does: shapes and dtypes say the bytes. Values that configs
leave out, and no size depends on, are supplied.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.engines import mlx
from llm_gallery.engines.mlx_models import RECURRING, file_of
from llm_gallery.engines.mlx_weights import weights
from llm_gallery.engines.split import ALONE
from llm_gallery.engines.subject import Subject
from tools.generated import MARK, ROOT, arguments, named, settled

FILE = ROOT / "tests/engines/mlx.tsv"
SHORT, LONG, CHUNK = 9, 9_000, 2_048
BITS = (16, 8, 6, 4)
GROUP = 64
SLOW = ("dbrx-132b",)
"""Models that take minutes to build: a module for each matrix of an expert."""
SUPPLIED: Mapping[str, object] = {
    **dict.fromkeys(
        ("rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_eps", "layernorm_epsilon"),
        1e-5,
    ),
    **dict.fromkeys(
        ("tie_word_embeddings", "attention_bias", "mlp_bias", "mamba_proj_bias"), False
    ),
    **dict.fromkeys(("rope_traditional", "norm_topk_prob", "use_qk_norm"), True),
    **dict.fromkeys(("logits_scaling", "attention_multiplier", "embedding_multiplier"), 1.0),
    **dict.fromkeys(("residual_multiplier", "partial_rotary_factor"), 1.0),
    **dict.fromkeys(("n_group", "topk_group"), 1),
    "rope_theta": 10_000.0,
    "max_position_embeddings": 131_072,
    "hidden_act": "silu",
    "rope_scaling": None,
    "attention_method": "MLA",
    "altup_coef_clip": 120.0,
    "query_pre_attn_scalar": 256,
    "time_step_limit": (0.0, 1e9),
    "sliding_window": 128,
    "post_norm": False,
    "qk_norm": True,
    "shared_intermediate_size": 0,
}
COPIED = {"block_dim": "hidden_size", "sliding_window_size": "sliding_window"}
"""Keys of mlx-lm's that say what others say, too."""
LAYER_TYPES = {"linear_attention": "mamba", "full_attention": "attention"}
"""Granite's names of layers, as its published config has them."""


def main() -> int:
    asked = arguments(__doc__ or "", "ids of models; all where none is given")
    models = [entry.id for entry in (named(asked.ids) if asked.ids else entries())]
    rows = [row for model in models if model not in SLOW and (row := _row(model))]
    if asked.ids:
        print("\n".join(rows))
        return 0
    return settled(__doc__ or "", "tools.mlx_bytes", {FILE: "\n".join([_head(), *rows, ""])})


def _head() -> str:
    made = f"mlx-lm {version('mlx-lm')}, mlx {version('mlx')}; {MARK.format(tool='tools/mlx_bytes.py')}"
    return (
        f"# {made}. Cache of {SHORT} tokens one by one, of {LONG:,} by {CHUNK:,}, of {SHORT} in 8 bits; "
        "weights in 16, 8, 6 and 4 bits"
    )


def _row(model: str) -> str:
    """A model's line; empty where it isn't counted, or mlx-lm doesn't build it."""
    found = find(model)
    subject = Subject(found.name, found.architecture, found.config)
    try:
        mlx.check(subject, ALONE)
    except Refusal:
        return ""
    config = _config(subject)
    numbers = list(_numbers(subject, config))
    return "\t".join([model, *numbers]) if set(numbers) != {"-"} else ""


def _numbers(subject: Subject, config: Mapping[str, Any]) -> Iterator[str]:
    recurring = file_of(subject) in RECURRING  # thousands of tokens, one after another
    yield _tried(partial(_cached, config, SHORT, 1))
    yield "-" if recurring else _tried(partial(_cached, config, LONG, CHUNK))
    yield _tried(partial(_cached, config, SHORT, 1, bits=8))
    try:
        weights(subject)
    except Refusal:
        yield from ["-"] * len(BITS)
        return
    tied = subject.root.value("tied") is True
    for bits in BITS:
        yield _tried(partial(_weighed, config, bits, tied))


def _tried(count: Callable[[], int]) -> str:
    """A number, or "-" where the model isn't built, or can't keep what it is asked to."""
    try:
        return str(count())
    except (AttributeError, IndexError, NotImplementedError, RuntimeError, TypeError, ValueError):
        return "-"


def _config(subject: Subject) -> dict[str, Any]:
    """The config as a checkpoint of the model would have it."""
    config = dict(subject.config)
    kind, file = config["model_type"], file_of(subject)
    if kind == f"{file}_text" and file in ("gemma3n", "qwen3_5_moe"):
        return {"model_type": file, "text_config": config}
    config = {**{key: config[of] for key, of in COPIED.items() if of in config}, **config}
    if file == "granitemoehybrid":
        config["layer_types"] = [LAYER_TYPES.get(name, name) for name in config["layer_types"]]
    if file == "bailing_moe":
        config["moe_router_enable_expert_bias"] = True
    if file == "exaone_moe":
        dense = config.get("first_k_dense_replace", 1)
        config["is_moe_layer"] = [at >= dense for at in range(config["num_hidden_layers"])]
    return config


def _built(config: Mapping[str, Any]) -> Any:
    """Its model in 16 bits, as far as its conversion changes dtypes. Raises TypeError where a value is missing."""
    utils, core, tree = (import_module(name) for name in ("mlx_lm.utils", "mlx.core", "mlx.utils"))
    made, arguments_of = utils._get_classes(dict(config))
    parts = [dict(config)]
    if isinstance(config.get("text_config"), Mapping):
        parts[0]["text_config"] = dict(config["text_config"])
        parts.append(parts[0]["text_config"])
    while True:
        try:
            model = made(arguments_of.from_dict(parts[0]))
            break
        except TypeError as error:
            names = [name for name in re.findall(r"'(\w+)'", str(error)) if name in SUPPLIED]
            if not names or all(name in part for part in parts for name in names):
                raise
            for part in parts:
                part.update({name: SUPPLIED[name] for name in names if name not in part})
    cast = getattr(model, "cast_predicate", lambda _: True)
    changed = tree.tree_map_with_path(
        lambda path, array: (
            array.astype(core.bfloat16)
            if cast(path) and core.issubdtype(array.dtype, core.floating)
            else array
        ),
        model.parameters(),
    )
    model.update(changed)
    return model


def _cached(config: Mapping[str, Any], tokens: int, chunk: int, bits: int | None = None) -> int:
    """Bytes of its caches after so many tokens, the last of them alone."""
    core, caches = import_module("mlx.core"), import_module("mlx_lm.models.cache")
    quantized = import_module("mlx_lm.generate").maybe_quantize_kv_cache
    model = _built(config)
    cache = caches.make_prompt_cache(model)
    steps = [min(chunk, tokens - 1 - at) for at in range(0, tokens - 1, chunk)]
    for step in [*steps, 1]:
        model(core.zeros((1, step), dtype=core.int32), cache=cache)
        quantized(cache, 0, GROUP, bits)
    return sum(held.nbytes for held in cache)


def _weighed(config: Mapping[str, Any], bits: int, tied: bool) -> int:
    """Bytes of its tensors in so many bits; experts that are released in MXFP4 stay so."""
    utils, tree = import_module("mlx_lm.utils"), import_module("mlx.utils")
    model = _built(config)
    for part in (model, getattr(model, "language_model", {})) if tied else ():
        part.pop("lm_head", None)
    if (config.get("quantization_config") or {}).get("quant_method") == "mxfp4":
        import_module("mlx.nn").quantize(model, 32, 4, mode="mxfp4", class_predicate=_is_expert)
    if bits < 16:
        with contextlib.redirect_stdout(io.StringIO()):
            model, _ = utils.quantize_model(model, {}, GROUP, bits)
    return sum(array.nbytes for _, array in tree.tree_flatten(model.parameters()))


def _is_expert(path: str, module: Any) -> bool:
    return "experts" in path and hasattr(module, "to_quantized")


if __name__ == "__main__":
    sys.exit(main())
