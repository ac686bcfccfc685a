"""Types and checks of a family's keys: bounds, defaults, lists, sums that must agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from inspect import get_annotations
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Protocol,
    TypeVar,
    cast,
    dataclass_transform,
)

from llm_gallery.architecture.fact import Evidence, Fact, derived, fact
from llm_gallery.architecture.refusal import Refusal, counted, quoted
from llm_gallery.families._saved import Saved
from llm_gallery.families._values import Bounds

T = TypeVar("T")
Json = Mapping[str, Any]


Size = Annotated[int, Bounds(1, 2**24)]
"""A width, a number of heads, of experts, of tokens in the vocabulary."""
Count = Annotated[int, Bounds(0, 2**24)]
"""A size that may be none."""
Depth = Annotated[int, Bounds(1, 4096)]
"""A number of layers."""
Passes = Annotated[int, Bounds(1, 64)]
"""How often a token runs through the stack."""
Pieces = Annotated[int, Bounds(1, 1024)]
"""A number of parts that are stored one by one and are no layers."""
Few = Annotated[int, Bounds(0, 64)]
"""A number of modules beside the stack; null says that there is none."""
Divisor = Annotated[float, Bounds(0.001, 10**6)]
"""What something is divided by."""
Base = Annotated[float, "null counts"]
"""The base of a rotation that a null turns off, where to other classes a null is a base left out."""
Length = Annotated[int, Bounds(1, 2**40)]
"""A number of tokens: context, window."""
Ratio = Annotated[float, Bounds(0.01, 1)]
"""A part of a whole."""
Factor = Annotated[float, Bounds(0.01, 1000)]
"""What a size is multiplied by."""
Letters = Annotated[str, Bounds(1, 4096)]
"""One letter a layer."""
Declared = Annotated[bool, "declared"]
"""A switch that counts only where the reference's class has such a key: Qwen2 has no `mlp_bias`."""
DeclaredCount = Annotated[int, Bounds(0, 2**24), "declared"]
"""A size that counts only there."""

LANGUAGE_MODEL = "text_config"
"""The one part that a config must state: a config without it describes nothing."""
DEFAULTS = Path(__file__).with_name("_defaults.json")


class Config(Protocol):
    """What every config dataclass has after `@config`."""

    model_type: ClassVar[str]
    evidence: Mapping[str, Evidence]


@dataclass_transform(frozen_default=True, kw_only_default=True)
def config(
    model_type: str,
    unused: Sequence[str] = (),
    unless: Mapping[str, str] | None = None,
    classes: Sequence[str] = (),
    foreign: Mapping[str, Callable[[Any], object]] | None = None,
    computes: Mapping[str, object] | None = None,
    saved: Saved | None = None,
) -> Callable[[type[T]], type[T]]:
    """Makes a class the frozen list of the keys that a family reads, spelled as in its `config.json`.

    `unused` names keys that somebody looked up: the reference stores them and never computes with them,
    even where a parent's class does.
    `unless` names, for a key, what makes its default void and leaves it None: another key that the
    config states, or one inside an object of it ("linear_attn_config.head_dim"). `classes` are those
    of the releases' own code, where they aren't called as the reference's.
    `foreign` names keys that the releases' own code reads and the reference passes over, with what the
    reference takes in their place.
    `computes` is what a run of the class needs and no key says: that the `offset` 1 is added to the scales
    of norms, that a rotation turns `pairs` of neighbouring channels, the `eps` of norms, that heads share a width
    that they don't divide (`uneven`). So is what its makers say of the checkpoint (`copied_ends`).
    `saved` is what transformers' `save_pretrained` writes otherwise than the release.
    """

    def decorated(cls: type[T]) -> type[T]:
        annotated = frozenset(get_annotations(cls))
        for key in annotated:
            if key not in vars(cls) and hasattr(cls, key):
                setattr(cls, key, field())  # a key told anew doesn't keep the parent's default
        frozen: Any = dataclass(frozen=True, kw_only=True, repr=False, eq=False)(cls)
        frozen.model_type = model_type
        frozen.unused = frozenset(unused) | (getattr(cls, "unused", frozenset()) - annotated)
        frozen.classes = tuple(classes)
        frozen.foreign = dict(foreign or {})
        frozen.saved = saved or Saved()
        parents = (vars(parent).get("computes", {}) for parent in reversed(cls.__mro__))
        frozen.computes = {k: v for values in (*parents, computes or {}) for k, v in values.items()}
        frozen.unless = {**getattr(cls, "unless", {}), **(unless or {})}
        return cast(type[T], frozen)

    return decorated


def computed(c: object, name: str) -> object:
    """A value that a run needs and no key states, by its name; None where the family gives none."""
    values: Mapping[str, object] = getattr(c, "computes", {})
    return values.get(name)


def computing(c: T, values: Mapping[str, object]) -> T:
    """The config with further values that a run needs and no key states."""
    if values:
        object.__setattr__(c, "computes", {**getattr(c, "computes", {}), **values})
    return c


@cache
def defaults(model_type: str) -> Mapping[str, Any]:
    """The reference's defaults and other spellings of one model_type, from the generated file."""
    entry: Mapping[str, Any] = _all_defaults().get(model_type, {})
    return entry


def other_types() -> Mapping[str, Sequence[str]]:
    """The reference's types that are no decoder-only language models, by what they are."""
    types_by_kind: Mapping[str, Sequence[str]] = _generated()["others"]
    return types_by_kind


def _all_defaults() -> Mapping[str, Any]:
    by_type: Mapping[str, Any] = _generated()["model_types"]
    return by_type


@cache
def _generated() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(DEFAULTS.read_text("utf-8"))
    return data


def default(model_type: str, key: str) -> Callable[[object], object]:
    """For `foreign`: what the reference takes where only the releases' own name of a key is stated."""
    return lambda _: defaults(model_type)["defaults"][key]


def stated(c: object, key: str) -> Fact:
    """The fact behind a key whose value can't carry its origin: a bool, or None."""
    value = getattr(c, key)
    evidence: Mapping[str, Evidence] = getattr(c, "evidence", {})
    return Fact(value, evidence.get(key, "implied"), key)


def altered(c: T, **values: Any) -> T:
    """The config with other values, each with its own evidence; that of all others stays."""
    copy: Any = replace(cast(Any, c), **values)
    evidence = {key: fact(value).evidence for key, value in values.items()}
    object.__setattr__(copy, "evidence", {**getattr(c, "evidence", {}), **evidence})
    return cast(T, copy)


def per_layer(values: Sequence[T] | None, layers: int, key: str) -> Sequence[T] | None:
    """A list that must hold one value a layer; None stays None."""
    if values is not None and len(values) != layers:
        raise Refusal(
            f"{key} lists {len(values)} layers, expected {layers} (num_hidden_layers); "
            "make the two agree"
        )
    return values


def exactly(values: Sequence[T], count: int, key: str) -> Sequence[T]:
    """A list that must hold so many values."""
    if len(values) != count:
        raise Refusal(
            f"{key} lists {counted(len(values), 'value')}, expected {count}; correct it in the config"
        )
    return values


def at_most(part: int, whole: int, names: tuple[str, str]) -> None:
    """Refuses a part that is larger than its whole, with both keys."""
    if part > whole:
        raise Refusal(
            f"{names[0]} is {part}, expected at most {names[1]} ({whole}); check both values"
        )


def same(first: object, second: object, names: tuple[str, str]) -> None:
    """Refuses two keys that must agree and don't."""
    if first != second:
        raise Refusal(
            f"{names[0]} is {quoted(first)}, expected {names[1]} ({quoted(second)}); "
            "make the two agree"
        )


def multiple(whole: int, part: int, names: tuple[str, str]) -> int:
    """whole / part where it divides; a Refusal with both keys where it doesn't."""
    if part < 1 or whole % part:
        raise Refusal(
            f"{names[0]} is {whole}, expected a multiple of {names[1]} ({part}); check both values"
        )
    return whole // part


def experts_in_groups(stored: int, used: int, groups: int, groups_used: int) -> None:
    """Refuses groups that don't divide the experts, and more that are chosen than there are; under DeepSeek V3's keys."""
    multiple(stored, groups, ("n_routed_experts", "n_group"))
    at_most(groups_used, groups, ("topk_group", "n_group"))
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))


def shared_among(width: int, heads: int, names: tuple[str, str]) -> int:
    """The size of one head where the width is shared among the heads, as a derived value."""
    return derived(multiple(width, heads, names), " / ".join(names))
