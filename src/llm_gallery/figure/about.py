"""What a block answers for itself: its facts with their config keys and evidence, in one line of words."""

from __future__ import annotations

from llm_gallery.analysis.mechanisms import label
from llm_gallery.analysis.sheet import LABELS, WORDS
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, Value
from llm_gallery.figure.shapes import About

_NAMES = {"linear": "weight matrix", "convolution": "convolution", "router": "router"}


def about(path: str, block: Block, name: str = "") -> About:
    """The block's path and, one after another, its facts: "32 query heads (num_attention_heads, stated)"."""
    lines = [name or _name(block)]
    lines += [said(key, fact) for key, fact in block.facts.items() if key in LABELS]
    lines += [f"{t.name} {' × '.join(f'{n:,}' for n in t.shape)}" for t in block.tensors]
    return About(path, "\n".join(lines))


def _name(block: Block) -> str:
    return _NAMES[block.kind] if block.kind in _NAMES else label(block)


def said(key: str, fact: Fact) -> str:
    how = f"{fact.source}, {fact.evidence}" if fact.source else fact.evidence
    return f"{LABELS[key]}: {value(key, fact.value)} ({how})"


def value(key: str, held: Value) -> str:
    """A fact's value as shown."""
    if (key, held) in WORDS:
        return WORDS[key, held]
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, int):
        return f"{held:,}"
    if isinstance(held, float):
        return f"{int(held):,}" if held.is_integer() else f"{held:,}"
    return str(held)
