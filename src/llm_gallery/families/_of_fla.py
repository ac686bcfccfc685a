"""Parts that Flash Linear Attention's families share: layers that attend, and the width of an MLP.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/hybrid.py, fla/layers/attn.py and
fla/modules/mlp.py. Its files before 2025 store gate and up in one matrix, of as many numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    attention,
    decay_floors,
    gated_mlp,
    language_model,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Depth,
    Factor,
    Length,
    Size,
    at_most,
    config,
    multiple,
    stated,
)
from llm_gallery.families._layers import K, each

KERNELS = (
    "attn_mode", "fuse_cross_entropy", "fuse_linear_cross_entropy", "fuse_swiglu", "use_l2warp",
)  # fmt: skip
"""Keys that choose how the same numbers are computed, or how training is."""
HEAD_EPS = 1e-5
"""Of the norms on heads of queries and keys, whatever the model's own is."""


@config("")
class Attending:
    """Layers that attend instead, as many heads as wide as the stream; defaults are the configuration's."""

    layers: tuple[Count, ...]
    num_heads: Size
    num_kv_heads: Size | None = None
    qkv_bias: bool = False
    window_size: Length | None = None
    rope_theta: float = 10000.0


Attended = Attending | tuple[Attending, ...] | None
"""What `attn` may be: the same of all layers that attend, or a list of several kinds."""


@config("")
class OfFla:
    """The keys of all; defaults are those of the configurations, but for the sizes that make a model."""

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    hidden_ratio: Factor | None = 4
    intermediate_size: Size | None = None
    norm_eps: float = 1e-6
    attnres_block_size: Size | None = None
    tie_word_embeddings: bool = False


@config("")
class Hybrid(OfFla):
    """The keys of those whose layers have a mixer of their own, but for those that `attn` lists."""

    hidden_act: Literal["swish"] = "swish"
    attn: Attended = None


@config("")
class Shared(Hybrid):
    """Heads that may share keys and values, and whose reading is normed and gated."""

    num_heads: Size
    num_kv_heads: Size | None = None
    use_output_gate: bool = True
    elementwise_affine: bool | None = True
    fuse_norm: bool = True


@config("")
class Floored(Hybrid):
    """The keys of both HGRNs, whose decays are above floors that grow from layer to layer."""

    use_lower_bound: bool = True
    use_short_conv: bool = False
    conv_size: Size = 4
    elementwise_affine: bool | None = True


def floored(c: Floored) -> tuple[Block, ...]:
    """The table of floors, where there is one."""
    if not c.use_lower_bound:
        return ()
    return (decay_floors("lower_bounds", layers=c.num_hidden_layers, width=c.hidden_size),)


def heads_over(
    width: int,
    heads: tuple[int, int | None],
    *,
    bias: bool,
    window: int | None,
    base: float,
    normed: bool = False,
    name: str = "attn",
    keys: tuple[str, str] = ("num_heads", "num_kv_heads"),
) -> Block:
    """Llama's attention, turned, of which only queries, keys and values may have biases; `heads` of queries and of keys."""
    queries = heads[0]
    shared = derived(queries * 1, keys[0]) if heads[1] is None else heads[1]
    multiple(queries, shared, keys)
    names = ("hidden_size", keys[0])
    dim = derived(multiple(width, queries, names), " / ".join(names))
    norms = (
        rms_norm("q_norm", dim, role="query_norm", eps=HEAD_EPS),
        rms_norm("k_norm", dim, role="key_norm", eps=HEAD_EPS),
    )
    return attention(
        name,
        heads=Heads(queries, shared, dim),
        positions=Positions(kind="rope", rotated=dim, base=base),
        inside=(
            linear("q_proj", width, width, role="query", bias=bias),
            linear("k_proj", width, shared * dim, role="key", bias=bias),
            linear("v_proj", width, shared * dim, role="value", bias=bias),
            linear("o_proj", width, width, role="output"),
            *(norms if normed else ()),
        ),
        window=window,
        qk_norm="per head" if normed else None,
        bias=bias,
    )


def attending(width: int, said: Attending, name: str = "attn") -> Block:
    """The attention of the layers that `attn` lists."""
    return heads_over(
        width,
        (said.num_heads, said.num_kv_heads),
        bias=said.qkv_bias,
        window=said.window_size,
        base=said.rope_theta,
        name=name,
        keys=("attn.num_heads", "attn.num_kv_heads"),
    )


def attending_layers(said: Attended, depth: int) -> list[Attending | None]:
    """What `attn` says of each layer; raises Refusal for a layer that isn't there, or is listed twice."""
    by_layer: list[Attending | None] = [None] * depth
    for attending in (said,) if isinstance(said, Attending) else said or ():
        for number in attending.layers:
            at_most(number, depth - 1, ("attn.layers", "num_hidden_layers - 1"))
            if by_layer[number] is not None:
                raise Refusal(
                    f"attn.layers has layer {number} twice, expected each layer once; correct it in the config"
                )
            by_layer[number] = attending
    return by_layer


def share(width: int, heads: int, factor: float, key: str) -> int:
    """A head's part of what keys or values have together: `factor` widths, as the key of that name says."""
    each = multiple(int(width * factor), heads, (f"hidden_size x {key}", "num_heads"))
    return derived(each, f"hidden_size x {key} / num_heads")


def shared_keys(c: Shared) -> int:
    """How many heads of keys there are: as many as of queries where not said, of which they are a part."""
    keys = derived(c.num_heads * 1, "num_heads") if c.num_kv_heads is None else c.num_kv_heads
    multiple(c.num_heads, keys, ("num_heads", "num_kv_heads"))
    return keys


def head_norm(c: Shared, value_dim: int) -> Block:
    """Of what a head reads; it has the gate's name too where both are one kernel."""
    return rms_norm(
        "g_norm_swish_gate" if c.fuse_norm and c.use_output_gate else "g_norm",
        value_dim,
        role="output_norm",
        learned=bool(c.elementwise_affine),
    )


def swiglu(c: OfFla, inner: int | None) -> Block:
    """As wide as `inner`, else two thirds of `hidden_ratio` widths, rounded up to 256: as many numbers as an ungated MLP."""
    if inner is None:
        ratio = 4 if c.hidden_ratio is None else c.hidden_ratio
        wide = int(c.hidden_size * ratio * 2 / 3)
        inner = derived((wide + 255) // 256 * 256, "hidden_size x hidden_ratio x 2/3, rounded up")
    return gated_mlp("mlp", width=c.hidden_size, inner=inner, activation="silu")


def norm(c: OfFla, name: str) -> Block:
    return rms_norm(name, c.hidden_size)


def decoder(
    c: OfFla,
    attends: Sequence[K],
    mixer: Callable[[K], Block],
    *,
    norms: tuple[str, str, str] = ("attn_norm", "mlp_norm", "norm"),
    root: str = "model",
    context: int | None = None,
    channels: Block | None = None,
    before: tuple[Block, ...] = (),
) -> Block:
    """Pre-norm layers of a mixer and a SwiGLU MLP; `mixer` makes that of a layer of what `attends` says of it."""
    if c.attnres_block_size is not None:
        raise Refusal(
            f"attnres_block_size is {c.attnres_block_size}, expected null: branches that read weighted sums of "
            "earlier outputs aren't described yet; see docs/adding-a-mechanism.md"
        )
    second = channels or swiglu(c, c.intermediate_size)

    def decoder_layer(kind: K) -> Block:
        return layer(residual(norm(c, norms[0]), mixer(kind)), residual(norm(c, norms[1]), second))

    whole = language_model(
        stack("layers", each(attends, decoder_layer)),
        Names(root, "embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        tied=stated(c, "tie_word_embeddings"),
        context=context,
        before=before,
        after=(norm(c, norms[2]),),
    )
    return with_settings(whole, eps=c.norm_eps)


def hybrid(c: Hybrid, own_mixer: Callable[[], Block], before: tuple[Block, ...] = ()) -> Block:
    """Such layers, of which those that `attn` lists attend in place of their own mixer; `before` stands before them all."""

    def mixer(said: Attending | None) -> Block:
        return own_mixer() if said is None else attending(c.hidden_size, said)

    return decoder(c, attending_layers(c.attn, c.num_hidden_layers), mixer, before=before)
