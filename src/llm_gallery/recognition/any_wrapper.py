"""A multimodal model that no family describes, around a language model that one does: that, and what `beside` knows.

The language model is exact, and so are towers and what joins them where `beside` has the wrapper and every part is
of a type that it describes. Else they are named in a warning. No total counts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import renamed
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.architecture.sizes import sized
from llm_gallery.families._config import LANGUAGE_MODEL, Json, computing, defaults, same, stated
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._reader import Reading, hints, read
from llm_gallery.families._registry import keys as keys_of
from llm_gallery.families._registry import module_name, names
from llm_gallery.families._wrapped import under_other_names
from llm_gallery.families.beside import blocks, keys, known, left_out, read_by
from llm_gallery.recognition.epsilon import epsilon
from llm_gallery.recognition.links import links
from llm_gallery.recognition.lone_names import TEXTS, text_class, text_function
from llm_gallery.recognition.nearest import LANGUAGE_MODELS, TOWERS, no_decoder
from llm_gallery.recognition.old_names import old_name, updated
from llm_gallery.recognition.spelled import Spelled
from llm_gallery.recognition.warnings import (
    DEPTH,
    LEFT_OUT,
    alone,
    named_towers,
    quantized,
    stem,
    unread_keys,
)
from llm_gallery.recognition.wrapper_rows import NOT_FLAT, RELEASED_AS, ROWS, Row

TIED = "tie_word_embeddings"
OF_THE_LANGUAGE_MODEL = ("rope_scaling", "rope_parameters", *LANGUAGE_MODELS)
"""Objects of a config that are no parts of their own."""


class Wrapper(NamedTuple):
    """What stands where in a multimodal config: the language model's keys, what is around them, and their type."""

    name: str
    at: str  # the path of the language model's config; empty where its keys stand at the top
    spelled: Spelled  # the language model's config, in the keys that its type has today
    around: Json
    text: str  # the language model's type
    row: Row | None  # None where the reference doesn't know the wrapper

    @property
    def inner(self) -> Json:
        """The language model's keys."""
        return self.spelled.config


def wrapper(raw: Json) -> Wrapper | None:
    """The language model of a multimodal config, where a family describes it; None where none does."""
    name = module_name(str(raw.get("model_type")))
    if name in names() or no_decoder(raw):
        return None
    at = next((key for key in LANGUAGE_MODELS if isinstance(raw.get(key), Mapping)), "")
    mark, released = RELEASED_AS.get(name, ("", name))
    name = released if mark in raw and not at else name
    row = ROWS.get(name)
    if row and (row.at or not at):  # VILA calls itself LLaVA, and keeps an object for each part
        return _known(name, raw, row)
    spelled = _current_spelling(raw[at], at) if at else Spelled({})
    text = module_name(str(spelled.config.get("model_type")))
    return Wrapper(name, at, spelled, raw, text, None) if _alone(text) else None


def _current_spelling(inner: Json, at: str) -> Spelled:
    """A language model's config in the keys that its type has today."""
    old = old_name(inner)
    return updated(inner, old, f"{at}.") if old else Spelled(inner)


def _known(name: str, raw: Json, row: Row) -> Wrapper | None:
    if not row.at:
        if DEPTH not in raw and not defaults(name):
            raise Refusal(
                f"{DEPTH} is missing, expected the keys of the language model at the top; add them"
            )
        return Wrapper(name, "", Spelled(raw), raw, row.by(raw) if row.by else row.inner, row)
    path = row.at.split(".")
    around: Any = raw
    for key in path[:-1]:
        around = around.get(key)
        if not isinstance(around, Mapping):
            raise Refusal(
                f"{key} is missing, expected an object that holds the language model's; add it"
            )
    at, inner = row.at, around.get(path[-1])
    if inner is None and row.of_old in around:
        at, inner = row.of_old, around[row.of_old]
    if inner is None and row.flat:
        return Wrapper(name, "", Spelled(raw), raw, row.inner, row)
    if not isinstance(inner, Mapping):
        raise Refusal(
            f"{row.at} is missing, expected an object with the keys of the language model; add it"
        )
    spelled = _current_spelling(inner, at)
    text = module_name(str(spelled.config.get("model_type", row.inner)))
    is_text_type = row.inner in TEXTS
    if (is_text_type and text == name) or text == row.old:
        text = row.inner
    if row.by and text == row.inner:
        return Wrapper(name, at, spelled, around, row.by(inner), row)
    if not _alone(text) or (is_text_type and text != row.inner):
        expected = (
            row.inner if is_text_type else f"one that a family describes, such as {row.inner}"
        )
        raise Refusal(
            f"{at}.model_type is {quoted(inner.get('model_type'))}, expected {expected}; "
            "see docs/adding-a-family.md"
        )
    return Wrapper(name, at, spelled, around, text, row)


def _alone(text: str) -> bool:
    """Whether that is a language model's type, and no wrapper's."""
    if text in TEXTS:
        return True
    return text in names() and LANGUAGE_MODEL not in hints(text_class(text))


def reading(wrapper: Wrapper) -> tuple[Any, Reading]:
    """The keys of the language model."""
    where = f"{wrapper.at}." if wrapper.at else ""
    spelled = wrapper.spelled
    with spelled.speaking():
        return read(
            text_class(wrapper.text), spelled.config, where, spelled.evidence, _filled(wrapper)
        )


def _filled(wrapper: Wrapper) -> Json:
    """What the wrapper's class puts into the language model's config where that is silent."""
    filled: Json = defaults(wrapper.name).get("inside", {}) if wrapper.row else {}
    return filled


def reading_beside(wrapper: Wrapper, raw: Json) -> tuple[Any, Reading] | None:
    """The keys of all other parts; None where not all are known. What the language model's keys are is no concern."""
    if wrapper.row is None or not known(wrapper.name, raw):
        return None
    c, left = read(keys(wrapper.name), raw)
    path = (wrapper.at.split(".")[0], *OF_THE_LANGUAGE_MODEL) if wrapper.at else ()
    named = {key for key, _ in _parts(wrapper, raw)}
    assumed = reading(wrapper)[1].assumed
    inside = {
        **{key.removeprefix(f"{wrapper.at}."): assumed[key] for key in assumed},
        **wrapper.inner,
    }

    def foreign(key: str) -> bool:
        first, _, deeper = key.partition(".")
        of_language_model = wrapper.at and (key == wrapper.at or (first in path and not deeper))
        said = key.rpartition(".")[2]  # a part has no ends to tie
        again = wrapper.at and key in inside and raw.get(key) == inside[key]
        return (
            bool(of_language_model or again)
            or said in {TIED, *named}
            or first.endswith("_config_dict")
        )

    unread = tuple(key for key in left.unread if not foreign(key))
    return c, left._replace(unread=unread)


def left_open_by(wrapper: Wrapper, raw: Json) -> Reading:
    """What reading the language model and the parts beside it left open."""
    beside = reading_beside(wrapper, raw)
    return _left_open(wrapper, raw, reading(wrapper)[1], beside[1] if beside else None)


def wrapper_catalog_config(wrapper: Wrapper, raw: Json) -> Json:
    """The config with what is kept of its language model's keys, and all that is of other parts."""
    relevant = wrapper.spelled.catalog_config(reading(wrapper)[1].kept)
    if not wrapper.at:
        beside = reading_beside(wrapper, raw)
        relevant = {**(beside[1].kept if beside else {}), **relevant}
    return _around(wrapper.at.split("."), relevant, raw)


def _around(path: list[str], inner: Json, raw: Json) -> Json:
    first, *rest = path
    if not first:  # the language model's keys stand at the top
        others = {key: value for key, value in raw.items() if isinstance(value, Mapping)}
        return {**others, **inner}
    return {**raw, first: _around(rest, inner, raw[first]) if rest else inner}


def describe_wrapper(wrapper: Wrapper, raw: Json) -> Architecture:
    """The language model of a multimodal config, and the parts beside it that are known.

    Raises Refusal where the config contradicts itself.
    """
    c, left = reading(wrapper)
    root = _language_model(wrapper, c)
    beside = reading_beside(wrapper, raw)
    if beside is not None:
        whole = replace(root, inside=(*root.inside, *blocks(wrapper.name, beside[0], root)))
        root = sized(whole)
    if wrapper.row is not None and wrapper.row.canvas:
        root = replace(root, facts={**root.facts, "canvas": _canvas(wrapper, wrapper.row.canvas)})
    uncounted = tuple(sorted(_uncounted(wrapper, raw, beside[0] if beside else None)))
    left = _left_open(wrapper, raw, left, beside[1] if beside else None)
    return Architecture(
        wrapper.name,
        named_towers(uncounted, root),
        links(root),
        left.unread,
        tuple(map(wrapper.spelled.words, left.assumed)),
        tuple(_warnings(wrapper, raw, left, uncounted, root)),
        uncounted=uncounted,
    )


def _uncounted(wrapper: Wrapper, raw: Json, beside: Any | None) -> Iterator[str]:
    """What no block describes: of a wrapper that is known, what its module leaves out, stated or not."""
    parts = dict(_parts(wrapper, raw))
    if beside is None:
        yield from parts.values() or (LEFT_OUT,)
        return
    missing = left_out(wrapper.name, beside)
    looked_up = {*read_by(type(beside)), *type(beside).unused}
    yield from (said for key, said in parts.items() if key not in looked_up or key in missing)
    yield from (key for key in missing if key not in parts)


def _language_model(wrapper: Wrapper, c: Any) -> Block:
    """Its tree, under the names that the wrapper stores it by."""
    spelled = wrapper.spelled
    with spelled.speaking():
        alone = text_function(wrapper.text)(computing(c, spelled.computes))
        alone = sized(spelled.respelled(alone))
    if wrapper.row is not None:
        alone = _stored_as(renamed(alone, wrapper.row.parts), wrapper.row.stored)
    family = alone_family(wrapper.text)
    stack, scores = alone.inside[:2]
    body, output = stack.name, scores.name
    if wrapper.row is not None:
        _, _, deeper = stack.name.partition(".")
        body = f"{wrapper.row.body}.{deeper}" if deeper else wrapper.row.body
        output = wrapper.row.output
    root = under_other_names(alone, family, (body, output), _tie(wrapper, c))
    if wrapper.row is not None and wrapper.row.head_outside and not root.value("tied"):
        _same_head(wrapper, root)
    if (eps := epsilon({**_filled(wrapper), **wrapper.inner}, family)) is not None:
        root = replace(root, settings={"eps": eps, **root.settings})
    return root


def _stored_as(block: Block, names: Mapping[str, str]) -> Block:
    """The same block, whose own tensors have other names; those that `names` doesn't list keep theirs."""
    if not names:
        return block
    tensor = tuple(
        tensor._replace(name=names.get(tensor.name, tensor.name)) for tensor in block.tensors
    )
    return replace(block, tensors=tensor, inside=tuple(_stored_as(p, names) for p in block.inside))


def _same_head(wrapper: Wrapper, root: Block) -> None:
    """Refuses a head of other sizes than the language model's, where the wrapper's own keys say them."""
    usual = defaults(wrapper.name).get("defaults", {})
    for key, mine in (
        ("vocab_size", root.inside[1].number("vocabulary")),
        ("hidden_size", root.number("width")),
    ):
        same(wrapper.around.get(key, usual.get(key)), mine, (key, f"{wrapper.at}.{key}"))


def _left_open(wrapper: Wrapper, raw: Json, left: Reading, beside: Reading | None) -> Reading:
    """Keys that neither the language model nor a described part reads, and what was filled in of both."""
    others = wrapper.row.others if wrapper.row else ()
    where = f"{wrapper.at}." if wrapper.at else ""
    unread = [key for key in left.unread if key.removeprefix(where) not in others]
    if beside is None:
        if not wrapper.at:
            unread = [key for key in unread if not _of_a_tower(key, raw)]
        return left._replace(unread=tuple(unread))
    theirs = [key for key in beside.unread if key not in others]
    if wrapper.at:
        unread += theirs
    else:  # both read the same object
        top = [key for key in unread if key in theirs]
        unread = [*top, *(key for key in theirs if "." in key)]
    return left._replace(
        unread=tuple(sorted(unread)),
        assumed={**left.assumed, **beside.assumed},
        foreign=(*left.foreign, *beside.foreign),
        repeated=(*left.repeated, *beside.repeated),
        filled={**left.filled, **beside.filled},
    )


def alone_family(text: str) -> str:
    """The family whose tree a type of language model has."""
    return TEXTS.get(text, text)


def _tie(wrapper: Wrapper, c: Any) -> Fact | None:
    """What ties the head; None leaves it to the language model's own config.

    Where the wrapper's class reads its own key alone, the language model's still counts if that says nothing.
    """
    said, fact = wrapper.around.get(TIED), stated(c, TIED)
    says = wrapper.row.says if wrapper.row else "outer"
    if says == "nobody":
        return Fact(False, "implied", TIED)
    if says == "inner" or (says == "either" and said is False):
        return None
    if isinstance(said, bool):
        return Fact(said, "stated", TIED)
    if fact.evidence == "stated" or (says == "either" and fact.value):
        return None
    return _usual(wrapper)


def _canvas(wrapper: Wrapper, key: str) -> Fact:
    """How many tokens the model denoises at once. Raises Refusal where the config states no such number."""
    said = wrapper.around.get(key)
    if said is None:
        return Fact(defaults(wrapper.name)["defaults"][key], "assumed", key)
    if type(said) is not int or said < 1:
        raise Refusal(
            f"{key} is {quoted(said)}, expected a positive integer; correct it in the config"
        )
    return Fact(said, "stated", key)


def _usual(wrapper: Wrapper) -> Fact | None:
    """What the wrapper's class takes for granted; None where it asks its language model's."""
    if wrapper.row is None or wrapper.row.tied is None:
        return None
    return Fact(wrapper.row.tied, "assumed", TIED)


def _of_a_tower(key: str, raw: Json) -> bool:
    return isinstance(raw.get(key), Mapping) or any(word in key for word in TOWERS)


def _parts(wrapper: Wrapper, raw: Json) -> Iterator[tuple[str, str]]:
    """The objects of the config that are no language model's, by key, each with its type."""
    for holder in (raw,) if wrapper.around is raw else (raw, wrapper.around):
        for key, value in holder.items():
            inside = key in wrapper.at.split(".") or key in OF_THE_LANGUAGE_MODEL or key in IGNORED
            if not inside and isinstance(value, Mapping) and not key.endswith("_config_dict"):
                said = value.get("model_type")
                yield key, f"{key} ({said})" if isinstance(said, str) and said else key


def _warnings(
    wrapper: Wrapper, raw: Json, left: Reading, parts: tuple[str, ...], root: Block
) -> Iterator[str]:
    yield from alone(parts, towers=any(block.other_modality for block in root.inside))
    said = str(raw.get("model_type"))
    if module_name(said) != wrapper.name or (wrapper.name in NOT_FLAT and not wrapper.at):
        yield (
            f"{quoted(said)} is described as its release has it: where that keeps the language model's keys "
            "transformers passes it over, and builds a default of its own"
        )
    if wrapper.row is None:
        yield (
            f"no family describes {quoted(wrapper.name)}: its {wrapper.at} is a {wrapper.text}, described "
            "and named as such models are alone; the wrapper's own code may add to it"
        )
    elif not wrapper.row.named:
        yield f"tensors are named as a {wrapper.text}'s alone; the checkpoint may have a prefix before them"
    yield from wrapper.spelled.notes
    yield from _another_class(wrapper)
    inside, around = wrapper.inner.get(TIED), wrapper.around.get(TIED)
    tied = root.value("tied")
    usual = around if isinstance(around, bool) else wrapper.row.tied if wrapper.row else None
    if wrapper.at and isinstance(inside, bool) and usual is not None and inside != usual:
        yield (
            f"{TIED} is {quoted(inside)} in {wrapper.at} and {quoted(usual)} "
            f"{'outside of it' if around is usual else 'where transformers reads it'}; "
            f"the head is described as {'tied' if tied else 'stored'}"
        )
    if wrapper.row and wrapper.row.flat and wrapper.row.tied and not wrapper.at and around is False:
        yield (
            f"{TIED} is false at the top, and transformers passes it over where no {LANGUAGE_MODEL} says it too; "
            "the head is described as stored"
        )
    if wrapper.row is not None and wrapper.row.note:
        yield wrapper.row.note
    yield from unread_keys(raw, left)
    yield from left.foreign
    yield from quantized(raw, wrapper.around, wrapper.inner)


def _another_class(wrapper: Wrapper) -> Iterator[str]:
    """A class of the language model that isn't called after its type, where the reference has none to go by."""
    family, classes = alone_family(wrapper.text), wrapper.inner.get("architectures")
    if not wrapper.at or defaults(family) or not isinstance(classes, list):
        return
    said = wrapper.inner.get("model_type", wrapper.row.inner if wrapper.row else family)
    class_names = {family, str(said), *keys_of(family).classes}
    for name in classes:
        if isinstance(name, str) and stem(name) not in {stem(name) for name in class_names}:
            yield (
                f"{wrapper.at}.architectures names {quoted(name)}, which isn't called after {family}: its own code "
                "may store and compute more; the config is described as that class"
            )
