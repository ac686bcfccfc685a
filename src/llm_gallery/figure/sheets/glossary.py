"""The words and letters of figures, each with a plain line: for the legend, and for the page under one figure.

What a concept of the catalog explains is taken from there: `texts` maps its id to its name and its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from llm_gallery.architecture.block import Block, walk
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.text import wrap
from llm_gallery.figure.lead.hero import concepts_inside
from llm_gallery.figure.plan.plan import Plan

Texts = Mapping[str, tuple[str, str]]
Where = Callable[[Block], bool]


class Row(NamedTuple):
    """A term and what it means."""

    term: str
    meaning: str


class Term(NamedTuple):
    """A row, and the blocks whose drawing has it."""

    row: Row
    where: Where


_ATTENDS = ("attention", "latent_attention", "compressed_attention")
_STATES = (
    "deltanet", "gated_deltanet", "gated_linear_attention", "gated_slot_attention", "hgrn", "hgrn2", "kimi_delta_attention", "lightnet",
    "lightning_attention", "mamba", "mamba2", "mlstm", "retention", "rg_lru", "rwkv", "rwkv6", "rwkv7",
)  # fmt: skip
_FADING = (
    "gated_deltanet", "gated_linear_attention", "kimi_delta_attention", "lightning_attention", "retention",
)  # fmt: skip
_MATRICES = (*_FADING, "deltanet")


def _everywhere(block: Block) -> bool:
    return True


def _kind(*kinds: str) -> Where:
    return lambda block: block.kind in kinds


def _has(*facts: str) -> Where:
    """Blocks with one of these facts, where it isn't none, no or nothing."""
    return lambda block: any(block.value(fact) not in (None, False, 0) for fact in facts)


def _partly_rotated(block: Block) -> bool:
    return "rotated" in block.facts and block.value("rotated") != block.value("head_dim")


def _without_positions(block: Block) -> bool:
    return block.value("position") == "none"


def _term(term: str, meaning: str, where: Where = _everywhere) -> Term:
    return Term(Row(term, meaning), where)


TERMS = (
    _term("Token", "A piece of text: a word or a part of one. What a model reads and writes."),
    _term("Embedding", "A table with a row of numbers for each token of the vocabulary."),
    _term("Head", "At the end: gives each token of the vocabulary a score. The best may come next."),
    _term("Stream", "The numbers of a token that run past all layers. Branches read it and add to it."),
    _term("Width", "How many numbers the stream has."),
    _term("Layer", "A token mixer, then a part that works on each token alone."),
    _term("Branch", "What is beside the stream: it reads, computes, and adds its result."),
    _term("RMSNorm", "Divides numbers by their root mean square, so that their size is known."),
    _term("4,096 → 1,024", "A matrix: so many numbers come in, so many go out."),
    _term("Active", "The parameters that work on one token; in a mixture not all do."),
    _term("Kept", "What stays of a token for all later ones: the cache, or a state."),
    _term("Cache", "What is kept of every token; it grows with the text."),
    _term("Context", "The longest text that the model is made for, in tokens."),
    _term("q, k, v", "Query, key and value: a query is compared with keys, and what fits is read as values.", _kind(*_ATTENDS)),
    _term("Query heads", "Attention runs many times side by side; each time is a head, with queries of its own.", _kind(*_ATTENDS)),
    _term("Softmax", "Makes shares of scores: they are positive and add up to 1.", _kind(*_ATTENDS, "moe")),
    _term("q · k / √128", "Every score: the product of query and key, divided so that it stays in range.", _kind(*_ATTENDS)),
    _term("RoPE base", "Sets how slowly the slowest channels turn; larger for longer texts.", _has("rope_base")),
    _term("64 / 128", "Of 128 channels 64 are rotated; the others don't know positions.", _partly_rotated),
    _term("No positions", "Queries and keys don't say where a token stands.", _without_positions),
    _term("Window", "Only so many of the last tokens are read.", _has("window")),
    _term("Chunk", "Tokens are read in stretches of fixed length; none looks into an earlier one.", _has("chunk")),
    _term("Global, local", "A layer that reads every token, and one that reads only near ones.", _has("window", "chunk")),
    _term("Sink", "A score that leads to nothing, so that a head needn't look at anything.", _has("sinks")),
    _term("Gate", "Numbers from 0 to 1 that say how much passes.", _has("gate", "gated")),
    _term("± 30", "A tanh keeps the numbers between −30 and 30; at most 7 cuts them off there.", _has("softcap", "gate_softcap", "limit", "logit_softcap")),
    _term("Latent", "A short vector from which longer ones are made again.", _kind("latent_attention")),
    _term("Indexer", "A small attention of its own, which only says what is worth reading.", _kind("indexer")),
    _term("128 : 1", "One entry stands for 128 tokens.", _has("ratio")),
    _term("Compressed", "Entries for groups of tokens are kept in place of the tokens.", _has("ratio")),
    _term("Sparse", "Not all is read that could be, but the best by a score.", _has("selected")),
    _term("Taken over", "An earlier layer made it; this one reads the same.", _has("shared_index", "shared_stream", "shared_kv")),
    _term("State", "What a layer keeps of the past in numbers that don't grow.", _kind(*_STATES)),
    _term("S", "The state of a head: a matrix of numbers.", _kind(*_MATRICES)),
    _term("α, λ", "How much of the state stays from one token to the next.", _kind(*_FADING)),
    _term("β", "How strongly a token corrects the state.", _kind("deltanet", "gated_deltanet", "kimi_delta_attention")),
    _term("h, A, B, C, Δ", "Mamba's state, how it fades, what is written, what is read, and how large a step is.", _kind("mamba", "mamba2")),
    _term("i, f, n", "How much is written and forgotten, and a sum that keeps the result in range.", _kind("mlstm")),
    _term("Tokens convolved", "The last few tokens are added, with a weight for each token and channel.", _has("taps")),
    _term("Gated MLP", "Two matrices side by side, one of which gates the other, and one back.", _has("gated")),
    _term("Inner width", "How many numbers an MLP works on between its matrices.", _kind("mlp", "receptance_mlp")),
    _term("SiLU, GELU, ReLU", "Functions that let large numbers pass and stop negative ones.", _kind("mlp", "moe")),
    _term("Expert", "One of many MLPs, of which a few run for a token.", _kind("moe")),
    _term("Router", "Gives each expert a score; the best run.", _kind("moe")),
    _term("By score, by token id", "A router chooses the experts, or a table has a choice for each token.", _has("hashed")),
    _term("Shared", "An expert that runs for every token.", _has("shared")),
    _term("Streams", "Several streams side by side in place of one.", _has("streams")),
    _term("Sinkhorn", "Rows and columns are divided by their sums in turn, until both add up to 1.", _has("rounds")),
    _term("N-grams", "Two or more tokens in a row, which look up a row of a table together.", _kind("ngram_memory")),
    _term("MTP", "A module beside the model that predicts the token after the next one.", _kind("multi_token_prediction")),
    _term("Ends", "The embedding and the head that such a module uses: the model's, copies of them, or some that it stores.", _kind("multi_token_prediction")),
)  # fmt: skip
"""The words and signs that no concept of the catalog explains, in the order in which a figure shows them."""


def rows(texts: Texts) -> tuple[Row, ...]:
    """All of them, then the concepts by name."""
    explained = sorted((Row(*text) for text in texts.values()), key=lambda row: row.term.lower())
    return (*(term.row for term in TERMS), *explained)


def glossary_of(plan: Plan, root: Block, texts: Texts) -> tuple[Row, ...]:
    """Those of one figure: words of its blocks and of what stands beside them, and the concepts that they show."""
    blocks = list(_blocks(plan))
    parts = [root, *root.inside, *(part for block in blocks for _, part in walk(block))]
    shown = {concept for block in blocks for concept in concepts_inside(block)}
    found = [term.row for term in TERMS if any(map(term.where, parts))]
    explained = (Row(*text) for concept, text in texts.items() if concept in shown)
    return (*found, *sorted(explained, key=lambda row: row.term.lower()))


def _blocks(plan: Plan) -> Iterator[Block]:
    """Every block of its drawings."""
    uses = (*plan.uses, *(() if plan.wiring is None else (plan.wiring,)))
    yield from (variant.block for use in uses for variant in use.variants)


TERM, LEADING, GAP = 128.0, 15.5, 32.0
"""Px of the column of terms, of a line, and between two columns."""


def columns(shown: Sequence[Row], wide: float, count: int = 2) -> Picture:
    """Rows in columns of like height, as wide as that; a meaning takes as many lines as it needs."""
    each = (wide - GAP * (count - 1)) / count
    lines = [
        (wrap(row.term, TERM - 10, 12, 600, lines=3), wrap(row.meaning, each - TERM, 12, lines=4))
        for row in shown
    ]
    highs = [LEADING * max(map(len, pair)) + 5 for pair in lines]
    sheet, share = Sheet(), sum(highs) / count
    x = y = bottom = 0.0
    for (term, meaning), high in zip(lines, highs, strict=True):
        if y + high / 2 > share and x + each < wide - 1:
            x, y = x + each + GAP, 0.0
        sheet.lines(x, y + 12, term, LEADING, size=12, weight=600, role="ink")
        sheet.lines(x + TERM, y + 12, meaning, LEADING, size=12)
        y += high
        bottom = max(bottom, y)
    return sheet.picture(wide, bottom)
