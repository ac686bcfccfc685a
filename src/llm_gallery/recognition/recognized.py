"""The way from a config to its family: whose file it is, and in whose spelling; each kind of file describes itself.

Tried in this order: a file that is no config, a language model taken out of a wrapper, a wrapper around one,
an old name, a release's own file, the family that the type names, the family whose class the file names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from re import sub
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.fact import Evidence
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.architecture.sizes import sized
from llm_gallery.families._config import Json, computing, defaults
from llm_gallery.families._reader import Reading, read
from llm_gallery.families._registry import function, keys, module_name, names
from llm_gallery.families._unknown_rotation import with_warnings
from llm_gallery.recognition.any_wrapper import (
    Wrapper,
    describe_wrapper,
    left_open_by,
    wrapper,
    wrapper_catalog_config,
)
from llm_gallery.recognition.epsilon import epsilon
from llm_gallery.recognition.filled_by_fla import fla_defaults
from llm_gallery.recognition.links import links
from llm_gallery.recognition.lone_text import Lone, lone
from llm_gallery.recognition.misplaced_sizes import refuse_misplaced_sizes
from llm_gallery.recognition.native import native
from llm_gallery.recognition.nearest import BOTH_WAYS, unknown
from llm_gallery.recognition.old_names import old_name, updated
from llm_gallery.recognition.other_files import LONGEST_CLASS, other_file, refuse_others
from llm_gallery.recognition.spelled import Spelled
from llm_gallery.recognition.warnings import (
    alone,
    named_towers,
    towers_named,
    unnamed_parts,
    warnings,
)

MISLEADING = ("git",)
"""Types that a published config states and doesn't mean: Grok 2.5 is no captioning model."""


def recognized(raw: Json) -> LoneText | AroundText | OfFamily:
    """What kind of file a config is. Raises Refusal for one that is none."""
    refuse_others(raw)
    part = lone(raw)
    return _whole(raw) if part is None else LoneText(part, _whole(part.whole))


def _whole(raw: Json) -> AroundText | OfFamily:
    """The same of a config that isn't taken out of another."""
    if (found := wrapper(raw)) is not None:
        return AroundText(found, raw)
    spelled = updated(raw, old) if (old := old_name(raw)) else native(raw) or Spelled(raw)
    return OfFamily(spelled, misnamed=raw.get("model_type") in MISLEADING)


class LoneText(NamedTuple):
    """A language model taken out of a wrapper, described as the part of it that it is."""

    part: Lone
    whole: AroundText | OfFamily

    def described(self) -> bool:
        """A family describes its wrapper."""
        return True

    def architecture(self) -> Architecture:
        """The language model, as its wrapper has it."""
        with self.part.speaking():
            return self.part.alone(self.whole.architecture())

    def left_open(self) -> Reading:
        """What is left open, by the language model's own keys."""
        with self.part.speaking():
            return self.part.left_open(self.whole.left_open())

    def catalog_config(self) -> Json:
        """The language model's own keys."""
        with self.part.speaking():
            return self.part.catalog_config(self.whole.catalog_config())


class AroundText(NamedTuple):
    """A multimodal model around a language model that a family describes."""

    found: Wrapper
    raw: Json

    def described(self) -> bool:
        """A family describes its language model."""
        return True

    def architecture(self) -> Architecture:
        """The language model, and what is known of the parts beside it."""
        return with_warnings(
            describe_wrapper(self.found, self.raw), self.found.inner, self.found.at
        )

    def left_open(self) -> Reading:
        """What is left open of all of its parts."""
        return left_open_by(self.found, self.raw)

    def catalog_config(self) -> Json:
        """The keys of its parts."""
        return wrapper_catalog_config(self.found, self.raw)


class OfFamily(NamedTuple):
    """A config that a family's keys tell, whatever its file calls them."""

    spelled: Spelled
    misnamed: bool

    @property
    def family(self) -> str:
        """The name of the family. Raises Refusal where none has it."""
        return _family(self.spelled.config)

    def described(self) -> bool:
        """Whether a family has that name."""
        return module_name(_model_type(self.spelled.config)) in names()

    def architecture(self) -> Architecture:
        """What its family makes of it."""
        spelled, config = self.spelled, self.spelled.config
        name = self.family
        with spelled.speaking():
            c, left = _read(name, config, spelled.evidence)
            refuse_misplaced_sizes(name, config, left)
            root = sized(spelled.respelled(function(name)(computing(c, spelled.computes))))
        eps = epsilon(config, name)
        if eps is not None:  # a family's own, where no key says it, counts more
            root = replace(root, settings={"eps": eps, **root.settings})
        parts = towers_named(config, left)
        left = left._replace(unread=tuple(key for key in left.unread if key not in parts))
        lines = warnings(config, name, root, left, misnamed=self.misnamed)
        uncounted = parts or unnamed_parts(config, name, root)
        made = Architecture(
            name,
            named_towers(uncounted, root),
            links(root),
            left.unread,
            tuple(map(spelled.words, left.assumed)),
            (*alone(parts), *spelled.notes, *lines),
            uncounted=uncounted,
        )
        return with_warnings(made, config)

    def left_open(self) -> Reading:
        """What its family leaves open; a file of another kind takes no keys of the family's."""
        with self.spelled.speaking():
            left = _read(self.family, self.spelled.config)[1]
        return left if self.spelled.own is None else left._replace(filled={})

    def catalog_config(self) -> Json:
        """The keys of its file that its family reads."""
        with self.spelled.speaking():
            held = _read(self.family, self.spelled.config)[1].kept
            return self.spelled.catalog_config(held)


def _read(
    family: str, config: Json, evidence: Mapping[str, Evidence] | None = None
) -> tuple[Any, Reading]:
    """The keys of a family, and what reading them left open."""
    return read(keys(family), config, "", evidence, fla_defaults(family, config))


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
