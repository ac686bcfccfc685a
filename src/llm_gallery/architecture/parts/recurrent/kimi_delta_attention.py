"""Kimi Delta Attention."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def kimi_delta_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    taps: int,
    activation: str,
    decay_rank: int | None,
    gate_rank: int | None,
    decay_shape: tuple[int, ...],
    decay_floor: float | Fact | None = None,
    negative_eigenvalues: bool | Fact | None = None,
) -> Block:
    """The gated delta rule with a decay for every channel of the keys: S <- a S + b (v - a S k) kT, a a vector.

    Decay and output gate each come from one matrix, or from two with a rank between. `decay_shape` is
    that of A_log. A decay is exp(-A softplus(f)), or, where `decay_floor` bounds its logarithm,
    exp(decay_floor sigmoid(A f)). With `negative_eigenvalues` b goes up to 2.
    Paper: https://arxiv.org/abs/2510.26692
    """
    inner = heads * head_dim
    inside = (
        *projected(width, inner, inner, inner),
        *convolved(taps, inner, inner, inner),
        *_through("f", width, decay_rank, inner, "alpha"),
        linear("b_proj", width, heads, role="beta"),
        *_through("g", width, gate_rank, inner, "gate"),
        rms_norm("o_norm", head_dim, role="output_norm"),
        linear("o_proj", inner, width, role="output"),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        taps=taps,
        activation=activation,
        decay_rank=decay_rank,
        gate_rank=gate_rank,
        decay_floor=decay_floor,
        negative_eigenvalues=negative_eigenvalues,
        state_dtype="float32",
    )
    own = (
        Tensor("A_log", decay_shape, role="decay"),
        Tensor("dt_bias", (int(inner),), role="step_bias"),
    )
    return Block("kimi_delta_attention", name, slots, own, inside)


def _through(stream: str, width: int, rank: int | None, inner: int, role: str) -> tuple[Block, ...]:
    """One projection, or two with a rank between."""
    if rank is None:
        return (linear(f"{stream}_proj", width, inner, role=role),)
    return (
        linear(f"{stream}_a_proj", width, rank, role=f"{role}_down"),
        linear(f"{stream}_b_proj", rank, inner, role=role),
    )
