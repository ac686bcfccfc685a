"""Families: config -> Architecture; one file per family, named as its `model_type`, and no other registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from re import sub
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.fact import Evidence
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.architecture.sizes import sized
from llm_gallery.families._always_ignored import always_ignored
from llm_gallery.families._any_wrapper import (
    describe_wrapper,
    left_open_by,
    wrapper,
    wrapper_catalog_config,
)
from llm_gallery.families._config import computing, defaults
from llm_gallery.families._epsilon import epsilon
from llm_gallery.families._filled_by_fla import fla_defaults
from llm_gallery.families._guess import guess
from llm_gallery.families._links import links
from llm_gallery.families._lone_text import lone
from llm_gallery.families._misplaced_sizes import refuse_misplaced_sizes
from llm_gallery.families._native import native
from llm_gallery.families._nearest import BOTH_WAYS, language_model, unknown
from llm_gallery.families._old_names import old_name, updated
from llm_gallery.families._other_files import LONGEST_CLASS, adapted, other_file, refuse_others
from llm_gallery.families._reader import Reading, read
from llm_gallery.families._registry import function, keys, module_name, names
from llm_gallery.families._spelled import Spelled
from llm_gallery.families._unknown_rotation import with_warnings
from llm_gallery.families._warnings import alone, towers_named, warnings

__all__ = [
    "adapted",
    "always_ignored",
    "catalog_config",
    "describe",
    "guess",
    "known",
    "left_open",
    "names",
    "saved_names",
]

MISLEADING = ("git",)
"""Types that a published config states and doesn't mean: Grok 2.5 is no captioning model."""


def describe(raw: Mapping[str, Any]) -> Architecture:
    """The architecture that a config states.

    Raises Refusal where the model_type is unknown or the config contradicts itself.
    """
    refuse_others(raw)
    if (part := lone(raw)) is not None:
        with part.speaking():
            return part.alone(describe(part.whole))
    if (wrapped := wrapper(raw)) is not None:
        return with_warnings(describe_wrapper(wrapped, raw), wrapped.inner, wrapped.at)
    spelled = _spelled(raw)
    name = _family(spelled.config)
    with spelled.speaking():
        c, left = _read(name, spelled.config, spelled.evidence)
        refuse_misplaced_sizes(name, spelled.config, left)
        root = sized(spelled.respelled(function(name)(computing(c, spelled.computes))))
    eps = epsilon(spelled.config, name)
    if eps is not None:  # a family's own, where no key says it, counts more
        root = replace(root, settings={"eps": eps, **root.settings})
    parts = towers_named(spelled.config, left)
    left = left._replace(unread=tuple(key for key in left.unread if key not in parts))
    architecture = Architecture(
        name,
        root,
        links(root),
        left.unread,
        tuple(map(spelled.words, left.assumed)),
        (
            *alone(parts),
            *spelled.notes,
            *warnings(
                spelled.config, name, root, left, misnamed=raw.get("model_type") in MISLEADING
            ),
        ),
        uncounted=parts,
    )
    return with_warnings(architecture, spelled.config)


def left_open(raw: Mapping[str, Any]) -> Reading:
    """What reading a config leaves open: what is filled in where it says nothing, and what it says twice.

    Keys are paths, as "text_config.head_dim". Raises Refusal as `describe` does.
    """
    if (part := lone(raw)) is not None:
        with part.speaking():
            return part.left_open(left_open(part.whole))
    if (wrapped := wrapper(raw)) is not None:
        return left_open_by(wrapped, raw)
    spelled = _spelled(raw)
    with spelled.speaking():
        left = _read(_family(spelled.config), spelled.config)[1]
    # A file of another kind takes no keys of the family's.
    return left if spelled.own is None else left._replace(filled={})


def known(raw: Mapping[str, Any]) -> bool:
    """Whether a family describes configs of this type; one without a type is known to none."""
    try:
        named = module_name(_model_type(_spelled(raw).config)) in names()
        return named or lone(raw) is not None or wrapper(raw) is not None
    except Refusal:
        return False


def saved_names(model_type: str) -> Mapping[str, str]:
    """Patterns in the names that transformers' `save_pretrained` writes, each with what the release has there."""
    name = module_name(model_type)
    patterns: Mapping[str, str] = keys(name).saved if name in names() else {}
    return patterns


def catalog_config(raw: Mapping[str, Any], stand_in: str = "") -> Mapping[str, Any]:
    """The config without the keys that say nothing about the architecture: what a catalog keeps.

    Describing it gives what describing the whole config gives. For a guess, `stand_in` names the family
    that reads the keys. Raises Refusal as `describe` does.
    """
    if not stand_in and (part := lone(raw)) is not None:
        with part.speaking():
            return part.catalog_config(catalog_config(part.whole))
    if not stand_in and (wrapped := wrapper(raw)) is not None:
        return wrapper_catalog_config(wrapped, raw)
    if not stand_in:
        spelled = _spelled(raw)
        with spelled.speaking():
            return spelled.catalog_config(_read(_family(spelled.config), spelled.config)[1].kept)
    config, inner = language_model(raw)
    config_read = read(keys(stand_in), config)[1].kept
    return {inner: config_read} if inner else config_read


def _read(
    family: str, config: Mapping[str, Any], evidence: Mapping[str, Evidence] | None = None
) -> tuple[Any, Reading]:
    """The keys of a family, and what reading them left open."""
    return read(keys(family), config, "", evidence, fla_defaults(family, config))


def _spelled(raw: Mapping[str, Any]) -> Spelled:
    """The config in the keys of its family, whatever its file calls them."""
    refuse_others(raw)
    if old := old_name(raw):
        return updated(raw, old)
    return native(raw) or Spelled(raw)


def _model_type(raw: Mapping[str, Any]) -> str:
    model_type = raw.get("model_type")
    if (model_type is None or model_type in MISLEADING) and (named := _by_class(raw)) in names():
        return named
    if isinstance(model_type, str):
        return model_type
    if model_type is None and (other := other_file(raw)) is not None:
        raise other
    type_words = "no model_type" if model_type is None else f"model_type {quoted(model_type)}"
    objects = (
        key for key, value in raw.items() if isinstance(value, Mapping) and "model_type" in value
    )
    if model_type is None and (inner := next(objects, None)) is not None:
        raise Refusal(
            f"the config has no model_type, and an object in it has one, {quoted(inner)}; expected a config alone: "
            "give that object"
        )
    raise Refusal(
        f"the config has {type_words}, expected the name of a family in it, such as "
        f'"{names()[0]}"; is it the config of a language model?'
    )


def _by_class(raw: Mapping[str, Any]) -> str:
    """The model_type that the one class in `architectures` is of: the reference's, or one called after it.

    Of several that the reference builds by one class, the type that has its name.
    """
    match raw.get("architectures"):
        case [str(name)] if len(name) < LONGEST_CLASS:
            stem = name.removesuffix("CausalLM").removesuffix("For")  # LongCat-2.0 has no "For"
            after = sub(r"(?<=.)(?=[A-Z])", "_", stem).lower()
            built = [family for family in names() if _class(family) == name.casefold()]
            for matching in (
                built,
                [family for family in built if name.casefold().startswith(family)],
            ):
                if len(matching) == 1:
                    return matching[0]
            if name.endswith("CausalLM"):
                called = (name for name in names() if name.replace("_", "") == stem.casefold())
                return next(called, after)  # MiniCPM has capitals within a word
    return ""


def _class(family: str) -> str:
    """The reference's class in one case: MPT's own code has MPTForCausalLM."""
    return str(defaults(family).get("class", "")).casefold()


def _family(raw: Mapping[str, Any]) -> str:
    """The name of the family that describes a config."""
    model_type = _model_type(raw)
    name = module_name(model_type)
    if name not in names() or raw.get(BOTH_WAYS) is True:
        raise unknown(model_type, raw)
    return name
