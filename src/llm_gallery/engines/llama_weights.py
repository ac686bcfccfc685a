"""The tensors that llama.cpp holds of a model, in each mix of llama-quantize or as a file has them."""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.block import Block, channel_mixers, layers
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.llama_file import Gguf, gguf, layer_of
from llm_gallery.engines.loaded import FILE, Loaded
from llm_gallery.engines.recipe import in_mxfp4
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.mechanisms.moe import least, routed
from llm_gallery.quants.mixes import MIXES, PACKED, TRAINED, mix_of

EMBEDDING = "token_embd.weight"
TABLES = (EMBEDDING, "position_embd.weight", "token_types.weight", "per_layer_token_embd.weight")
"""Tensors whose rows are looked up: they stay in the processor's memory."""


def mixes(subject: Subject) -> tuple[str, ...]:
    """In what the weights can be: the mixes of llama-quantize, at some of which it stops, or a file of one's own."""
    return tuple(MIXES) if gguf(subject).held is None else (FILE,)


@once_a_subject
def packed(subject: Subject) -> bool:
    """Whether llama.cpp's converter leaves the experts of a release as they are, in MXFP4."""
    return gguf(subject).held is None and in_mxfp4(subject.config, subject.name)


def usual(subject: Subject, weights: str) -> bool:
    """Whether people run a model so: of packed experts llama-quantize makes other types with --allow-requantize alone."""
    return weights == PACKED if packed(subject) else weights not in TRAINED


def needs_matrix(subject: Subject, weights: str) -> bool:
    """Whether llama-quantize makes a mix with an importance matrix alone."""
    file = gguf(subject)
    return file.held is None and file.mix(mix_of(weights)).needs_matrix


@once_a_subject
def loaded(subject: Subject, weights: str) -> tuple[Loaded, ...]:
    """The tensors that are loaded, in a mix: of layers that draft few or none.

    Raises Refusal where llama-quantize makes no such mix of the model.
    """
    file = gguf(subject)
    like = _likes(subject)
    sizes = file.bytes(_known(file, weights))
    return tuple(Loaded(name, size, *like[name]) for name, size in sizes.items())


@once_a_subject
def _likes(subject: Subject) -> dict[str, tuple[Any, ...]]:
    """What is the same of a tensor in every mix: all that stands after its bytes."""
    file, run = gguf(subject), _experts_run(subject)
    return {name: _loaded(file, name, 0, run)[2:] for name in file.shapes}


def _known(file: Gguf, weights: str) -> str:
    """A mix by its name in any case, or the file itself."""
    if file.held is not None:
        if weights.lower() != FILE:
            raise Refusal(
                f"the weights are {quoted(weights)}, expected {quoted(FILE)}: a GGUF of your own has the types that its header "
                "says; leave --quant out"
            )
        return FILE
    return mix_of(weights)


def _loaded(file: Gguf, name: str, size: int, run: dict[int, int]) -> Loaded:
    looked_up = name in TABLES and (name != EMBEDDING or "output.weight" in file.shapes)
    copies = used = 1
    layer = layer_of(name)
    if layer is not None and "_exps." in name:
        copies = next(iter(file.shapes[name]), 1)
        used = min(copies, run.get(layer, copies))
    read = not looked_up and not file.drafts(name)
    return Loaded(name, size, copies=copies, used=used, read=read, on_host=looked_up)


def _experts_run(subject: Subject) -> dict[int, int]:
    """The fewest experts that run for a token, by layer."""
    found = {}
    for number, layer in enumerate(layers(subject.root)):
        for block in channel_mixers(layer):
            part = _of_mixture(block)
            if part is not None:
                found[number] = least(block, part)
    return found


def _of_mixture(block: Block) -> Block | None:
    return routed(block) if block.is_mixture else None
