"""Ling's Lightning attention written a second time: every earlier token weighed at once, without a state.

https://github.com/inclusionAI/Ring-V2.5/blob/main/models/modeling_bailing_moe_v2_5.py: `BailingMoeV2_5LinearAttention`,
whose kernel is https://github.com/fla-org/flash-linear-attention/blob/main/fla/ops/simple_gla/naive.py
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import cos, exp, sin
from typing import Any

import torch
from torch import Tensor, nn

Config = Mapping[str, Any]


def lightning(config: Config, layer: int, draw: Any) -> Any:
    """What stands in the place of a layer's attention, with random weights."""
    width, dim, eps = config["hidden_size"], config["head_dim"], config["rms_norm_eps"]
    inner = config["num_attention_heads"] * dim
    made = nn.ModuleDict(
        {
            "query_key_value": nn.Linear(width, 3 * inner, bias=False),
            "g_proj": nn.Linear(width, inner, bias=False),
            "dense": nn.Linear(inner, width, bias=False),
            "query_layernorm": nn.RMSNorm(dim, eps=eps),
            "key_layernorm": nn.RMSNorm(dim, eps=eps),
            "g_norm": nn.RMSNorm(inner),
        }
    )
    for value in made.parameters():
        numbers = torch.randn(value.shape, generator=draw, dtype=torch.float64)
        value.data = numbers * value.shape[-1] ** -0.5 if value.dim() > 1 else 1 + 0.3 * numbers
    made.forward = partial(attended, made, config, layer)
    return made


def attended(
    parts: Any, config: Config, layer: int, hidden_states: Tensor, **rest: object
) -> tuple[Tensor, None]:
    """What it gives of (1, tokens, width)."""
    (x,) = hidden_states
    heads, dim, eps = config["num_attention_heads"], config["head_dim"], config["rms_norm_eps"]
    q, k, v = parts["query_key_value"](x).view(len(x), 3, heads, dim).unbind(1)
    q = turned(config, parts["query_layernorm"](q))
    k = turned(config, parts["key_layernorm"](k))
    rows = []
    for t in range(len(x)):
        seen = torch.zeros(heads, dim, dtype=x.dtype)
        for s in range(t + 1):
            for head in range(heads):
                much = torch.dot(q[t, head], k[s, head]) / dim**0.5
                seen[head] += much * exp(-rate(config, layer, head) * (t - s)) * v[s, head]
        groups = seen.view(config["group_norm_size"], -1)
        normed = groups / (groups.pow(2).mean(-1, keepdim=True) + eps).sqrt()
        rows.append(parts["g_norm"].weight * normed.reshape(-1))
    gated = torch.stack(rows) * parts["g_proj"](x).sigmoid()
    return parts["dense"](gated)[None], None


def rate(config: Config, layer: int, head: int) -> float:
    """A slope of ALiBi's for so many heads, a power of two, less the deeper the layer."""
    slope = 2 ** (-8 * (head + 1) / config["num_attention_heads"])
    return float(slope * (1 - (layer - 1) / (config["num_hidden_layers"] - 1) + 1e-5))


def turned(config: Config, x: Tensor) -> Tensor:
    """The first channels, each turned with the one half of them on; (tokens, heads, channels)."""
    turning = int(config["head_dim"] * config["partial_rotary_factor"])
    made, half = x.clone(), turning // 2
    for t in range(len(x)):
        for pair in range(half):
            angle = t * config["rope_theta"] ** (-2 * pair / turning)
            one, other = x[t, :, pair], x[t, :, pair + half]
            made[t, :, pair] = one * cos(angle) - other * sin(angle)
            made[t, :, pair + half] = other * cos(angle) + one * sin(angle)
    return made
