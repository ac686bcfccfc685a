"""The figure's words: what blocks are called by people who know them."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture import kinds
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms import MECHANISMS, subtitle_of, title
from llm_gallery.mechanisms.moe import used
from llm_gallery.mechanisms.written import NOPE

NORMS = {kind: str(MECHANISMS[kind].names.title) for kind in kinds.NORMS}


def sized(text: str, block: Block) -> str:
    """A name with the number that matters most: a window, the experts that run."""
    limit = reach(block) if block.kind == "attention" else None
    if limit is not None:
        return f"{text}, {limit:,}"
    if block.kind == "moe":
        return f"{used(block)} of {block.number('experts'):,} experts"
    return text


def all_sized(names: Sequence[str], blocks: Sequence[Block]) -> tuple[str, ...]:
    """The names of a mixer's variants with their numbers; equal ones keep what tells them apart."""
    pairs = list(zip(names, blocks, strict=True))
    names_sized = [sized(name, block) for name, block in pairs]
    return tuple(
        name_sized
        if names_sized.count(name_sized) == 1
        else f"{name_sized.removesuffix(' experts')}, {name[:1].lower()}{name[1:]}"
        for name_sized, (name, _) in zip(names_sized, pairs, strict=True)
    )


def subtitle(blocks: Sequence[Block]) -> str:
    """A second line on a mixer's block, where its name alone doesn't say which of its kind it is."""
    found = {subtitle_of(block) for block in blocks}
    return found.pop() if len(found) == 1 else ""


def variants(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Names that tell the variants of one mixer apart: by reach, position or title, else by a number."""
    if len(blocks) == 1:
        return (title(blocks[0]),)
    reaches, positions = [reached(b) for b in blocks], [positioned(b) for b in blocks]
    candidates = (
        [f"{reach} attention" for reach in reaches],
        [f"{position} attention" for position in positions],
        [f"{reach}, {position}" for reach, position in zip(reaches, positions, strict=True)],
        [title(block) for block in blocks],
        [_compressing(block) for block in blocks],
        ["Hash-routed" if block.value("hashed") else "Scored" for block in blocks],
        *(_numbered(blocks, fact, form) for fact, form in _TELLING),
    )
    for names in candidates:
        if len(set(names)) == len(blocks):
            return tuple(names)
    return tuple(f"{title(block)} {number}" for number, block in enumerate(blocks, 1))


def _compressing(block: Block) -> str:
    """How finely compressed attention sees the past, and what of it a layer makes itself."""
    name = title(block)
    return (
        f"{name.removesuffix(' CSA')} {block.value('ratio')}:1" if "ratio" in block.facts else name
    )


def reached(block: Block) -> str:
    """How far attention sees, in a word, and whether it brings its own keys."""
    if block.kind not in ("attention", "latent_attention") or reach(block) is None:
        seen = "Global"
    else:
        seen = "Local" if "window" in block.facts else "Chunked"
    return f"{seen} shared" if "shared_kv" in block.facts else seen


def positioned(block: Block) -> str:
    """How attention knows positions, in a word."""
    return POSITIONS.get(str(block.value("position")), "Other")


POSITIONS = {"rope": "RoPE", "none": NOPE, "learned": "Learned position", "relative": "Relative"}
_TELLING = (
    ("window", "Window {}"),
    ("chunk", "Chunks of {}"),
    ("heads", "{} heads"),
    ("kv_heads", "{} KV heads"),
    ("head_dim", "Heads of {}"),
    ("inner", "{} inner width"),
    ("experts", "{} experts"),
    ("used", "Top {}"),
)
"""Facts by whose number variants may be told apart, the most telling first."""


def _numbered(blocks: Sequence[Block], fact: str, form: str) -> list[str]:
    values = [block.value(fact) for block in blocks]
    return [
        form.format(f"{value:,}") if isinstance(value, int) else title(block)
        for block, value in zip(blocks, values, strict=True)
    ]
