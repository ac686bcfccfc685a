"""Rotary positions as configs spell them: `rope_theta` and `rope_scaling` (before 2026), or `rope_parameters`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from llm_gallery.architecture.fact import derived, known
from llm_gallery.architecture.parts import Positions
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import config

SAME = {"deepseek_yarn": "yarn"}
"""Other names of a context extension."""


@config("")
class Rotary:
    """The keys that say how queries and keys are rotated; each may be absent."""

    rope_theta: float | None = None
    rope_scaling: dict[str, Any] | None = None
    rope_parameters: dict[str, Any] | None = None
    partial_rotary_factor: float | None = None


class _Rotated(Protocol):
    @property
    def rope_theta(self) -> float | None: ...
    @property
    def rope_scaling(self) -> dict[str, Any] | None: ...
    @property
    def rope_parameters(self) -> dict[str, Any] | None: ...
    @property
    def partial_rotary_factor(self) -> float | None: ...


def rope(
    c: _Rotated,
    head_dim: int,
    *,
    layer_type: str | None = None,
    base: float | None = None,
    scaled: bool = True,
) -> Positions:
    """The rotation of a head of `head_dim`.

    `rope_parameters` may nest one object per layer type. `base` overrides the config's for one kind
    of layer (Gemma 3's local layers); `scaled` is false where the context extension doesn't apply.
    """
    held: Mapping[str, Any] = c.rope_scaling or c.rope_parameters or {}
    key = "rope_scaling" if c.rope_scaling else "rope_parameters"
    if layer_type is not None and isinstance(held.get(layer_type), Mapping):
        held = held[layer_type]
        key = f"{key}.{layer_type}"
        scaled, base = True, None
    evidence = getattr(c, "evidence", {}).get(key.split(".")[0], "stated")
    theta = base
    if theta is None and "rope_theta" in held:
        theta = known(_number(held, "rope_theta", key), evidence, f"{key}.rope_theta")
    if theta is None:
        theta = c.rope_theta
    factor = c.partial_rotary_factor
    if "partial_rotary_factor" in held:
        factor = _number(held, "partial_rotary_factor", key)
    rotated = head_dim
    if factor is not None and factor != 1.0:
        rotated = derived(int(head_dim * factor), "head_dim x partial_rotary_factor")
    kind = held.get("rope_type", held.get("type", "default"))
    kind = SAME.get(kind, kind) if isinstance(kind, str) else kind
    if not isinstance(kind, str):
        raise Refusal(f"{key}.rope_type is {kind!r}, expected a string; correct it in the config")
    if kind == "default" or not scaled:
        return Positions(kind="rope", rotated=rotated, base=theta)
    original = held.get("original_max_position_embeddings")
    return Positions(
        kind="rope",
        rotated=rotated,
        base=theta,
        scaling=known(kind, evidence, f"{key}.rope_type"),
        factor=known(_number(held, "factor", key), evidence, f"{key}.factor")
        if "factor" in held
        else None,
        original_context=known(int(original), evidence, f"{key}.original_max_position_embeddings")
        if isinstance(original, int | float)
        else None,
    )


def _number(held: Mapping[str, Any], name: str, key: str) -> float:
    value = held[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(f"{key}.{name} is {value!r}, expected a number; correct it in the config")
    return cast(float, value)
