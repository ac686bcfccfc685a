"""What Flash Linear Attention's models share, naively: attention, the MLP, and the transformer that is nothing else.

https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/attn.py, fla/modules/mlp.py, and
fla/models/transformer/modeling_transformer.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tests.truth.naive.parts import (
    Array,
    Below,
    Config,
    Weights,
    attended,
    convolved,
    linear,
    rms_norm,
    swiglu,
    turned,
)


def attention(said: Config, x: Array, w: Weights) -> Array:
    """Turned, over all tokens or a window; heads share the width of the stream."""
    heads, base = said["num_heads"], said.get("rope_theta", 10000.0)
    dim = x.shape[-1] // heads
    q, k, v = (linear(x, w, f"{one}_proj").reshape(len(x), -1, dim) for one in "qkv")
    if "q_norm.weight" in w:
        q, k = (rms_norm(a, w[f"{one}_norm.weight"], 1e-5) for one, a in (("q", q), ("k", k)))
    keys = k.shape[1]
    angles = 1 / base ** (np.arange(0, dim, 2) / dim)
    made = attended(
        lambda t, h: turned(q[t, h], t, angles),
        lambda t, h: turned(k[t, h * keys // heads], t, angles),
        lambda t, h: v[t, h * keys // heads],
        (len(x), heads),
        dim**-0.5,
        said.get("window_size"),
    )
    return linear(made.reshape(len(x), -1), w, "o_proj")


def layered(
    c: Config,
    weights: Weights,
    tokens: Sequence[int],
    mixer: Callable[[int, Array, Weights], Array],
    names: tuple[str, str, str] = ("model", "attn", "norm"),
) -> Array:
    """A mixer and an MLP in each layer, both behind norms; names are those of the root, the mixers and the last norm."""
    root, mixers, last = names
    x = weights[f"{root}.embeddings.weight"][list(tokens)]
    for i in range(c["num_hidden_layers"]):
        w = Below(weights, f"{root}.layers.{i}")
        read = rms_norm(x, w[f"{mixers}_norm.weight"], c["norm_eps"])
        x = x + mixer(i, read, Below(w, mixers))
        x = x + swiglu(rms_norm(x, w["mlp_norm.weight"], c["norm_eps"]), Below(w, "mlp"))
    x = rms_norm(x, weights[f"{root}.{last}.weight"], c["norm_eps"])
    tied = "lm_head.weight" not in weights
    return x @ weights[f"{root}.embeddings.weight" if tied else "lm_head.weight"].T


def hybrid(
    c: Config,
    weights: Weights,
    tokens: Sequence[int],
    own: Callable[[int, Array, Weights], Array],
    names: tuple[str, str, str] = ("model", "attn", "norm"),
) -> Array:
    """Layers with a mixer of the model's own, and those that `attn` says attend."""
    said = c.get("attn") or {"layers": ()}

    def mixer(i: int, x: Array, w: Weights) -> Array:
        return attention(said, x, w) if i in said["layers"] else own(i, x, w)

    return layered(c, weights, tokens, mixer, names)


def streams(
    c: Config, x: Array, w: Weights, letters: str, after: Callable[[Array], Array] = lambda a: a
) -> list[Array]:
    """What matrices make of the stream, each convolved over its last tokens where the config says so."""
    made = [linear(x, w, f"{one}_proj") for one in letters]
    if not c["use_short_conv"]:
        return made
    taps = [w[f"{one}_conv1d.weight"] for one in letters]
    return [after(convolved(a, each)) for a, each in zip(made, taps, strict=True)]


def transformer(c: Config, weights: Weights, tokens: Sequence[int]) -> Array:
    return layered(c, weights, tokens, lambda _, x, w: attention(c, x, w))
