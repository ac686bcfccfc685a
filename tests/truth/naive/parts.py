"""What naive models share: token by token and head by head, with nothing of ours but the checkpoint's names.

Matrices are as stored, (outputs, inputs).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, log, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Weights = Mapping[str, Array]
Config = Mapping[str, Any]


class Below(Mapping[str, Array]):
    """The weights whose names begin with a path, under the rest of their names."""

    def __init__(self, weights: Weights, path: str) -> None:
        self.weights, self.path = weights, f"{path}."

    def __getitem__(self, name: str) -> Array:
        return self.weights[self.path + name]

    def __contains__(self, name: object) -> bool:
        return f"{self.path}{name}" in self.weights

    def __iter__(self) -> Any:
        start = len(self.path)
        return (name[start:] for name in self.weights if name.startswith(self.path))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def silu(x: Array) -> Array:
    return x * sigmoid(x)


def softmax(x: Array) -> Array:
    return np.asarray(np.exp(x) / np.exp(x).sum())


def rms_norm(x: Array, scale: Array | float, eps: float) -> Array:
    """Over the last axis."""
    return np.asarray(x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * scale)


def linear(x: Array, w: Weights, name: str) -> Array:
    y = x @ w[f"{name}.weight"].T
    return np.asarray(y + w[f"{name}.bias"] if f"{name}.bias" in w else y)


def turned(x: Array, position: int, frequencies: Array) -> Array:
    """A vector whose first half is paired with its second, each pair turned by an angle."""
    half = len(x) // 2
    made = np.empty_like(x)
    for i in range(half):
        c, s = np.cos(position * frequencies[i]), np.sin(position * frequencies[i])
        made[i], made[half + i] = x[i] * c - x[half + i] * s, x[half + i] * c + x[i] * s
    return made


def stretched(base: float, dim: int, said: Config | None) -> Array:
    """YaRN's frequencies: slow pairs stretched, fast ones left, and between them a blend, pair by pair."""
    plain = [base ** (-2 * i / dim) for i in range(dim // 2)]
    if said is None:
        return np.array(plain)

    def pair(turns: float) -> float:
        return (
            dim * log(said["original_max_position_embeddings"] / (turns * 2 * pi)) / (2 * log(base))
        )

    low = max(floor(pair(said.get("beta_fast", 32))), 0)
    high = min(ceil(pair(said.get("beta_slow", 1))), dim - 1)
    made = []
    for i, speed in enumerate(plain):
        kept = 1 - min(max((i - low) / (high - low if high != low else 0.001), 0), 1)
        made.append(speed / said["factor"] * (1 - kept) + speed * kept)
    return np.array(made)


def attended(
    query: Callable[[int, int], Array],
    key: Callable[[int, int], Array],
    value: Callable[[int, int], Array],
    sizes: tuple[int, int],
    scale: float,
    window: int | None = None,
) -> Array:
    """(tokens, heads, channels): each token's heads over itself and those before it, at most a window of them."""
    tokens, heads = sizes
    made = []
    for t in range(tokens):
        first = 0 if window is None else max(0, t + 1 - window)
        row = []
        for h in range(heads):
            seen = range(first, t + 1)
            p = softmax(np.array([scale * (query(t, h) @ key(s, h)) for s in seen]))
            row.append(sum(share * value(s, h) for share, s in zip(p, seen, strict=True)))
        made.append(row)
    return np.array(made)


def swiglu(x: Array, w: Weights) -> Array:
    return linear(silu(linear(x, w, "gate_proj")) * linear(x, w, "up_proj"), w, "down_proj")


def decoder(
    c: Config,
    weights: Weights,
    tokens: Sequence[int],
    attention: Callable[[Array, Weights], Array],
    channels: Callable[[int, Array, Weights], Array],
) -> Array:
    """Llama's two branches a layer, both behind norms, under its names; `channels` is told the layer."""
    w, eps = Below(weights, "model"), c["rms_norm_eps"]
    table = w["embed_tokens.weight"]
    x = table[list(tokens)]
    for i in range(c["num_hidden_layers"]):
        one = Below(w, f"layers.{i}")
        y = rms_norm(x, one["input_layernorm.weight"], eps)
        x = x + attention(y, Below(one, "self_attn"))
        y = rms_norm(x, one["post_attention_layernorm.weight"], eps)
        x = x + channels(i, y, Below(one, "mlp"))
    x = rms_norm(x, w["norm.weight"], eps)
    return np.asarray(x @ weights.get("lm_head.weight", table).T)


def convolved(x: Array, weight: Array) -> Array:
    """Each channel's last inputs by its taps, (channels, 1, taps), the last of which is the present input's."""
    taps = weight.shape[-1]
    made = np.zeros_like(x)
    for t in range(len(x)):
        for tap in range(taps):
            if (before := t - (taps - 1 - tap)) >= 0:
                made[t] += weight[:, 0, tap] * x[before]
    return made


def low_rank(x: Array, w: Weights, name: str) -> Array:
    """One matrix, or two with a rank between, as the checkpoint has them."""
    if f"{name}_proj.weight" in w:
        return linear(x, w, f"{name}_proj")
    return linear(linear(x, w, f"{name}_a_proj"), w, f"{name}_b_proj")


def delta_attention(
    x: Array,
    w: Weights,
    sizes: tuple[int, int],
    eps: float,
    *,
    floor: float | None = None,
    most: float = 1.0,
) -> Array:
    """Kimi Delta Attention, one head's state after the other: https://arxiv.org/abs/2510.26692, section 3.

    `floor` is that of a decay's logarithm, which is then it times a sigmoid; `most` is what a token is
    written with at most.
    """
    heads, dim = sizes
    q, k, v = (silu(convolved(linear(x, w, f"{c}_proj"), w[f"{c}_conv1d.weight"])) for c in "qkv")
    f = low_rank(x, w, "f") + w["dt_bias"]
    beta, gate = most * sigmoid(linear(x, w, "b_proj")), sigmoid(low_rank(x, w, "g"))
    made = np.zeros_like(q)
    for h in range(heads):
        own = slice(h * dim, (h + 1) * dim)
        rate = np.exp(w["A_log"].reshape(-1)[h])  # more may be stored than there are heads
        state = np.zeros((dim, dim))
        for t in range(len(x)):
            key, query = (c[t, own] / np.sqrt((c[t, own] ** 2).sum() + 1e-6) for c in (k, q))
            log = -rate * np.log(1 + np.exp(f[t, own]))
            if floor is not None:
                log = floor * sigmoid(rate * f[t, own])
            state = np.exp(log)[:, None] * state
            state += beta[t, h] * np.outer(key, v[t, own] - key @ state)
            o = rms_norm(query @ state / np.sqrt(dim), w["o_norm.weight"], eps)
            made[t, own] = o * gate[t, own]
    return linear(made, w, "o_proj")


def chosen(scores: Array, balance: Array, used: int, groups: int, groups_used: int) -> list[int]:
    """The best experts of the best groups; a group is as good as its best two."""
    choice = scores + balance
    if groups_used < groups:
        size = len(choice) // groups
        good = [np.sort(choice[g * size : (g + 1) * size])[-2:].sum() for g in range(groups)]
        best = np.argsort(good)[::-1][:groups_used]
        out = [e for e in range(len(choice)) if e // size not in best]
        choice[out] = -np.inf
    return [int(e) for e in np.argsort(choice)[::-1][:used]]


def shares(scores: Array, experts: Sequence[int], normalized: bool, scale: float) -> Array:
    """How much of each chosen expert."""
    share = scores[list(experts)]
    return np.asarray(scale * (share / share.sum() if normalized else share))


def routed(
    c: Config,
    w: Weights,
    x: Array,
    mlp: Callable[[Weights, Array], Array],
    balance: str = "gate.e_score_correction_bias",
) -> Array:
    """What the experts give that a sigmoid and a bias choose, in groups, and the one that all tokens run."""
    made = mlp(Below(w, "shared_experts"), x)
    for t in range(len(x)):
        each = sigmoid(linear(x[t], w, "gate"))
        groups = c.get("n_group", 1), c.get("topk_group", 1)
        few = chosen(each, w[balance], c["num_experts_per_tok"], *groups)
        much = shares(each, few, c["norm_topk_prob"], c["routed_scaling_factor"])
        for share, e in zip(much, few, strict=True):
            made[t] += share * mlp(Below(w, f"experts.{e}"), x[t])
    return made
