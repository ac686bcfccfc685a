"""Which families an unknown config comes near: by its model_type, and by the keys that it states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args

from llm_gallery.architecture.refusal import Refusal, shown
from llm_gallery.families._config import Depth, Size, defaults, hints, is_config
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._registry import keys, names

STRUCTURAL = (
    "expert", "moe", "lora_rank", "ssm", "mamba", "conv", "linear_", "layer_types", "window",
    "key_value_heads", "kv_heads", "head_dim", "intermediate",
)  # fmt: skip
"""Words of keys that no guess may pass over: what they say changes the sizes of whole layers."""
LANGUAGE_MODELS = ("text_config", "llm_config", "language_config")
"""Where multimodal configs keep the language model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How the keys of a config fit those that a family reads."""

    family: str
    unread: tuple[str, ...]  # stated, and nothing to the family
    missing: tuple[str, ...]  # sizes that the family can't do without
    absent: int  # other keys of the family that the config leaves out
    depth: int  # how far the family's keys are from the plainest ones
    read: int

    @property
    def fits(self) -> bool:
        """Whether the family can stand in: it has its sizes, and passes over little and nothing structural."""
        words = (word in key for key in self.unread for word in STRUCTURAL)
        return not self.missing and 2 * len(self.unread) <= self.read and not any(words)


def language_model(raw: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The config of the language model, and the key that holds it: empty where it is the whole.

    Whether the head is tied is often said outside of it.
    """
    inner = next((key for key in LANGUAGE_MODELS if isinstance(raw.get(key), Mapping)), "")
    if not inner:
        return raw, ""
    outer = {key: raw[key] for key in ("tie_word_embeddings",) if key in raw}
    return {**outer, **raw[inner]}, inner


def fits(raw: Mapping[str, Any]) -> list[Fit]:
    """Every family, the best fit first: it leaves the fewest keys unread, and expects the fewest others."""
    found = [_fit(name, raw) for name in names()]
    return sorted(found, key=lambda f: (len(f.unread), f.absent, f.depth, f.family))


def _fit(name: str, raw: Mapping[str, Any]) -> Fit:
    cls = keys(name)
    stated = {key for key, value in raw.items() if key not in IGNORED}
    aliases = defaults(cls.model_type).get("aliases", {})
    read, missing, absent = set(cls.unused), [], 0
    for field in fields(cls):
        spelled = {field.name, *(a for a, b in aliases.items() if b == field.name)}
        spelled.add(aliases.get(field.name, field.name))
        read |= spelled
        if not spelled & stated:
            absent += 1
            if _needed(field, hints(cls)[field.name]):
                missing.append(field.name)
    unread = tuple(sorted(key for key in stated - read if raw[key]))
    return Fit(
        family=name,
        unread=unread,
        missing=tuple(missing),
        absent=absent,
        depth=len(cls.__mro__),
        read=len(stated & read),
    )


def _needed(field: Field[Any], hint: Any) -> bool:
    """Whether a key is a size, or the language model itself, for which nothing can be filled in."""
    if field.default is not MISSING or NoneType in get_args(hint):
        return False
    return hint in (Size, Depth) or is_config(hint)


def unknown(model_type: str, raw: Mapping[str, Any]) -> Refusal:
    """What is said of a type that no family describes."""
    by_name = get_close_matches(model_type[:60], names(), n=3, cutoff=0.4)
    by_keys = [fit.family for fit in fits(language_model(raw)[0]) if fit.fits][:3]
    near = f"the nearest are {', '.join(by_name)}" if by_name else ""
    if by_keys:
        near = (
            f"{near or 'the nearest are'}{', and' if by_name else ''} by keys {', '.join(by_keys)}"
        )
    near = near or f"expected one such as {', '.join(names()[:3])}"
    guessed = ", --guess for what its keys make likely" if by_keys else ""
    return Refusal(
        f"model_type is {shown(model_type)}, which no family describes yet; {near}; "
        f"see docs/adding-a-family.md to add it{guessed}"
    )
