"""llama.cpp: a GGUF in a mix of llama-quantize, slots of cells, and whole layers on each device.

Reference: src/llama-model.cpp, src/llama-kv-cache.cpp, common/fit.cpp (0c1e570)
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from shlex import quote

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.device import Device
from llm_gallery.engines.engine import Engine, Start
from llm_gallery.engines.llama_cache import BATCH, CACHES, Cell, cells
from llm_gallery.engines.llama_cache import terms as rows
from llm_gallery.engines.llama_file import Gguf, gguf, layer_of
from llm_gallery.engines.llama_weights import (
    EMBEDDING,
    loaded,
    mixes,
    needs_matrix,
    packed,
    usual,
)
from llm_gallery.engines.loaded import FILE
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.engines.term import Term
from llm_gallery.quants.mixes import COMMIT, PACKED

MARGIN = 1024 * 2**20
"""Bytes of each device that llama.cpp's --fit leaves: buffers of what is computed are in them."""
LAST = (EMBEDDING, "output.", "output_norm.", "altup_proj.", "altup_unembd_proj.")
"""Tensors that stand with the output, by how their names begin: on the last device."""
ALL_LAYERS = 99
"""What people write for all layers, where a model has no more."""


def terms(subject: Subject, cache: str, split: Split) -> tuple[Term, ...]:
    """What one slot keeps on all devices, by mixer. Raises Refusal for what llama.cpp doesn't know."""
    return rows(chain.from_iterable(_cells(subject, cache)))


def placed(subject: Subject, weights: str, cache: str, split: Split) -> tuple[Placed, ...]:
    """What each of so many equal devices holds: whole layers, and the output on the last."""
    file, count = gguf(subject), split.layers
    held = [0] * count
    for layer, size in _by_layer(subject, weights).items():
        held[device_of_layer(layer, file, count)] += size
    cells = _cells(subject, cache)
    at = [device_of_layer(layer, file, count) for layer in range(len(cells))]
    return tuple(
        Placed(
            held[device],
            rows(chain.from_iterable(c for c, d in zip(cells, at, strict=True) if d == device)),
        )
        for device in range(count)
    )


@once_a_subject
def _by_layer(subject: Subject, weights: str) -> Counter[int]:
    """Bytes of the layers on devices; of tensors outside of all, those at the output stand behind the last, else in the first."""
    file, found = gguf(subject), Counter[int]()
    for tensor in loaded(subject, weights):
        layer = layer_of(tensor.name)
        if layer is None:
            layer = file.blocks if tensor.name.startswith(LAST) else 0
        found[layer] += 0 if tensor.on_host else tensor.bytes
    return found


@once_a_subject
def _cells(subject: Subject, cache: str) -> tuple[tuple[Cell, ...], ...]:
    return cells(subject.root, gguf(subject), cache)


def device_of_layer(layer: int, file: Gguf, count: int) -> int:
    """The device of a layer, of so many with as much free memory: each has as many layers, the output being one more."""
    return min(count - 1, layer * count // (file.blocks + 1))


def making(subject: Subject, weights: str) -> str:
    """What llama-quantize needs for a mix: leave to pack experts anew, or an importance matrix."""
    if packed(subject):
        return (
            "Experts are released in MXFP4, which llama.cpp's converter keeps."
            if weights == PACKED
            else f"Experts are released in MXFP4: llama-quantize makes {weights} of them with --allow-requantize alone."
        )
    if not needs_matrix(subject, weights):
        return ""
    return (
        f"llama-quantize makes {weights} with an importance matrix alone, which changes few types."
    )


def check(subject: Subject, split: Split) -> None:
    """Raises Refusal for any other split than by layers."""
    asked = (("--tp", split.tensor > 1), ("--dp", split.data > 1), ("--ep", split.experts))
    for option, given in asked:
        if given:
            raise Refusal(
                f"{option} is given, expected none: llama.cpp puts whole layers on each device (--split-mode layer); "
                f"leave {option} out, or use --with vllm"
            )
    most = gguf(subject).blocks + 1
    if split.layers > most:
        raise Refusal(
            f"there are {split.layers:,} devices, expected at most {most:,}: llama.cpp puts whole layers on each; "
            "name fewer with --on"
        )


def usable(device: Device) -> int:
    """All but the margin."""
    return device.memory - MARGIN


def assumptions(device: Device) -> tuple[str, ...]:
    """The margin, and with what settings it runs."""
    return (
        "1,024 MiB of each device are left to buffers, as llama.cpp's --fit leaves.",
        f"A window keeps {BATCH} tokens more, those of a batch (--ubatch-size).",
        "No tokens are drafted.",
    )


def in_flight(device: Device) -> int:
    """None: tokens of a batch have cells already."""
    return 0


def command(subject: Subject, start: Start) -> str:
    """The line of llama-server: its context is that of all slots."""
    layers = "all" if gguf(subject).blocks > ALL_LAYERS else ALL_LAYERS
    types = "" if start.cache == CACHES[0] else f" -ctk {start.cache} -ctv {start.cache}"
    return (
        f"llama-server -m {_file(subject, start.weights)} -c {start.context * start.sequences} "
        f"-np {start.sequences} -ngl {layers} -fa on{types}"
    )


def _file(subject: Subject, weights: str) -> str:
    if weights == FILE and subject.file is not None:
        return quote(subject.file.place.name)
    stem = re.sub(r"[^\w.-]+", "-", subject.name, flags=re.ASCII).strip("-")
    return f"{stem or 'model'}-{weights}.gguf"


ENGINE = Engine(
    name="llama.cpp",
    title="llama.cpp",
    version=COMMIT,
    known="its own llama-fit-params agrees",
    caches=CACHES,
    not_on=("Google",),
    by_layers=True,
    terms=terms,
    weights=mixes,
    loaded=loaded,
    making=making,
    usual=usual,
    placed=placed,
    check=check,
    usable=usable,
    assumptions=assumptions,
    in_flight=in_flight,
    command=command,
)
