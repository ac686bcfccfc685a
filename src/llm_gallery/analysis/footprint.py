"""The memory of an accelerator that a model takes: its weights in a number format, and the cache of its sequences.

Definitions: docs/definitions.md#memory-to-run-a-model
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from llm_gallery.analysis.memory import Cache
from llm_gallery.analysis.parameters import Parameters
from llm_gallery.architecture.refusal import Refusal, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How numbers are stored: bits of each, and a scale for each block of them."""

    name: str
    bits: int
    block: int = 0  # numbers that share a scale; 0 where there is no scale
    scale_bits: int = 0
    note: str

    def bytes(self, count: int) -> int:
        """Bytes of so many numbers, the scale of a last, smaller block included."""
        scales = -(-count // self.block) * self.scale_bits if self.block else 0
        return -(-count * self.bits // 8) + -(-scales // 8)


_FP32 = Format(name="fp32", bits=32, note="no scales")
_BF16 = Format(name="bf16", bits=16, note="as fp16: no scales")

WEIGHT_FORMATS: Mapping[str, Format] = {
    weight_format.name: weight_format
    for weight_format in (
        _FP32,
        _BF16,
        Format(
            name="fp8",
            bits=8,
            block=128 * 128,
            scale_bits=32,
            note="a 32-bit scale for each 128 × 128 weights, as DeepSeek V3 is released",
        ),
        Format(
            name="int8",
            bits=8,
            block=32,
            scale_bits=16,
            note="a 16-bit scale for each 32 weights, as Q8_0 of llama.cpp",
        ),
        Format(
            name="int4",
            bits=4,
            block=128,
            scale_bits=16,
            note="a 16-bit scale for each 128 weights, as in most AWQ and GPTQ files",
        ),
        Format(
            name="mxfp4",
            bits=4,
            block=32,
            scale_bits=8,
            note="an 8-bit scale for each 32 weights, as gpt-oss is released",
        ),
        Format(
            name="nvfp4",
            bits=4,
            block=16,
            scale_bits=8,
            note="an 8-bit scale for each 16 weights",
        ),
    )
}
"""Formats of weights, by name; every stored number is taken to have the one that is chosen."""

CACHE_FORMATS: Mapping[str, Format] = {
    weight_format.name: weight_format
    for weight_format in (
        _FP32,
        _BF16,
        Format(name="fp8", bits=8, note="one scale for a whole tensor, not counted"),
        Format(
            name="int8",
            bits=8,
            block=32,
            scale_bits=16,
            note="a 16-bit scale for each 32 numbers, as Q8_0 of llama.cpp",
        ),
        Format(
            name="int4",
            bits=4,
            block=32,
            scale_bits=16,
            note="a 16-bit scale for each 32 numbers, as Q4_0 of llama.cpp",
        ),
    )
}
"""Formats of keys, values and latents; recurrent states keep the dtype that the model states."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One row of the sum."""

    name: str
    bytes: int


def weights(counted: Parameters, format_name: str) -> tuple[Amount, ...]:
    """The language model, its lookup tables, and what is stored beside it, each where there is any.

    Raises Refusal for a format that isn't in WEIGHT_FORMATS.
    """
    chosen = _chosen(WEIGHT_FORMATS, format_name, "weight")
    return tuple(Amount(name, chosen.bytes(n)) for name, n in numbers(counted).items() if n)


def numbers(counted: Parameters) -> Mapping[str, int]:
    """The stored numbers in four: what is read for every token, what a token reads rows of, what may stay away."""
    return {
        "model": counted.total - counted.lookup,
        "lookup": counted.lookup,
        "multi_token_prediction": counted.multi_token_prediction,
        "other_modalities": counted.other_modalities,
    }


def sequences(cache: Cache, format_name: str, length: int, count: int = 1) -> tuple[Amount, ...]:
    """What so many sequences of `length` tokens keep, a row a mixer: its cache, then its state.

    Raises Refusal for a format that isn't in CACHE_FORMATS.
    """
    return tuple(_rows(cache, _chosen(CACHE_FORMATS, format_name, "cache"), length, count))


def _rows(cache: Cache, chosen: Format, length: int, count: int) -> Iterator[Amount]:
    for row in cache.rows:
        if row.elements_per_token:
            length_kept = length if row.window is None else min(length, row.window)
            cached = chosen.bytes(row.elements_per_token * length_kept)
            yield Amount(row.label, count * row.layers * cached)
        if row.state_bytes:
            yield Amount(f"{row.label}, state", count * row.layers * row.state_bytes)


def _chosen(formats: Mapping[str, Format], name: str, what: str) -> Format:
    if name not in formats:
        raise Refusal(f"the {what} format is {quoted(name)}, expected one of {', '.join(formats)}")
    return formats[name]
