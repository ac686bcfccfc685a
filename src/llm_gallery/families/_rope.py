"""Rotary positions as configs spell them: `rope_theta` and `rope_scaling` (before 2026), or `rope_parameters`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from llm_gallery.architecture.fact import derived, known
from llm_gallery.architecture.parts import Positions
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Length, computed, config
from llm_gallery.families._rope_scale import (
    complete,
    extension,
    lengthening,
    number,
    original,
    scale_of_rotated,
)
from llm_gallery.families._unknown_rotation import KNOWN
from llm_gallery.families._values import LONGEST_WORD

SPREAD = "proportional"
"""Gemma 4's name of a rotation of a part of each head: the fastest pairs that the whole head would have."""
SAME = {
    "deepseek_yarn": "yarn",
    "mrope": "default",  # places of pictures: words turn as ever
    "su": "longrope",
    "xdrope": "dynamic",
    SPREAD: "default",
}
"""Other names of a context extension, and of none."""

PART = "head_dim x partial_rotary_factor"
STRETCH = (
    "alpha", "beta_fast", "beta_slow", "truncate", "low_freq_factor", "high_freq_factor", "short_factor",
    "long_factor",
)  # fmt: skip
"""What an extension states beside its factor and the context before it."""
SHORT = "short_mscale"
"""What scales short texts, where that isn't what scales long ones."""


@config("")
class Rotary:
    """The keys that say how queries and keys are rotated; each may be absent."""

    rope_theta: float | None = None
    rope_scaling: dict[str, Any] | None = None
    rope_parameters: dict[str, Any] | None = None
    partial_rotary_factor: float | None = None
    original_max_position_embeddings: Length | None = None  # or in the object


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
    lengthened: bool = True,
    own_kind: str = "",
) -> Positions:
    """The rotation of a head of `head_dim`.

    `rope_parameters` may nest one object per layer type. `base` overrides the config's for one kind
    of layer (Gemma 3's local layers); `scaled` is false where the context extension doesn't apply,
    `lengthened` where it doesn't lengthen what it rotates. `own_kind` is a kind that the family alone knows.
    """
    key, scaling = extension(c)
    if layer_type is not None and isinstance(scaling.get(layer_type), Mapping):
        scaling = scaling[layer_type]
        key = f"{key}.{layer_type}"
        scaled, base = True, None
    elif scaling and all(isinstance(value, Mapping) for value in scaling.values()):
        kind = "the keys themselves: all layers rotate alike" if layer_type is None else layer_type
        raise Refusal(
            f"{key} has objects for {quoted(', '.join(scaling))}, expected {kind}; correct it in the config"
        )
    evidence = getattr(c, "evidence", {}).get(key.split(".")[0], "stated")
    theta = base
    if theta is None and scaling.get("rope_theta") is not None:
        theta = known(number(scaling, "rope_theta", key), evidence, f"{key}.rope_theta")
    if theta is None and "rope_theta" not in scaling:
        theta = c.rope_theta
    if theta is None and ("rope_theta" in scaling or "rope_theta" in getattr(c, "evidence", {})):
        where = f"{key}.rope_theta" if "rope_theta" in scaling else "rope_theta"
        raise Refusal(f"{where} is null, expected a positive base; correct it, or leave it out")
    if theta is not None and theta <= 0:
        raise Refusal(f"rope_theta is {quoted(theta)}, expected a positive base; correct it")
    rotated, spacing = _rotated_part(c, scaling, key, head_dim), None
    if rotated % 2 and rotated < head_dim and computed(c, "uneven"):
        spacing, rotated = int(rotated), derived(rotated + 1, f"{PART}, rounded up to pairs")
    if rotated == 1 < head_dim:  # the reference would build keys a channel wider than their heads
        raise Refusal(
            f"1 of {head_dim:,} channels of each head is rotated, expected an even number: they rotate in pairs; "
            "check partial_rotary_factor, head_dim, or hidden_size and num_attention_heads"
        )
    if rotated == head_dim and head_dim % 2:
        raise Refusal(
            f"{head_dim:,} channels of each head are rotated, expected an even number: they rotate in pairs; "
            "check head_dim, or hidden_size and num_attention_heads"
        )
    pairs = bool(getattr(c, "computes", {}).get("pairs")) and getattr(c, "rope_interleave", True)
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    spread = kind == SPREAD
    kind = SAME.get(kind, kind) if isinstance(kind, str) else kind
    if not isinstance(kind, str) or len(kind) > LONGEST_WORD or not kind.isprintable():
        raise Refusal(f"{key}.rope_type is {quoted(kind)}, expected a word; correct it")
    if kind == "default" or not scaled:
        return Positions(
            kind="rope", rotated=rotated, base=theta, pairs=pairs, spread=spread, spacing=spacing
        )
    if spacing is not None:
        raise Refusal(
            f"{key}.rope_type is {quoted(kind)} where {spacing:,} channels of each head are rotated, expected "
            "an even number: no extension is known of another; check head_dim and partial_rotary_factor"
        )
    named = known(kind, evidence, f"{key}.rope_type")
    if kind not in (*KNOWN, own_kind):  # what its numbers mean isn't known either
        return Positions(kind="rope", rotated=rotated, base=theta, scaling=named, pairs=pairs)
    complete(kind, c, scaling, key, rotated)
    longer = scale_of_rotated(kind, c, scaling, key) if lengthened else None
    known_keys = STRETCH if scaling.get(SHORT) == scaling.get("long_mscale") else (*STRETCH, SHORT)
    return Positions(
        kind="rope",
        rotated=rotated,
        base=theta,
        scaling=named,
        factor=lengthening(kind, c, scaling, key),
        original_context=original(kind, c, scaling, key),
        scale=longer,
        pairs=pairs,
        stretch={name: scaling[name] for name in known_keys if scaling.get(name) is not None},
    )


def _rotated_part(c: _Rotated, scaling: Mapping[str, Any], key: str, head_dim: int) -> int:
    """Dimensions of a head that are rotated: all of them, or the part that the config states."""
    factor, where = c.partial_rotary_factor, "partial_rotary_factor"
    if where in scaling:  # a null there is nothing that a class could multiply a head by
        factor, where = number(scaling, where, key), f"{key}.{where}"
    if factor is None or factor == 1.0:
        return head_dim
    if not 0 < factor <= 1:
        raise Refusal(f"{where} is {quoted(factor)}, expected a part of a head, 0 to 1; correct it")
    return derived(int(head_dim * factor), PART)
