"""What llama.cpp's own converter makes of a model: its keys and tensors, without weights.

Runs its classes on a config and our list of a release's tensors, as tensors that hold nothing. Needs the `truth` extra,
and llama.cpp's Python files (tools/llama_cpp.py).
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, NamedTuple

Json = Mapping[str, Any]
COMPLETED: Mapping[str, Callable[[Json], Json]] = {
    "Cohere2ForCausalLM": lambda config: {"rotary_pct": 1.0},
    "BailingMoeV2ForCausalLM": lambda config: {"norm_topk_prob": True},
    "BailingMoeV3ForCausalLM": lambda config: {
        "gated_attention_proj_granularity_type": "head_wise",
        "head_dim": config["head_dim"],  # the reference has another of this name
        "moe_shared_expert_intermediate_size": config["moe_intermediate_size"],
    },
    "HunYuanMoEV1ForCausalLM": lambda config: {
        "moe_intermediate_size": [config["intermediate_size"]],
        "num_shared_expert": [1],
    },
}
"""Keys that every release states, the converter asks for, and the catalog leaves out: no block follows from them."""
FILLED_IN: Mapping[str, tuple[str, ...]] = {
    "NemotronHForCausalLM": ("num_experts_per_tok", "n_routed_experts", "n_group", "topk_group"),
}
"""Keys that the reference fills in, and the converter takes for a mixture's."""
GRANITE = {"linear_attention": "mamba", "full_attention": "attention"}
"""Kinds of layers as the reference has spelled them since, and as Granite's releases and the converter do."""
TEXT = "text_config"
UNWRITTEN = ("file_type", "quantization_version")
"""Ends of keys that say how a file is quantized, no matter of a model's."""


class Made(NamedTuple):
    """A GGUF without its vocabulary and values."""

    architecture: str
    keys: dict[str, Any]
    tensors: dict[str, tuple[tuple[int, ...], bool]]  # shape, rows first; whether in 32 bits


def module(folder: Path) -> ModuleType:
    """The converter's package, from the folder of llama.cpp."""
    for path in (folder, folder / "gguf-py"):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    logging.disable(logging.WARNING)
    found = importlib.import_module("conversion")
    found.load_all_models()
    return found


def made(converter: ModuleType, config: Json, shapes: Mapping[str, tuple[int, ...]]) -> Made:
    """What the converter writes for a release of this config and these tensors.

    The converter reads a config as the reference does, and as it stands where the reference knows none such. Its pinned
    version knows fewer than ours: where ours fills in what the converter then stumbles over, the config is read as it stands.

    Raises: whatever the converter raises where it takes no such model.
    """
    try:
        return _converted(converter, config, shapes, as_stated=False)
    except NotImplementedError:
        raise
    except Exception:
        return _converted(converter, config, shapes, as_stated=True)


def _converted(
    converter: ModuleType, config: Json, shapes: Mapping[str, tuple[int, ...]], *, as_stated: bool
) -> Made:
    import torch

    gguf = importlib.import_module("gguf")
    table = gguf.TensorNameMap.block_mappings_cfg
    before = dict(table)  # the converter changes it for good, and isn't meant to run twice
    with TemporaryDirectory() as place, torch.inference_mode():
        folder = Path(place)
        for file, held in _files(config, shapes).items():
            (folder / file).write_text(json.dumps(held))
        base = converter.ModelBase
        read = (
            _unpacked(config) if as_stated else _restored(base.load_hparams(folder, False), config)
        )
        name = converter.get_model_architecture(read, converter.ModelType.TEXT)
        if name in COMPLETED:
            read |= COMPLETED[name](config)
        if name == "GraniteMoeHybridForCausalLM":
            read["layer_types"] = [GRANITE.get(kind, kind) for kind in read["layer_types"]]
        for key in FILLED_IN.get(name, ()):
            if key not in config:
                read.pop(key, None)
        base.index_tensors = _listing(shapes, _staying(converter.LazyTorchTensor))
        try:
            model = converter.get_model_class(name)(
                folder, gguf.LlamaFileType.MOSTLY_BF16, folder, dry_run=True, hparams=read
            )
        finally:
            table.clear()
            table.update(before)
        model.prepare_tensors()
        model.set_type()
        model.set_gguf_parameters()
    writer = getattr(model, "impl", model).gguf_writer  # some classes hand over to one of several
    tensors = {
        name: (
            tuple(int(n) for n in info.shape),
            info.dtype == gguf.GGMLQuantizationType.F32,
        )
        for shard in writer.tensors
        for name, info in shard.items()
    }
    return Made(writer.arch, dict(_keys(writer.kv_data)), tensors)


def _files(config: Json, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """What the converter looks for beside weights, by name: our tensors aren't packed, and no token is added to them."""
    rows = next((s[0] for name, s in shapes.items() if name.endswith("embed_tokens.weight")), 0)
    return {
        "config.json": _unpacked(config),
        "tokenizer.json": {"model": {"vocab": [""] * rows}, "added_tokens": []},
    }


def _unpacked(config: Json) -> dict[str, Any]:
    """A config without how its weights are packed."""
    stated = {key: value for key, value in config.items() if key != "quantization_config"}
    return {k: _unpacked(v) if k == TEXT and isinstance(v, dict) else v for k, v in stated.items()}


def _restored(read: dict[str, Any], config: Json) -> dict[str, Any]:
    """What the reference read, with the keys back that it drops: the converter is made for a version that drops none."""
    inner = config.get(TEXT)
    if isinstance(inner, Mapping) and isinstance(read.get(TEXT), dict):
        read[TEXT] = {**_unpacked(inner), **read[TEXT]}
    return {**_unpacked(config), **read}


def _staying(lazy: Any) -> Any:
    """The converter's tensors that are made when needed, which one class would make to move them to the processor."""
    found = lazy.__getattr__

    def to(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self if kwargs == {"device": "cpu"} else found(self, "to")(*args, **kwargs)

    lazy.to = to
    return lazy


def _listing(shapes: Mapping[str, tuple[int, ...]], lazy: Any) -> Callable[..., dict[str, Any]]:
    """A method that lists a release's tensors, each of a number that takes no room: two that the converter compares differ."""
    import torch

    def load(shape: tuple[int, ...], value: int) -> Any:
        empty = torch.empty(shape, dtype=torch.bfloat16, device="meta")
        return lazy(meta=empty, args=((shape, value),), func=filled)

    def filled(place: tuple[tuple[int, ...], int]) -> Any:
        shape, value = place
        return torch.full((1,), value % 256, dtype=torch.bfloat16).expand(shape)

    def listed(self: Any, remote_hf_model_id: str | None = None) -> dict[str, Any]:
        items = (
            (name, lambda shape=shape, value=value: load(shape, value))
            for value, (name, shape) in enumerate(shapes.items())
        )
        return dict(found for item in items if (found := self.filter_tensors(item)))

    return listed


def _keys(shards: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    for shard in shards:
        for name, held in shard.items():
            if not name.startswith(("GGUF.", "general.", "tokenizer.")) and not name.endswith(
                UNWRITTEN
            ):
                value = held.value
                yield name, value.tolist() if hasattr(value, "tolist") else value
