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
from llm_gallery.families._epsilon import epsilon
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._links import links
from llm_gallery.families._lone_names import TEXTS, text_class, text_function
from llm_gallery.families._nearest import LANGUAGE_MODELS, TOWERS, no_decoder
from llm_gallery.families._old_names import old_name, renewed
from llm_gallery.families._reader import Reading, hints, read
from llm_gallery.families._registry import keys as keys_of
from llm_gallery.families._registry import module_name, names
from llm_gallery.families._spelled import Spelled
from llm_gallery.families._warnings import DEPTH, alone, quantized, stem, unread_keys
from llm_gallery.families._wrapped import moved
from llm_gallery.families._wrapper_rows import NOT_FLAT, RELEASED_AS, ROWS, Row
from llm_gallery.families.beside import blocks, keys, known, left_out, read_by

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
    spelled = _today(raw[at], at) if at else Spelled({})
    text = module_name(str(spelled.config.get("model_type")))
    return Wrapper(name, at, spelled, raw, text, None) if _alone(text) else None


def _today(inner: Json, at: str) -> Spelled:
    """A language model's config in the keys that its type has today."""
    old = old_name(inner)
    return renewed(inner, old, f"{at}.") if old else Spelled(inner)


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
    spelled = _today(inner, at)
    text = module_name(str(spelled.config.get("model_type", row.inner)))
    own = row.inner in TEXTS
    if (own and text == name) or text == row.old:
        text = row.inner
    if row.by and text == row.inner:
        return Wrapper(name, at, spelled, around, row.by(inner), row)
    if not _alone(text) or (own and text != row.inner):
        expected = row.inner if own else f"one that a family describes, such as {row.inner}"
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


def reading(found: Wrapper) -> tuple[Any, Reading]:
    """The keys of the language model."""
    where = f"{found.at}." if found.at else ""
    spelled = found.spelled
    with spelled.speaking():
        return read(text_class(found.text), spelled.config, where, spelled.evidence, _filled(found))


def _filled(found: Wrapper) -> Json:
    """What the wrapper's class puts into the language model's config where that is silent."""
    filled: Json = defaults(found.name).get("inside", {}) if found.row else {}
    return filled


def reading_beside(found: Wrapper, raw: Json) -> tuple[Any, Reading] | None:
    """The keys of all other parts; None where not all are known. What the language model's keys are is no concern."""
    if found.row is None or not known(found.name, raw):
        return None
    c, left = read(keys(found.name), raw)
    path = (found.at.split(".")[0], *OF_THE_LANGUAGE_MODEL) if found.at else ()
    named = {key for key, _ in _parts(found, raw)}
    assumed = reading(found)[1].assumed
    inside = {**{key.removeprefix(f"{found.at}."): assumed[key] for key in assumed}, **found.inner}

    def foreign(key: str) -> bool:
        first, _, deeper = key.partition(".")
        own = found.at and (key == found.at or (first in path and not deeper))
        said = key.rpartition(".")[2]  # a part has no ends to tie
        again = found.at and key in inside and raw.get(key) == inside[key]
        return bool(own or again) or said in {TIED, *named} or first.endswith("_config_dict")

    unread = tuple(key for key in left.unread if not foreign(key))
    return c, left._replace(unread=unread)


def left_open_by(found: Wrapper, raw: Json) -> Reading:
    """What reading the language model and the parts beside it left open."""
    beside = reading_beside(found, raw)
    return _left_open(found, raw, reading(found)[1], beside[1] if beside else None)


def kept_of(found: Wrapper, raw: Json) -> Json:
    """The config with what is kept of its language model's keys, and all that is of other parts."""
    held = found.spelled.kept(reading(found)[1].kept)
    if not found.at:
        beside = reading_beside(found, raw)
        held = {**(beside[1].kept if beside else {}), **held}
    return _around(found.at.split("."), held, raw)


def _around(path: list[str], held: Json, raw: Json) -> Json:
    first, *rest = path
    if not first:  # the language model's keys stand at the top
        others = {key: value for key, value in raw.items() if isinstance(value, Mapping)}
        return {**others, **held}
    return {**raw, first: _around(rest, held, raw[first]) if rest else held}


def describe_wrapper(found: Wrapper, raw: Json) -> Architecture:
    """The language model of a multimodal config, and the parts beside it that are known.

    Raises Refusal where the config contradicts itself.
    """
    c, left = reading(found)
    root = _language_model(found, c)
    beside = reading_beside(found, raw)
    if beside is not None:
        whole = replace(root, inside=(*root.inside, *blocks(found.name, beside[0], root)))
        root = sized(whole)
    uncounted = tuple(_uncounted(found, raw, beside[0] if beside else None))
    left = _left_open(found, raw, left, beside[1] if beside else None)
    return Architecture(
        found.name,
        root,
        links(root),
        left.unread,
        tuple(map(found.spelled.words, left.assumed)),
        tuple(_warnings(found, raw, left, uncounted, root)),
        uncounted=uncounted,
        canvas=found.row is not None and found.row.canvas,
    )


def _uncounted(found: Wrapper, raw: Json, beside: Any | None) -> Iterator[str]:
    """What no block describes: of a wrapper that is known, what its module leaves out, stated or not."""
    parts = dict(_parts(found, raw))
    if beside is None:
        yield from parts.values() or ("parts for pictures or sound",)
        return
    missing = left_out(found.name, beside)
    looked_up = {*read_by(type(beside)), *type(beside).unused}
    yield from (said for key, said in parts.items() if key not in looked_up or key in missing)
    yield from (key for key in missing if key not in parts)


def _language_model(found: Wrapper, c: Any) -> Block:
    """Its tree, under the names that the wrapper stores it by."""
    spelled = found.spelled
    with spelled.speaking():
        alone = text_function(found.text)(computing(c, spelled.computes))
        alone = sized(spelled.told(alone))
    if found.row is not None:
        alone = _stored_as(renamed(alone, found.row.parts), found.row.stored)
    family = alone_family(found.text)
    stack, scores = alone.inside[:2]
    body, output = stack.name, scores.name
    if found.row is not None:
        _, _, deeper = stack.name.partition(".")
        body = f"{found.row.body}.{deeper}" if deeper else found.row.body
        output = found.row.output
    root = moved(alone, family, (body, output), _tie(found, c))
    if found.row is not None and found.row.head_outside and not root.value("tied"):
        _same_head(found, root)
    if (eps := epsilon({**_filled(found), **found.inner}, family)) is not None:
        root = replace(root, settings={"eps": eps, **root.settings})
    return root


def _stored_as(block: Block, names: Mapping[str, str]) -> Block:
    """The same block, whose own tensors have other names; those that `names` doesn't list keep theirs."""
    if not names:
        return block
    own = tuple(one._replace(name=names.get(one.name, one.name)) for one in block.tensors)
    return replace(block, tensors=own, inside=tuple(_stored_as(p, names) for p in block.inside))


def _same_head(found: Wrapper, root: Block) -> None:
    """Refuses a head of other sizes than the language model's, where the wrapper's own keys say them."""
    usual = defaults(found.name).get("defaults", {})
    for key, mine in (
        ("vocab_size", root.inside[1].number("vocabulary")),
        ("hidden_size", root.number("width")),
    ):
        same(found.around.get(key, usual.get(key)), mine, (key, f"{found.at}.{key}"))


def _left_open(found: Wrapper, raw: Json, left: Reading, beside: Reading | None) -> Reading:
    """Keys that neither the language model nor a described part reads, and what was filled in of both."""
    others = found.row.others if found.row else ()
    where = f"{found.at}." if found.at else ""
    unread = [key for key in left.unread if key.removeprefix(where) not in others]
    if beside is None:
        if not found.at:
            unread = [key for key in unread if not _of_a_tower(key, raw)]
        return left._replace(unread=tuple(unread))
    theirs = [key for key in beside.unread if key not in others]
    if found.at:
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


def _tie(found: Wrapper, c: Any) -> Fact | None:
    """What ties the head; None leaves it to the language model's own config.

    Where the wrapper's class reads its own key alone, the language model's still counts if that says nothing.
    """
    said, own = found.around.get(TIED), stated(c, TIED)
    says = found.row.says if found.row else "outer"
    if says == "nobody":
        return Fact(False, "implied", TIED)
    if says == "inner" or (says == "either" and said is False):
        return None
    if isinstance(said, bool):
        return Fact(said, "stated", TIED)
    if own.evidence == "stated" or (says == "either" and own.value):
        return None
    return _usual(found)


def _usual(found: Wrapper) -> Fact | None:
    """What the wrapper's class takes for granted; None where it asks its language model's."""
    if found.row is None or found.row.tied is None:
        return None
    return Fact(found.row.tied, "assumed", TIED)


def _of_a_tower(key: str, raw: Json) -> bool:
    return isinstance(raw.get(key), Mapping) or any(word in key for word in TOWERS)


def _parts(found: Wrapper, raw: Json) -> Iterator[tuple[str, str]]:
    """The objects of the config that are no language model's, by key, each with its type."""
    for holder in (raw,) if found.around is raw else (raw, found.around):
        for key, value in holder.items():
            inside = key in found.at.split(".") or key in OF_THE_LANGUAGE_MODEL or key in IGNORED
            if not inside and isinstance(value, Mapping) and not key.endswith("_config_dict"):
                said = value.get("model_type")
                yield key, f"{key} ({said})" if isinstance(said, str) and said else key


def _warnings(
    found: Wrapper, raw: Json, left: Reading, parts: tuple[str, ...], root: Block
) -> Iterator[str]:
    yield from alone(parts, towers=any(block.other_modality for block in root.inside))
    said = str(raw.get("model_type"))
    if module_name(said) != found.name or (found.name in NOT_FLAT and not found.at):
        yield (
            f"{quoted(said)} is described as its release has it: where that keeps the language model's keys "
            "transformers passes it over, and builds a default of its own"
        )
    if found.row is None:
        yield (
            f"no family describes {quoted(found.name)}: its {found.at} is a {found.text}, described "
            "and named as such models are alone; the wrapper's own code may add to it"
        )
    elif not found.row.named:
        yield f"tensors are named as a {found.text}'s alone; the checkpoint may have a prefix before them"
    yield from found.spelled.notes
    yield from _another_class(found)
    inside, around = found.inner.get(TIED), found.around.get(TIED)
    tied = root.value("tied")
    usual = around if isinstance(around, bool) else found.row.tied if found.row else None
    if found.at and isinstance(inside, bool) and usual is not None and inside != usual:
        yield (
            f"{TIED} is {quoted(inside)} in {found.at} and {quoted(usual)} "
            f"{'outside of it' if around is usual else 'where transformers reads it'}; "
            f"the head is described as {'tied' if tied else 'stored'}"
        )
    if found.row and found.row.flat and found.row.tied and not found.at and around is False:
        yield (
            f"{TIED} is false at the top, and transformers passes it over where no {LANGUAGE_MODEL} says it too; "
            "the head is described as stored"
        )
    if found.row is not None and found.row.note:
        yield found.row.note
    yield from unread_keys(raw, left)
    yield from left.foreign
    yield from quantized(raw, found.around, found.inner)


def _another_class(found: Wrapper) -> Iterator[str]:
    """A class of the language model that isn't called after its type, where the reference has none to go by."""
    family, classes = alone_family(found.text), found.inner.get("architectures")
    if not found.at or defaults(family) or not isinstance(classes, list):
        return
    said = found.inner.get("model_type", found.row.inner if found.row else family)
    own = {family, str(said), *keys_of(family).classes}
    for name in classes:
        if isinstance(name, str) and stem(name) not in {stem(one) for one in own}:
            yield (
                f"{found.at}.architectures names {quoted(name)}, which isn't called after {family}: its own code "
                "may store and compute more; the config is described as that class"
            )
