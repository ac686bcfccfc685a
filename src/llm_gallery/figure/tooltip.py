"""The tooltip of a block: its facts with their config keys and evidence, in one line of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from llm_gallery.analysis.fact_sheet import sheet_term, words
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Evidence, Fact, Value
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.figure.kit.shapes import About
from llm_gallery.mechanisms import full
from llm_gallery.mechanisms.facts import Term

_NUMBER = re.compile(r"\d+")


def tooltip(
    path: str, block: Block, name: str = "", others: Sequence[tuple[str, Block]] = ()
) -> About:
    """The block's path and, one after another, its facts: "32 query heads (num_attention_heads, stated)".

    It answers for `others`, too, which one shape shows with it: their paths are its data, and what is theirs
    alone is said.
    """
    lines = [name or full(block), *(line for _, line in _said(block))]
    tensors = _stored(block)
    if lines == ["weight matrix"] and tensors and block.name:
        lines = []  # its own tensor under its own name says as much
    for other, differing in others:
        own = _differing(differing, block)
        lines.append(f"{other}: {'; '.join(own)}" if own else other)
    also = (("also", " ".join(other for other, _ in others)),) if others else ()
    return About(path, "\n".join((*lines, *tensors)), also)


def _differing(block: Block, from_: Block) -> list[str]:
    """Facts that one block has and the other hasn't so."""
    return [line for key, line in _said(block) if from_.facts.get(key) != block.facts[key]]


@once_a_tree
def _said(block: Block) -> tuple[tuple[str, str], ...]:
    """The words of its facts that have some, by their keys."""
    lines = ((key, _fact_words(block, key, fact)) for key, fact in block.facts.items())
    return tuple((key, line) for key, line in lines if line)


@once_a_tree
def _stored(block: Block) -> tuple[str, ...]:
    """The tensors with their shapes; those that differ in a number only, as pieces of one, once."""
    names_of: dict[tuple[str, str], list[str]] = {}
    for tensor in block.tensors:
        shape = " × ".join(f"{n:,}" for n in tensor.shape)
        names_of.setdefault((_NUMBER.sub("*", tensor.name), shape), []).append(tensor.name)
    return tuple(
        f"{names[0]} {shape}" if len(names) == 1 else f"{len(names):,} of {name} {shape}"
        for (name, shape), names in names_of.items()
    )


def _fact_words(block: Block, key: str, fact: Fact) -> str:
    """A fact that says more than the tensors under it: a bias that isn't there, a norm's width don't."""
    stored = bool(block.tensors) and (fact.value is False or "norm" in block.kind)
    absent = fact.value is False and fact.evidence == "implied"
    known = None if stored or absent else sheet_term(block, key)
    return "" if known is None else _line(known, fact.value, fact.evidence, fact.source)


def fact_line(block: Block, key: str) -> str:
    """A fact of a block with its label, and how it is known."""
    fact, known = block.facts[key], sheet_term(block, key)
    assert known is not None, f"{block.kind} says {key}, which no sheet shows"
    return _line(known, fact.value, fact.evidence, fact.source)


@lru_cache(maxsize=1 << 14, typed=True)
def _line(known: Term, content: Value, evidence: Evidence, source: str) -> str:
    """The same few facts are on block, callout and inset; typed, for True is 1."""
    how = f"{source}, {evidence}" if source else evidence
    return f"{known.heading}: {value(known, content)} ({how})"


def value(known: Term, content: Value) -> str:
    """A fact's value as on a sheet, with every digit."""
    whole = not isinstance(content, float) or content.is_integer()
    return words(known, content) if whole else f"{content:,}"
