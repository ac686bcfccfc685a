"""Factors by which a context extension multiplies attention's scores, beside its rotation.

Reference: transformers/modeling_rope_utils.py, transformers/models/deepseek_v3/modular_deepseek_v3.py
Paper: https://arxiv.org/abs/2309.00071 (YaRN), https://arxiv.org/abs/2402.13753 (LongRoPE)
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any, Protocol, cast

from llm_gallery.architecture.fact import Evidence, Fact, derived, known
from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.families._config import stated
from llm_gallery.families._values import LARGEST, SMALLEST

BEFORE = "original_max_position_embeddings"
CONTEXT = "max_position_embeddings"
TAKEN: Mapping[str, tuple[str, ...]] = {
    "linear": ("factor",),
    "dynamic": ("factor",),
    "yarn": ("factor",),
    "llama3": ("factor", "low_freq_factor", "high_freq_factor"),
}
"""What the formula of an extension takes beside bases and contexts; Hunyuan's dynamic one takes `alpha` alone."""
FROM = ("llama3", "longrope", "yarn")
"""Extensions that start from the context before them."""
BY_RATIO = ("longrope", "yarn")
"""Of those, the ones that take the ratio of both contexts where no factor is stated."""


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


def number(scaling: Mapping[str, Any], name: str, key: str) -> float:
    """A positive number of the object; a Refusal naming its key where it is none."""
    value = scaling[name]
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not SMALLEST <= value <= LARGEST
    ):
        raise Refusal(
            f"{key}.{name} is {quoted(value)}, expected a positive number; correct it in the config"
        )
    return cast(float, value)


def complete(kind: str, c: Extended, scaling: Mapping[str, Any], key: str, rotated: int) -> None:
    """Refuses an extension without what its formula takes, or with what is no number of its sort."""
    for name in () if kind == "dynamic" and scaling.get("alpha") else TAKEN.get(kind, ()):
        if name not in scaling:
            raise Refusal(
                f"{key}.{name} is missing, expected a positive number: {kind} takes it; add it"
            )
        if kind != "yarn" or scaling[name] is not None:  # whose factor follows from two contexts
            number(scaling, name, key)
    for name in ("beta_fast", "beta_slow"):
        if scaling.get(name) is not None:
            number(scaling, name, key)
    if kind in FROM and BEFORE in scaling and scaling[BEFORE] is None and _beside(c, key) is None:
        raise Refusal(f"{key}.{BEFORE} is null, expected a positive number; correct it")
    for name in ("short_factor", "long_factor") if kind == "longrope" else ():
        factors, pairs = scaling.get(name), rotated // 2
        found_words = f"is {quoted(factors)}"
        if isinstance(factors, list):
            if len(factors) == pairs:
                continue
            found_words = f"lists {counted(len(factors), 'value')}"
        raise Refusal(
            f"{key}.{name} {found_words}, expected a list of {counted(pairs, 'value')}, one for each rotated "
            "pair of channels; correct it in the config"
        )


def scale_of_rotated(kind: str, c: Extended, scaling: Mapping[str, Any], key: str) -> float | None:
    """What the scores of the rotated part are multiplied by; None where the rotation keeps lengths.

    The factor stands on cosine and sine of queries and of keys, so that it is squared in their product.
    """
    if kind == "longrope":
        return _longrope(c, scaling, key)
    if kind != "yarn" or unscaled(scaling):
        return None
    if scaling.get("attention_factor") is not None:
        return _factor_fact(
            number(scaling, "attention_factor", key) ** 2, f"{key}.attention_factor^2"
        )
    factor = lengthening(kind, c, scaling, key) or 1.0
    if scaling.get("mscale") and scaling.get("mscale_all_dim"):
        rotated_scale, all_dims = (
            number(scaling, name, key) for name in ("mscale", "mscale_all_dim")
        )
        ratio = yarn(factor, rotated_scale) / yarn(factor, all_dims)
        return _factor_fact(
            ratio**2, "((0.1 mscale ln factor + 1) / (0.1 mscale_all_dim ln factor + 1))^2"
        )
    return _factor_fact(yarn(factor, 1.0) ** 2, "(0.1 ln factor + 1)^2")


def scale_of_all(c: Extended) -> float | None:
    """What DeepSeek's latent attention multiplies all its scores by where the context is extended."""
    key, scaling = extension(c)
    if scaling.get("rope_type", scaling.get("type", "default")) == "default" or unscaled(scaling):
        return None
    if not scaling.get("mscale_all_dim") or scaling.get("factor") is None:
        return None
    share = yarn(number(scaling, "factor", key), number(scaling, "mscale_all_dim", key))
    return _factor_fact(share**2, "(0.1 mscale_all_dim ln factor + 1)^2")


def tempered(c: object, key: str) -> Fact | None:
    """The temperature by which queries grow with their position, where its key is stated."""
    said = stated(c, key)
    return None if said.value is None else Fact(True, said.evidence, key)


def yarn(factor: float, share: float) -> float:
    """YaRN's temperature: it grows with the logarithm of how far a context is extended."""
    return 1.0 if factor <= 1 else 0.1 * share * log(factor) + 1.0


def unscaled(scaling: Mapping[str, Any]) -> bool:
    """Whether the config says that scores stay as they are; params.json spells it `apply_scale`."""
    return any(scaling.get(name) is False for name in ("apply_yarn_scaling", "apply_scale"))


def _longrope(c: Extended, scaling: Mapping[str, Any], key: str) -> float | None:
    """Phi-3's root of 1 + ln factor / ln original, or the factor that the config states for long texts."""
    for name in ("long_mscale", "attention_factor"):
        if scaling.get(name) is not None:
            return _factor_fact(number(scaling, name, key) ** 2, f"{key}.{name}^2")
    before, factor = (read("longrope", c, scaling, key) for read in (original, lengthening))
    if before is None or before <= 1 or factor is None or factor <= 1:
        return None
    return _factor_fact(1 + log(factor) / log(before), f"1 + ln factor / ln {BEFORE}")


def original(kind: str, c: Extended, scaling: Mapping[str, Any], key: str) -> int | None:
    """The context before the extension: stated beside the object, as Phi-3 does, or in it.

    Where an extension starts from it and nothing states it, the reference takes the whole context for it.
    """
    starts, beside = kind in FROM, _beside(c, key)
    if starts and beside is not None:
        return beside
    if scaling.get(BEFORE) is not None:
        return known(int(number(scaling, BEFORE, key)), _evidence(c, key), f"{key}.{BEFORE}")
    whole: int | None = getattr(c, CONTEXT, None)
    return known(int(whole), "assumed", CONTEXT) if starts and whole is not None else None


def lengthening(kind: str, c: Extended, scaling: Mapping[str, Any], key: str) -> float | None:
    """How far a context is extended: as stated, else the ratio of the two contexts where the extension takes that."""
    if scaling.get("factor") is not None:
        return known(number(scaling, "factor", key), _evidence(c, key), f"{key}.factor")
    context: int | None = getattr(c, CONTEXT, None)
    before = original(kind, c, scaling, key)
    if kind not in BY_RATIO or context is None or before is None:
        return None
    if kind == "longrope" and context == before:  # whose own factors say how it turns
        return None
    return derived(context / before, f"{CONTEXT} / {BEFORE}")


def _beside(c: Extended, key: str) -> int | None:
    """The context before, where it stands beside the object and no kind of layer has an object of its own."""
    value: int | None = getattr(c, BEFORE, None)
    return None if "." in key else value


def _evidence(c: Extended, key: str) -> Evidence:
    """How sure the numbers of the object are."""
    scaling: Mapping[str, Evidence] = getattr(c, "evidence", {})
    return scaling.get(key.split(".")[0], "stated")


def _factor_fact(value: float, formula: str) -> float | None:
    """A factor with its formula; 1 states nothing."""
    return None if value == 1.0 else derived(value, formula)
