"""From a config to its tree: one file per family, named as its `model_type`, and no other registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from re import sub
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.fact import Evidence
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.architecture.sizes import sized
from llm_gallery.families._any_wrapper import describe_wrapper, kept_of, left_open_by, wrapper
from llm_gallery.families._config import computing, defaults
from llm_gallery.families._epsilon import epsilon
from llm_gallery.families._filled_by_fla import filled
from llm_gallery.families._guess import guess
from llm_gallery.families._links import links
from llm_gallery.families._lone_text import lone
from llm_gallery.families._native import native
from llm_gallery.families._nearest import BOTH_WAYS, language_model, unknown
from llm_gallery.families._old_names import old_name, renewed
from llm_gallery.families._other_files import LONGEST_CLASS, adapted, other_file, refuse_others
from llm_gallery.families._passed_over import refuse_passed_over
from llm_gallery.families._reader import Reading, read
from llm_gallery.families._registry import function, keys, module_name, names
from llm_gallery.families._spelled import Spelled
from llm_gallery.families._unheeded import unheeded
from llm_gallery.families._unknown_rotation import told
from llm_gallery.families._warnings import alone, towers_named, warnings

__all__ = [
    "adapted",
    "describe",
    "guess",
    "kept",
    "known",
    "left_open",
    "names",
    "saved_names",
    "unheeded",
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
    if (found := wrapper(raw)) is not None:
        return told(describe_wrapper(found, raw), found.inner, found.at)
    spelled = _spelled(raw)
    name = _family(spelled.config)
    with spelled.speaking():
        c, left = _read(name, spelled.config, spelled.evidence)
        refuse_passed_over(name, spelled.config, left)
        root = sized(spelled.told(function(name)(computing(c, spelled.computes))))
    eps = epsilon(spelled.config, name)
    if eps is not None:  # a family's own, where no key says it, counts more
        root = replace(root, settings={"eps": eps, **root.settings})
    parts = towers_named(spelled.config, left)
    left = left._replace(unread=tuple(key for key in left.unread if key not in parts))
    made = Architecture(
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
    return told(made, spelled.config)


def left_open(raw: Mapping[str, Any]) -> Reading:
    """What reading a config leaves open: what is filled in where it says nothing, and what it says twice.

    Keys are paths, as "text_config.head_dim". Raises Refusal as `describe` does.
    """
    if (part := lone(raw)) is not None:
        with part.speaking():
            return part.left_open(left_open(part.whole))
    if (found := wrapper(raw)) is not None:
        return left_open_by(found, raw)
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
    found: Mapping[str, str] = keys(name).saved if name in names() else {}
    return found


def kept(raw: Mapping[str, Any], stand_in: str = "") -> Mapping[str, Any]:
    """The config without the keys that say nothing about the architecture: what a catalog keeps.

    Describing it gives what describing the whole config gives. For a guess, `stand_in` names the family
    that reads the keys. Raises Refusal as `describe` does.
    """
    if not stand_in and (part := lone(raw)) is not None:
        with part.speaking():
            return part.kept(kept(part.whole))
    if not stand_in and (found := wrapper(raw)) is not None:
        return kept_of(found, raw)
    if not stand_in:
        spelled = _spelled(raw)
        with spelled.speaking():
            return spelled.kept(_read(_family(spelled.config), spelled.config)[1].kept)
    config, inner = language_model(raw)
    held = read(keys(stand_in), config)[1].kept
    return {inner: held} if inner else held


def _read(
    family: str, config: Mapping[str, Any], evidence: Mapping[str, Evidence] | None = None
) -> tuple[Any, Reading]:
    """The keys of a family, and what reading them left open."""
    return read(keys(family), config, "", evidence, filled(family, config))


def _spelled(raw: Mapping[str, Any]) -> Spelled:
    """The config in the keys of its family, whatever its file calls them."""
    refuse_others(raw)
    if old := old_name(raw):
        return renewed(raw, old)
    return native(raw) or Spelled(raw)


def _model_type(raw: Mapping[str, Any]) -> str:
    model_type = raw.get("model_type")
    if (model_type is None or model_type in MISLEADING) and (named := _by_class(raw)) in names():
        return named
    if isinstance(model_type, str):
        return model_type
    if model_type is None and (other := other_file(raw)) is not None:
        raise other
    found = "no model_type" if model_type is None else f"model_type {quoted(model_type)}"
    held = (
        key for key, value in raw.items() if isinstance(value, Mapping) and "model_type" in value
    )
    if model_type is None and (inner := next(held, None)) is not None:
        raise Refusal(
            f"the config has no model_type, expected one at the top; its object {quoted(inner)} has one: "
            "give that object alone"
        )
    raise Refusal(
        f"the config has {found}, expected the name of a family in it, such as "
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
            built = [one for one in names() if _class(one) == name.casefold()]
            for found in (built, [one for one in built if name.casefold().startswith(one)]):
                if len(found) == 1:
                    return found[0]
            if name.endswith("CausalLM"):
                called = (one for one in names() if one.replace("_", "") == stem.casefold())
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
