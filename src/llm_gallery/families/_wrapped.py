"""A language model of any family inside a multimodal one: its stack under the wrapper's names, and the wrapper's head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block, Tensor, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import with_settings
from llm_gallery.families._config import LANGUAGE_MODEL, stated
from llm_gallery.families._reader import hints
from llm_gallery.families._registry import function, module_name
from llm_gallery.families._values import options

OF_THE_HEAD = ("logit_scale", "logit_softcap")
"""What happens to the scores, of which the wrapper's class knows only what it computes itself."""


def wrapped(
    inner: Any, body: str, output: str, tied: Fact | None, heeds: Sequence[str] = ()
) -> Block:
    """The language model of a nested config as its family has it, stored as `body`, with a head called `output`.

    `tied` is what the wrapper states; `heeds` are the facts of scores that the wrapper computes too.
    """
    family = module_name(inner.model_type)
    return under_other_names(function(family)(inner), family, (body, output), tied, heeds)


def under_other_names(
    alone: Block,
    family: str,
    names: tuple[str, str],
    tied: Fact | None,
    heeds: Sequence[str] = OF_THE_HEAD,
) -> Block:
    """A language model of that family as it stands alone, its stack and head under other names."""
    body, output = names
    stack, scores, *beside = alone.inside
    renamed = replace(_retied(stack, stack.name, body, {}), name=body)
    tied = alone.facts["tied"] if tied is None else tied
    table = next(path for path, block in walk(renamed) if block.kind == "embedding")
    shape = scores.tensors[0].shape
    weight = Tensor("weight", shape, f"{table}.weight" if tied.value else None)
    head = replace(scores, name=output, facts={**scores.facts, "tied": tied}, tensors=(weight,))
    rest = (replace(part, name=part.name.replace(stack.name, body, 1)) for part in beside)
    dropped = {name for name in OF_THE_HEAD if name not in heeds}
    facts = {name: fact for name, fact in alone.facts.items() if name not in dropped}
    block = replace(alone, facts={**facts, "tied": tied}, inside=(renamed, head, *rest))
    return with_settings(block, wrapped=family)


def _retied(block: Block, stack: str, body: str, done: dict[int, Block]) -> Block:
    """A block whose tensors, where they lie in another's storage or elsewhere, lie there under its new name."""

    def at(name: str | None) -> str | None:
        return name and (body + name.removeprefix(stack)).removeprefix(".")

    if id(block) not in done:
        done[id(block)] = replace(
            block,
            tensors=tuple(
                tensor._replace(tied_to=at(tensor.tied_to), stored_as=at(tensor.stored_as))
                for tensor in block.tensors
            ),
            inside=tuple(_retied(part, stack, body, done) for part in block.inside),
        )
    return done[id(block)]


def wrapper_tie(c: Any, inner: object) -> Fact | None:
    """Whether the head is tied: as the wrapper says, or takes for granted around a model that isn't of its own families.

    Around its own, None leaves it to the language model's keys where the wrapper says nothing.
    """
    said = stated(c, "tie_word_embeddings")
    is_own_family = any(
        isinstance(inner, option) for option in options(hints(c.__class__)[LANGUAGE_MODEL])
    )
    return None if is_own_family and said.evidence != "stated" else said
