"""Norms and learned scales: RMSNorm, LayerNorm, a key's scale, a layer's scale.

Papers: https://arxiv.org/abs/1910.07467, https://arxiv.org/abs/1607.06450
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mechanism, Names, keeps_nothing, no_work


def rms_norm(block: Block) -> str:
    """With weights or without."""
    return "RMSNorm" if block.tensors else "RMSNorm without weights"


def layer_norm(block: Block) -> str:
    """With weights, with a bias or without."""
    if not block.tensors:
        return "LayerNorm without weights"
    return "LayerNorm without bias" if block.value("bias") is False else "LayerNorm"


MECHANISMS = (
    Mechanism(
        kind="rms_norm",
        names=Names("RMSNorm", counted="Norms", compared=rms_norm),
        colour="norm",
        concepts=(),
        does="Divides a vector by its root mean square and scales every channel, so that sizes stay alike.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="layer_norm",
        names=Names("LayerNorm", counted="Norms", compared=layer_norm),
        colour="norm",
        concepts=(),
        does="Subtracts the mean of a vector, divides by its deviation and scales every channel.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="key_scale",
        names=Names("key scale"),
        colour="norm",
        concepts=(),
        does="A learned scale for every channel of a norm.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="layer_scale",
        names=Names("layer scale", counted="Layer scales"),
        colour="norm",
        concepts=(),
        does="",
        kept=keeps_nothing,
        work=no_work,
    ),
)
