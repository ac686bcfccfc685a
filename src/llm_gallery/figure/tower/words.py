"""A tower's words: of a block plain words, the field's name and one size; of a model its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery import mechanisms
from llm_gallery.analysis.layers import schedule
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.concepts import concepts
from llm_gallery.figure.tower.layer_parts import Part
from llm_gallery.figure.tower.rows import TowerBlock
from llm_gallery.mechanisms.wording import small
from llm_gallery.mechanisms.written import WINDOW
from llm_gallery.plan.naming import Naming, field_names

UNITS = (("T", 10**12), ("B", 10**9), ("M", 10**6), ("K", 10**3))
LONGEST = 18
"""Letters of an MLP's name that a block has room for."""


def described(part: Part) -> TowerBlock:
    """A block in words."""
    title = _title(part)
    field = field_names((part.block,))
    field = "" if field in title.split() else field
    return TowerBlock(
        colour=part.colour, title=title, field=field, size=size(part.block), block=part.block
    )


def _title(part: Part) -> str:
    """Plain words; attention says that it is."""
    first, _, _ = part.name.partition(", ")
    if part.block.is_mixture:
        return "Experts"
    if part.block.on_channels:
        return part.name if len(part.name) <= LONGEST else "MLP"
    # Of what it takes over the second line and the strip speak, not its name.
    taken = " " in first and "selected" in part.block.facts
    whole = "attention" in first.lower() or first == mechanisms.title(part.block)
    if not part.block.attends or (whole and not taken) or first == WINDOW:
        return first
    return "Sparse attention" if taken else f"{first} attention"


def called(block: TowerBlock, naming: Naming) -> TowerBlock:
    """A block under plain words, the field's name where it has one, or both."""
    if naming == "both" or not block.field:
        return block
    return replace(block, title=block.title if naming == "plain" else block.field, field="")


def size(block: Block) -> str:
    """The one number that defines it."""
    if block.is_mixture:
        shared = _number(block, "shared")
        beside = f" + {shared:,} shared" if shared else ""
        return f"{_number(block, 'used'):,} of {_number(block, 'experts'):,}{beside}"
    if block.on_channels:
        inner = _number(block, "inner")
        return f"{inner:,} wide" if inner else ""
    chosen = _number(block, "selected")
    if ratio := _number(block, "ratio"):
        return f"{ratio:,} : 1, " + (f"top {chosen:,}" if chosen else "reads all")
    if chosen:
        return f"top {chosen:,}"
    for fact, words in (("window", "last {:,}"), ("chunk", "chunks of {:,}")):
        if count := _number(block, fact):
            return words.format(count)
    heads, keys = _number(block, "heads"), _number(block, "kv_heads")
    if block.attends and heads:
        return f"{heads:,} q / {keys:,} kv" if keys and keys != heads else f"{heads:,} heads"
    return mechanisms.size_of(block).split(", ")[0]


def _number(block: Block, fact: str) -> int:
    value = block.value(fact)
    return value if isinstance(value, int) else 0


def amount(count: int) -> str:
    """A count in two or three figures: "671B", "37.6B", "1.04T"."""
    unit, of = next((pair for pair in UNITS if count >= pair[1]), ("", 1))
    value = count / of
    if value >= 100 or not unit:
        return f"{value:.0f}{unit}"
    return f"{value:.1f}{unit}" if value >= 10 or unit != "T" else f"{value:.2f}{unit}"


def context(root: Block) -> str:
    """The context as people say it: "128K", "1M"; "" where the model states none."""
    return tokens(_number(root, "context")) if _number(root, "context") else ""


def tokens(count: int) -> str:
    """A number of tokens as people say it."""
    base = 1024 if count % 1024 == 0 else 1000
    thousands = round(count / base)
    if thousands < 1000:
        return f"{thousands:,}K" if thousands else f"{count:,}"
    return f"{round(thousands / base):,}M"


def about(root: Block, sort: str) -> str:
    """The second line of a header's numbers: what runs, or the sort of model, and its context."""
    counted = parameters(root)
    first = f"{amount(counted.active)} active" if counted.sparse else sort
    long = context(root)
    return f"{first}, {long} context" if long else first


def tag(concept: str, blocks: Sequence[Block] = ()) -> str:
    """What is new, by name: "NEW mHC"; where the field has one for these blocks, by that."""
    known = concepts()[concept]
    return f"NEW {field_names(blocks) or known.new.tag or known.short or small(known.name)}"


def of_layers(count: int, root: Block) -> str:
    """So many of a model's layers: "36 of 48", "All 32"."""
    depth = len(schedule(root))
    return f"{count:,} of {depth:,}" if count < depth else f"All {depth:,}"
