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

UNWRITTEN = ("file_type", "quantization_version")
"""Ends of keys that say how a file is quantized, no matter of a model's."""


class Made(NamedTuple):
    """A GGUF without its vocabulary and values."""

    architecture: str
    keys: dict[str, Any]
    tensors: dict[str, tuple[tuple[int, ...], bool]]  # shape, rows first; whether in 32 bits

    def json(self) -> dict[str, Any]:
        """As a dump is written."""
        tensors = {n: {"shape": list(s), "f32": single} for n, (s, single) in self.tensors.items()}
        return {"architecture": self.architecture, "keys": self.keys, "tensors": tensors}


def module(folder: Path) -> ModuleType:
    """The converter's package, from the folder of llama.cpp."""
    for path in (folder, folder / "gguf-py"):
        if str(path) not in sys.path:
            sys.path.insert(0, str(path))
    logging.disable(logging.WARNING)
    found = importlib.import_module("conversion")
    found.load_all_models()
    return found


def made(
    converter: ModuleType, config: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]
) -> Made:
    """What the converter writes for a release of this config and these tensors.

    Raises: whatever the converter raises where it takes no such model.
    """
    import torch

    gguf = importlib.import_module("gguf")
    with TemporaryDirectory() as place, torch.inference_mode():
        folder = Path(place)
        (folder / "config.json").write_text(json.dumps(config))
        base = converter.ModelBase
        held = base.load_hparams(folder, False)
        name = converter.get_model_architecture(held, converter.ModelType.TEXT)
        kind = converter.get_model_class(name)
        listed = _listing(kind, shapes, converter.LazyTorchTensor)
        model = type(
            kind.__name__, (kind,), {"model_arch": kind.model_arch, "index_tensors": listed}
        )(folder, gguf.LlamaFileType.MOSTLY_BF16, folder, dry_run=True)
        model.prepare_tensors()
        model.set_type()
        model.set_gguf_parameters()
    writer = model.gguf_writer
    tensors = {
        name: (
            tuple(int(n) for n in info.shape),
            info.dtype == gguf.GGMLQuantizationType.F32,
        )
        for shard in writer.tensors
        for name, info in shard.items()
    }
    return Made(writer.arch, dict(_keys(writer.kv_data)), tensors)


def _listing(
    kind: Any, shapes: Mapping[str, tuple[int, ...]], lazy: Any
) -> Callable[..., dict[str, Any]]:
    """A method that lists a release's tensors, each of zeros that take no room."""
    import torch

    def load(shape: tuple[int, ...]) -> Any:
        empty = torch.empty(shape, dtype=torch.bfloat16, device="meta")
        return lazy(meta=empty, args=(shape,), func=zeros)

    def zeros(shape: tuple[int, ...]) -> Any:
        return torch.zeros(1, dtype=torch.bfloat16).expand(shape)

    def listed(self: Any, remote_hf_model_id: str | None = None) -> dict[str, Any]:
        items = ((name, lambda shape=shape: load(shape)) for name, shape in shapes.items())
        return dict(found for item in items if (found := self.filter_tensors(item)))

    return listed


def _keys(shards: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    for shard in shards:
        for name, held in shard.items():
            if not name.startswith(("GGUF.", "general.")) and not name.endswith(UNWRITTEN):
                value = held.value
                yield name, value.tolist() if hasattr(value, "tolist") else value
