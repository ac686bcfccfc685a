"""The epsilon of a model's norms, which no figure shows and a run needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import LANGUAGE_MODEL, defaults

KEYS = (
    "rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_eps", "norm_epsilon",
    "layernorm_epsilon", "rms_norm_epsilon",
)  # fmt: skip
"""What configs call it."""


def epsilon(raw: Mapping[str, Any], model_type: str) -> float | None:
    """As the config states it, of its language model where it has other parts, else the reference's default.

    Raises Refusal where it is no number that a norm can divide by: NaN, say.
    """
    inner = raw.get(LANGUAGE_MODEL)
    if isinstance(inner, Mapping):
        filled = defaults(model_type).get("inside", {})
        return epsilon({**filled, **inner}, str(inner.get("model_type", model_type)))
    for key in KEYS:
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if not 0 <= value < 1:
            raise Refusal(
                f"{key} is {quoted(value)}, expected a small number from 0 on; correct it in the config"
            )
        return float(value)
    default_value: float | None = defaults(model_type).get("epsilon")
    return default_value
