"""A tower's words: of a block plain words, the field's name and one size; of a model its numbers."""

from __future__ import annotations

from collections.abc import Iterable
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
from llm_gallery.novelty.leading import concepts_inside
from llm_gallery.plan.naming import STAR, Naming, field_names

UNITS = (("T", 10**12), ("B", 10**9), ("M", 10**6), ("K", 10**3))
LONGEST = 18
"""Letters of an MLP's name that a block has room for."""


def described(part: Part) -> TowerBlock:
    """A block in words."""
    title = _title(part)
    field = field_names((part.block,))
    field = "" if field in title.split() else field
    return TowerBlock(
        colour=part.colour,
        title=title,
        field=field,
        size=size(part.block),
        name=part.name,
        before=part.before,
        after=part.after,
        block=part.block,
        path=part.path,
        others=part.others,
    )


def apart(parts: Iterable[Part]) -> dict[str, str]:
    """Of parts of which the same would be said what tells each from the plainest, by its name: "shared index", "no RoPE"."""
    alike: dict[tuple[str, str, str], dict[str, int]] = {}
    for part in parts:
        if not part.block.on_channels:
            block = described(part)
            names = alike.setdefault((block.title, block.field, block.size), {})
            names[part.name] = names.get(part.name, 0) + 1
    found: dict[str, str] = {}
    for (title, _, _), names in alike.items():
        plainest = max(names, key=lambda name: (title.startswith(name.split(",")[0]), names[name]))
        known = plainest.split(", ")
        for name in names:
            words = [words for words in name.split(", ") if words not in known]
            if name != plainest and words:
                found[name] = small(", ".join(words))
    return found


def _title(part: Part) -> str:
    """Plain words; attention says that it is."""
    first, _, _ = part.name.partition(", ")
    if part.block.is_mixture:
        return "Experts"
    if part.block.on_channels:
        return part.name if len(part.name) <= LONGEST else "MLP"
    if not part.block.attends or first == WINDOW:
        return first
    # Of what it takes over, and how wide its window is, the second line speaks.
    if "selected" in part.block.facts:
        return "Sparse attention"
    first = first.rstrip("0123456789 ")
    return first if "attention" in first.lower() else f"{first} attention"


def called(block: TowerBlock, naming: Naming) -> TowerBlock:
    """A block under plain words, the field's name where it has one, or both."""
    if naming == "both" or not block.field:
        return block
    own = field_names((block.block,))
    if block.field != own:  # what tells it from others stands in its place, and stays
        return replace(block, title=own) if naming == "field" and own else block
    return replace(block, title=block.title if naming == "plain" else block.field, field="")


def size(block: Block) -> str:
    """The one number that defines it."""
    if block.is_mixture:
        shared = _number(block, "shared")
        beside = f" + {shared:,} shared" if shared else ""
        return f"{_number(block, 'used'):,} of {_number(block, 'experts'):,}{beside}"
    if block.on_channels:
        inner = _number(block, "inner") or _number(block, "width")
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
    if heads and (block.attends or block.reads_beside):
        return f"{heads:,} q / {keys:,} kv" if keys and keys != heads else f"{heads:,} heads"
    return mechanisms.size_of(block).split(", ")[0]


def _number(block: Block, fact: str) -> int:
    value = block.value(fact)
    return value if isinstance(value, int) else 0


def amount(count: int) -> str:
    """A count in two or three figures: "671B", "37.6B", "1.04T"."""
    for unit, of in UNITS:
        if count >= 0.9995 * of:  # 999.9B is told as 1.00T
            value = count / of
            digits = 0 if value >= 99.95 else 1 if value >= 9.995 or unit != "T" else 2
            return f"{value:.{digits}f}{unit}"
    return f"{count:,}"


def context(root: Block) -> str:
    """The context as people say it: "128K", "1M"; "" where the model states none."""
    return tokens(_number(root, "context")) if _number(root, "context") else ""


def tokens(count: int) -> str:
    """A number of tokens as people say it: 131,072 is 128K, and so is 128,000."""
    base = 1000 if count % 1000 == 0 or count % 1024 else 1024
    thousands = round(count / base)
    if count < 1000:
        return f"{count:,}"
    return f"{thousands:,}K" if thousands < 1000 else f"{round(thousands / base):,}M"


def about(root: Block, sort: str) -> str:
    """The second line of a header's numbers: what runs, or the sort of model, and its context."""
    counted = parameters(root)
    first = f"{amount(counted.active)} active" if counted.sparse else sort
    long = context(root)
    return f"{first}, {long} context" if long else first


def tag(concept: str, blocks: Iterable[Block]) -> str:
    """What is new, by what the field calls those blocks that have it: "NEW mHC", "NEW HCA, CSA"."""
    return f"NEW {short_name(concept, blocks)}"


def short_name(concept: str, blocks: Iterable[Block] = ()) -> str:
    """What the field calls a concept in a word: by what blocks state, else its tag, else its name."""
    known = concepts()[concept]
    stated = [b for b in blocks if b.connects or concept in concepts_inside(b)]
    words = field_names(stated).replace(",", "").split()
    field = ", ".join(word for word in words if word.rstrip(STAR) in known.names)
    return field or known.new.tag or known.short or small(known.name)


def of_layers(count: int, root: Block) -> str:
    """So many of a model's layers: "36 of 48", "All 32"."""
    depth = len(schedule(root))
    return f"{count:,} of {depth:,}" if count < depth else f"All {depth:,}"
