"""Norms and learned scales: RMSNorm, LayerNorm, L2 norm, a key's scale, a layer's scale.

Papers: https://arxiv.org/abs/1910.07467, https://arxiv.org/abs/1607.06450, https://arxiv.org/abs/2410.01131
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Names, inert

GATED = "gated RMSNorm"


def rms_norm(block: Block) -> str:
    """With weights or without, gated or not, of all channels or of groups."""
    if "gate_rank" in block.facts:
        return GATED
    if "norm_groups" in block.facts:
        return "RMSNorm of groups"
    return "RMSNorm" if block.tensors else "RMSNorm without weights"


def rms_title(block: Block) -> str:
    """A gate is said."""
    return GATED if "gate_rank" in block.facts else "RMSNorm"


def layer_norm(block: Block) -> str:
    """With weights, with a bias or without."""
    if not block.tensors:
        return "LayerNorm without weights"
    return "LayerNorm without bias" if block.value("bias") is False else "LayerNorm"


def without_mean(block: Block) -> Block:
    """Norms that leave the mean where it is, and shift nothing."""
    if block.kind != "layer_norm":
        return block
    weights = tuple(tensor for tensor in block.tensors if tensor.role != "bias")
    return replace(block.lacking("bias"), kind="rms_norm", tensors=weights)


def norm_of(block: Block) -> Block | None:
    """The first norm inside a block."""
    return next((part for part in block.inside if part.is_norm), None)


def key_scale(block: Block) -> Block | None:
    """The learned scales of keys inside a block, if there are such."""
    return block.child("key_scale")


def position_scale(block: Block) -> Block | None:
    """The learned scales by position inside a block, if there are such."""
    return block.child("position_scale")


MECHANISMS = (
    inert(
        kind="rms_norm",
        names=Names(rms_title, counted="Norms", compared=rms_norm),
        colour="norm",
        does="Divides a vector by its root mean square and scales every channel, so that sizes stay alike.",
    ),
    inert(
        kind="layer_norm",
        names=Names("LayerNorm", counted="Norms", compared=layer_norm),
        colour="norm",
        does="Subtracts the mean of a vector, divides by its deviation and scales every channel.",
    ),
    inert(
        kind="l2_norm",
        names=Names("L2 norm", counted="Norms"),
        colour="norm",
        does="Divides a vector by its length, so that only its direction counts.",
    ),
    inert(
        kind="key_scale",
        names=Names("key scale"),
        colour="norm",
        does="A learned scale for every channel of a norm.",
    ),
    inert(
        kind="position_scale",
        names=Names("scale by position"),
        colour="position",
        does="Multiplies each head's queries by a line in the logarithm of their position, slope and height learned.",
    ),
    inert(
        kind="layer_scale",
        names=Names(
            lambda block: "× tanh" if block.value("activation") == "tanh" else "layer scale",
            counted="Layer scales",
        ),
        colour="norm",
    ),
)
