"""Norms and learned scales: RMSNorm, LayerNorm, L2 norm, a key's scale, a layer's scale.

Papers: https://arxiv.org/abs/1910.07467, https://arxiv.org/abs/1607.06450, https://arxiv.org/abs/2410.01131
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Names, inert
from llm_gallery.mechanisms.shapes import of_weights

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


def _tiny(block: Block) -> str:
    """What is added to a mean of squares, so that nothing is divided by zero: 10^−6^ of 0.000001."""
    eps = block.settings.get("eps")
    if eps is None:
        return ""
    digits, power = f"{float(eps):e}".split("e")
    raised = f"10^{int(power)}^".replace("-", "−")
    return f" + {raised}" if float(digits) == 1 else f" + {float(digits):g} · {raised}"


def _scaled(block: Block) -> str:
    """What each channel is multiplied by."""
    if not block.tensors:
        return ""
    return " · (1 + _w_)" if block.settings.get("offset") else " · _w_"


def of_length(block: Block) -> tuple[str, ...]:
    """The formula of an L2 norm."""
    return (f"_x_ / √( Σ _x_^2^{_tiny(block)} )",)


def of_root_mean_square(block: Block) -> tuple[str, ...]:
    """The formula of an RMSNorm: scaled before it or after, and gated."""
    if block.settings.get("scale_first"):
        return ("_z_ = _x_ · (1 + _w_)", f"_z_ / √( mean( _z_^2^ ){_tiny(block)} )")
    normed = f"_x_ / √( mean( _x_^2^ ){_tiny(block)} ){_scaled(block)}"
    if "gate_rank" not in block.facts:
        return (normed,)
    times = block.settings.get("gate_scale", 1)
    factor = "" if times == 1 else f"{times:g} · "
    return (f"_y_ = {normed}", f"{factor}_y_ · σ( _W_^up^ SiLU( _W_^down^ _y_ ) )")


def of_variance(block: Block) -> tuple[str, ...]:
    """The formula of a LayerNorm."""
    if block.settings.get("scale_first"):
        return of_root_mean_square(block)
    bias = " + _b_" if len(block.tensors) > 1 else ""
    return (f"( _x_ − mean _x_ ) / √( var _x_{_tiny(block)} ){_scaled(block)}{bias}",)


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
        formula=of_root_mean_square,
        shapes=of_weights,
    ),
    inert(
        kind="layer_norm",
        names=Names("LayerNorm", counted="Norms", compared=layer_norm),
        colour="norm",
        does="Subtracts the mean of a vector, divides by its deviation and scales every channel.",
        formula=of_variance,
        shapes=of_weights,
    ),
    inert(
        kind="l2_norm",
        names=Names("L2 norm", counted="Norms"),
        colour="norm",
        does="Divides a vector by its length, so that only its direction counts.",
        formula=of_length,
        shapes=of_weights,
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
        formula=("_q_ ← ( _a_ ln _t_ + _b_ ) _q_", "the first token is _t_ = 1"),
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
