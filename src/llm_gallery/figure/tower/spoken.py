"""A tower read aloud, from the bottom up."""

from __future__ import annotations

from llm_gallery.figure.tower.rows import Named, Storey, Tower, TowerBlock, TowerBranch


def spoken(tower: Tower) -> str:
    """Rows and call-outs in words, for who doesn't see them."""
    head = f"{tower.name}: {tower.total} parameters, {tower.about}."
    rows = "; ".join(map(_storey, tower.storeys))
    unit = f" The storeys of the braced frame come {tower.repeats} times." if tower.repeats else ""
    order = "" if tower.ordered else " Kinds of layers alternate in no order that repeats."
    tags = "".join(f" {tag}." for tag in (tower.stream_tag, tower.loop_tag) if tag)
    norm = f", {tower.norm}" if tower.norm else ""
    calls = "".join(f" {call.name}: {call.number} {call.words}." for call in tower.calls)
    flow = f" From the bottom up: {tower.read}, embedding; {rows}{norm}, head, {tower.given}."
    against = f" {tower.against}." if tower.against else ""
    return f"{head}{flow}{unit}{order}{tags}{against}{calls}"


def _storey(storey: Storey) -> str:
    if storey.names:
        return ", then ".join(map(_named, storey.names))
    return f"{storey.times} times {', then '.join(map(_branch, storey.branches))}"


def _branch(branch: TowerBranch) -> str:
    """Blocks side by side, or each into the next."""
    return (" into " if branch.series else " beside ").join(map(_block, branch.blocks))


def _named(named: Named) -> str:
    parts = " with ".join(words for _, words in named.parts)
    return f"{named.times} times {parts or f'layers of {named.more} more kinds'}"


def _block(block: TowerBlock) -> str:
    beside = f" ({block.second})" if block.second else ""
    return f"{block.title}{beside}{f', {block.new}' if block.new else ''}"
