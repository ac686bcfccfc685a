"""What a model weighs in every mix of llama-quantize, and what a quantized file holds itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from llm_gallery.analysis.units import binary
from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.catalog.load import Given, Model, model
from llm_gallery.catalog.source import stored_gguf
from llm_gallery.checking.folded import folded
from llm_gallery.conversion import Conversion, converted
from llm_gallery.engines.recipe import in_mxfp4
from llm_gallery.quants.members import Weight
from llm_gallery.quants.mixes import PACKED, VERSION, mix_of
from llm_gallery.quants.sizes import Size, sizes
from llm_gallery.sources.stored import Stored

Json = dict[str, Any]


@dataclass(frozen=True)
class Quants:
    """A model in the mixes of llama-quantize; of a GGUF also what the file holds itself."""

    name: str
    mixes: tuple[Size, ...]
    stopped: dict[str, str]
    """Why llama-quantize stops at a mix, by its name."""
    held: Size | None = None
    packed: bool = False
    """Whether its experts are released in MXFP4, so that one mix alone keeps them."""
    version: str = VERSION

    def __repr__(self) -> str:
        return f"<Quants of {printable(self.name)}: {len(self.mixes)} mixes by {self.version}>"

    def mix(self, name: str) -> Size:
        """One mix by its name. Raises Refusal where llama-quantize has no such mix, or stops at it."""
        wanted = mix_of(name)
        if wanted in self.stopped:
            raise Refusal(self.stopped[wanted])
        return next(size for size in self.mixes if size.name == wanted)

    def text(self, mix: str = "") -> str:
        """As text for a terminal: all mixes, or the type of every tensor in one."""
        lines = _tensors(self.mix(mix)) if mix else _lines(self)
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def to_json(self) -> Json:
        """As plain data; keys may be added, never changed."""
        made: Json = {
            "version": self.version,
            "mixes": [{**_plain(size), "needs_imatrix": size.needs_matrix} for size in self.mixes],
            "stopped": self.stopped,
        }
        return {**made, "file": _plain(self.held)} if self.held else made

    def show(self) -> None:
        """Prints it."""
        sys.stdout.write(self.text())


def quants(given: Given, *, guess: bool = False, imatrix: bool = False) -> Quants:
    """What a model weighs in every mix that llama-quantize makes, by its own rule.

    `imatrix` is whether there is an importance matrix, which changes few types. Bytes are those of the tensors.

    Returns: `.mixes`, each with `bytes`, `bits_per_weight` and `types`; `.held` is what a GGUF holds itself.
    Raises: Refusal as `describe` does, and where no conversion to GGUF is known.
    """
    stored = stored_gguf(given) if isinstance(given, str | Path) else None
    if stored is not None:
        return of_file(stored, str(given), imatrix=imatrix)
    found = model(given, guess=guess)
    conversion = conversion_of(found)
    made, stopped = sizes(_converted(conversion, found), conversion.keys, matrix=imatrix)
    packed = in_mxfp4(found.config, found.name)
    return Quants(found.name, tuple(made), stopped, packed=packed)


def of_file(stored: Stored, name: str, *, imatrix: bool = False) -> Quants:
    """What a GGUF holds itself, and what llama-quantize would make of it."""
    made, stopped = sizes(_weights(stored), stored.metadata, matrix=imatrix)
    return Quants(name, tuple(made), stopped, _held(stored))


def conversion_of(found: Model) -> Conversion:
    """A model as llama.cpp's converter writes it. Raises Refusal where its config or a conversion isn't known."""
    if not found.config:
        raise Refusal(
            f"an architecture of {quoted(found.name)} is given, expected its config: a conversion is made of that; give it"
        )
    return converted(found.architecture, dict(found.config))


def half_type(found: Model) -> str:
    """The type of 16 bits that the converter takes: that of the release."""
    stated = found.config.get("dtype") or found.config.get("torch_dtype")
    return "F16" if stated == "float16" else "BF16"


def _converted(conversion: Conversion, found: Model) -> list[Weight]:
    half = half_type(found)
    return [
        Weight(tensor.name, tensor.shape, "F32" if tensor.single else half)
        for tensor in conversion.tensors
    ]


def _weights(stored: Stored) -> list[Weight]:
    return [Weight(tensor.name, tensor.shape, tensor.dtype) for tensor in stored.tensors]


def _held(stored: Stored) -> Size | None:
    weights = sum(prod(tensor.shape) for tensor in stored.tensors)
    if not weights:
        return None
    by_tensor = {tensor.name: tensor.dtype for tensor in stored.tensors}
    total = sum(tensor.bytes for tensor in stored.tensors)
    return Size("file", total, weights, by_tensor, needs_matrix=False)


def _plain(size: Size) -> Json:
    return {
        "name": size.name,
        "bytes": size.bytes,
        "bits_per_weight": size.bits_per_weight,
        "types": size.types,
    }


def _lines(made: Quants) -> Iterator[str]:
    if made.held is not None:
        yield f"{printable(made.name, 160)} holds {_in_words(made.held)}"
        yield ""
    yield f"{printable(made.name, 160)} as llama-quantize of {made.version} makes it"
    yield f"{'mix':<12}{'bits a weight':>14}{'bytes of tensors':>22}{'':>12}  tensors by type"
    for size in made.mixes:
        mark = " *" if size.needs_matrix else ""
        yield (
            f"{size.name + mark:<12}{size.bits_per_weight:>14.4f}{size.bytes:>22,}{binary(size.bytes):>12}  "
            f"{_types(size)}"
        )
    for name, why in made.stopped.items():
        yield f"{name:<12}{printable(why, 300)}"
    yield ""
    if any(size.needs_matrix for size in made.mixes):
        yield "* is made with an importance matrix alone; --imatrix gives all mixes with one."
    if made.packed:
        yield f"{PACKED} keeps experts as they are released; other mixes take --allow-requantize."
    yield "A file has its header and vocabulary besides."


def _in_words(size: Size) -> str:
    return (
        f"{size.bytes:,} bytes of tensors ({binary(size.bytes)}), {size.bits_per_weight:.4f} bits a weight: "
        f"{_types(size)}"
    )


def _types(size: Size) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in size.types.items())


def _tensors(size: Size) -> Iterator[str]:
    yield f"{size.name}: {_in_words(size)}"
    by_type: dict[str, list[str]] = {}
    for name, kind in size.by_tensor.items():
        by_type.setdefault(kind, []).append(name)
    for kind, names in by_type.items():
        for line, members in folded(names).items():
            yield f"  {kind:<9}{printable(line, 160)}" + (
                f"  ({len(members):,})" if len(members) > 1 else ""
            )
