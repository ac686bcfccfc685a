"""Where a model stands among others, in words: its sizes among its kind, and what no design has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from llm_gallery.analysis.units import binary, grouped, short
from llm_gallery.architecture.refusal import counted
from llm_gallery.comparison.phrases import fact_words, plain_text
from llm_gallery.concepts import concepts
from llm_gallery.lineage.firsts import Choice, Extreme, Firsts
from llm_gallery.lineage.percentiles import Rank, Ranked
from llm_gallery.mechanisms.facts import term

PAIRS = 5
"""Pairs of concepts that are told; of more, the others are counted."""


class Words(NamedTuple):
    """A size in words: the value, and what it is to a smaller, a larger and an equal one."""

    value: Callable[[int], str]
    more: str
    less: str
    same: str


def _many(noun: str) -> Words:
    return Words(lambda value: f"{grouped(value)} {noun}", "more than", "fewer than", "as many as")


WORDS: Mapping[str, Words] = {
    "layers": Words(
        lambda value: counted(value, "layer"), "deeper than", "shallower than", "as deep as"
    ),
    "total": Words(
        lambda value: f"{short(value)} parameters", "larger than", "smaller than", "as large as"
    ),
    "active": Words(
        lambda value: f"{short(value)} of them active", "more than", "fewer than", "as many as"
    ),
    "width": Words(
        lambda value: f"width {grouped(value)}", "wider than", "narrower than", "as wide as"
    ),
    "heads": _many("query heads"),
    "kv_heads": _many("heads of keys and values"),
    "experts": _many("routed experts"),
    "experts_used": _many("of them for a token"),
    "vocabulary": _many("tokens of vocabulary"),
    "context": Words(
        lambda value: f"context {grouped(value)}", "longer than", "shorter than", "as long as"
    ),
    "cache_bytes_per_token": Words(
        lambda value: f"{binary(value)} of cache per token", "more than", "less than", "as much as"
    ),
}


def kind_words(ranked: Ranked) -> str:
    """ "15 dense models of 52 to 80 layers"."""
    kind = "sparse" if ranked.sparse else "dense"
    models = counted(ranked.models, f"{kind} model")
    if ranked.depth is None:
        return models
    least, most = ranked.depth
    return (
        f"{models} of {least} to {most} layers" if least < most else f"{models} of {least} layers"
    )


def rank_words(rank: Rank) -> str:
    """ "width 5,120: wider than 2 of 15, as wide as 2"."""
    known, every = WORDS[rank.name], f"all {rank.of}" if rank.of > 1 else "the one"
    for count, words in ((rank.less, known.more), (rank.more, known.less), (rank.same, known.same)):
        if count == rank.of:
            return f"{known.value(rank.value)}: {words} {every}"
    if rank.less:
        same = f", {known.same} {rank.same}" if rank.same else ""
        return f"{known.value(rank.value)}: {known.more} {rank.less} of {rank.of}{same}"
    return (
        f"{known.value(rank.value)}: {known.same} {rank.same} of {rank.of}, {known.less} the others"
    )


def first_words(firsts: Firsts) -> list[str]:
    """A line for each, concepts first."""
    return list(_lines(firsts))


def _lines(firsts: Firsts) -> Iterator[str]:
    known = concepts()
    name = {
        concept: known[concept].name if concept in known else concept.replace("-", " ")
        for concept in _ids(firsts)
    }
    for concept in firsts.concepts:
        yield f"{name[concept]}: in none of {counted(firsts.designs, 'design')}"
    for beyond in firsts.beyond:
        yield _beyond(beyond)
    for choice in firsts.choices:
        value, count = fact_words(choice.key[1], choice.value), choice.designs
        nowhere = f"in none of the {count} designs" if count > 1 else "not in the one design"
        yield f"{_fact(choice)}: {value}, {nowhere} that {'have' if count > 1 else 'has'} one"
    for pair in firsts.pairs[:PAIRS]:
        first, second = name[pair.first], name[pair.second]
        yield (
            f"{first} with {second}: {pair.having[0]} and {counted(pair.having[1], 'design')} have one, "
            "none has both"
        )
    more = len(firsts.pairs) - PAIRS
    if more > 0:
        yield f"and {counted(more, 'more pair')} of concepts that no design has both of"


def _ids(firsts: Firsts) -> Iterator[str]:
    yield from firsts.concepts
    for pair in firsts.pairs:
        yield from (pair.first, pair.second)


def _beyond(extreme: Extreme) -> str:
    most, words = ("most", "more") if extreme.more else ("least", "less")
    return (
        f"{_fact(extreme)}: {plain_text(extreme.value)}, {words} than in any of the {extreme.designs} designs that "
        f"have this (at {most} {plain_text(extreme.bound)}, in {extreme.holder.name})"
    )


def _fact(first: Extreme | Choice) -> str:
    """The fact's heading; of a part, with what it is a fact of."""
    kind, name = first.key
    heading = term(name, kind, number=isinstance(first, Extreme)).heading
    return f"{heading} of {first.part}" if first.part else heading
