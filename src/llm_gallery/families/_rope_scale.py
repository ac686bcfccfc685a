"""What a context extension multiplies attention's scores by, beside how it rotates.

Reference: transformers/modeling_rope_utils.py, transformers/models/deepseek_v3/modular_deepseek_v3.py
Paper: https://arxiv.org/abs/2309.00071 (YaRN), https://arxiv.org/abs/2402.13753 (LongRoPE)
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any, Protocol, cast

from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.families._config import stated
from llm_gallery.families._values import LARGEST, SMALLEST

BEFORE = "original_max_position_embeddings"
TAKEN: Mapping[str, tuple[str, ...]] = {
    "linear": ("factor",),
    "dynamic": ("factor",),
    "yarn": ("factor",),
    "llama3": ("factor", "low_freq_factor", "high_freq_factor"),
}
"""What the formula of an extension takes beside bases and contexts; Hunyuan's dynamic one takes `alpha` alone."""
FROM = ("llama3", "longrope", "yarn")
"""Extensions that start from the context before them."""


class Extended(Protocol):
    """The keys in which configs spell a context extension."""

    @property
    def rope_scaling(self) -> dict[str, Any] | None: ...
    @property
    def rope_parameters(self) -> dict[str, Any] | None: ...


def extension(c: Extended) -> tuple[str, Mapping[str, Any]]:
    """The object that says how a context is extended, and the key that holds it."""
    if c.rope_scaling:
        return "rope_scaling", c.rope_scaling
    return "rope_parameters", c.rope_parameters or {}


def number(held: Mapping[str, Any], name: str, key: str) -> float:
    """A positive number of the object; a Refusal naming its key where it is none."""
    value = held[name]
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not SMALLEST <= value <= LARGEST
    ):
        raise Refusal(
            f"{key}.{name} is {quoted(value)}, expected a positive number; correct it in the config"
        )
    return cast(float, value)


def complete(kind: str, c: Extended, held: Mapping[str, Any], key: str, rotated: int) -> None:
    """Refuses an extension without what its formula takes, or with what is no number of its sort."""
    for name in () if kind == "dynamic" and held.get("alpha") else TAKEN.get(kind, ()):
        if name not in held:
            raise Refusal(
                f"{key}.{name} is missing, expected a positive number: {kind} takes it; add it"
            )
        if kind != "yarn" or held[name] is not None:  # whose factor follows from two contexts
            number(held, name, key)
    for name in ("beta_fast", "beta_slow"):
        if held.get(name) is not None:
            number(held, name, key)
    if kind in FROM and BEFORE in held and _original(c, held, key) is None:
        raise Refusal(f"{key}.{BEFORE} is null, expected a positive number; correct it")
    for name in ("short_factor", "long_factor") if kind == "longrope" else ():
        factors, pairs = held.get(name), rotated // 2
        found = f"is {quoted(factors)}"
        if isinstance(factors, list):
            if len(factors) == pairs:
                continue
            found = f"lists {counted(len(factors), 'value')}"
        raise Refusal(
            f"{key}.{name} {found}, expected a list of {counted(pairs, 'value')}, one for each pair of "
            "channels that turns; correct it in the config"
        )


def scale_of_rotated(kind: str, c: Extended, held: Mapping[str, Any], key: str) -> float | None:
    """What the scores of the rotated part are multiplied by; None where the rotation keeps lengths.

    The factor stands on cosine and sine of queries and of keys, so that it is squared in their product.
    """
    if kind == "longrope":
        return _longrope(c, held, key)
    if kind != "yarn" or said_off(held):
        return None
    if held.get("attention_factor") is not None:
        return _told(number(held, "attention_factor", key) ** 2, f"{key}.attention_factor^2")
    factor = _factor(c, held, key)
    if held.get("mscale") and held.get("mscale_all_dim"):
        own, all_dims = (number(held, name, key) for name in ("mscale", "mscale_all_dim"))
        ratio = yarn(factor, own) / yarn(factor, all_dims)
        return _told(
            ratio**2, "((0.1 mscale ln factor + 1) / (0.1 mscale_all_dim ln factor + 1))^2"
        )
    return _told(yarn(factor, 1.0) ** 2, "(0.1 ln factor + 1)^2")


def scale_of_all(c: Extended) -> float | None:
    """What DeepSeek's latent attention multiplies all its scores by where the context is extended."""
    key, held = extension(c)
    if held.get("rope_type", held.get("type", "default")) == "default" or said_off(held):
        return None
    if not held.get("mscale_all_dim") or held.get("factor") is None:
        return None
    share = yarn(number(held, "factor", key), number(held, "mscale_all_dim", key))
    return _told(share**2, "(0.1 mscale_all_dim ln factor + 1)^2")


def tempered(c: object, key: str) -> Fact | None:
    """That queries grow with their position, where the key that says from where on is stated."""
    said = stated(c, key)
    return None if said.value is None else Fact(True, said.evidence, key)


def yarn(factor: float, share: float) -> float:
    """YaRN's temperature: it grows with the logarithm of how far a context is extended."""
    return 1.0 if factor <= 1 else 0.1 * share * log(factor) + 1.0


def said_off(held: Mapping[str, Any]) -> bool:
    """Whether the config says that scores stay as they are; params.json spells it `apply_scale`."""
    return any(held.get(name) is False for name in ("apply_yarn_scaling", "apply_scale"))


def _longrope(c: Extended, held: Mapping[str, Any], key: str) -> float | None:
    """Phi-3's root of 1 + ln factor / ln original, or the factor that the config states for long texts."""
    for name in ("long_mscale", "attention_factor"):
        if held.get(name) is not None:
            return _told(number(held, name, key) ** 2, f"{key}.{name}^2")
    original = _original(c, held, key)
    factor = _factor(c, held, key)
    if factor <= 1 or original is None or original <= 1:
        return None
    return _told(
        1 + log(factor) / log(original), "1 + ln factor / ln original_max_position_embeddings"
    )


def _original(c: Extended, held: Mapping[str, Any], key: str) -> float | None:
    """The context before the extension, which older configs state beside the object."""
    if held.get(BEFORE) is not None:
        return number(held, BEFORE, key)
    return getattr(c, BEFORE, None)


def _factor(c: Extended, held: Mapping[str, Any], key: str) -> float:
    """How far the context is extended: as stated, else the ratio of the two contexts."""
    if held.get("factor") is not None:
        return number(held, "factor", key)
    context, original = getattr(c, "max_position_embeddings", None), _original(c, held, key)
    return context / original if context and original else 1.0


def _told(value: float, formula: str) -> float | None:
    """A factor with its formula; 1 states nothing."""
    return None if value == 1.0 else derived(value, formula)
