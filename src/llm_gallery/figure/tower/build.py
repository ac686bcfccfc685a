"""The rows of a model's tower, from its plan and its heading alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.figure.tower.calls import calls
from llm_gallery.figure.tower.layer_parts import Added, Part, Unit, cell, layer_parts, units
from llm_gallery.figure.tower.news import blocks, marked, news
from llm_gallery.figure.tower.order import Order, Row, order
from llm_gallery.figure.tower.rows import (
    Named,
    Storey,
    Tower,
    TowerBlock,
    TowerBranch,
)
from llm_gallery.figure.tower.words import about, amount, called, described, tag
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.naming import Naming
from llm_gallery.plan.outer_blocks import after_stack
from llm_gallery.plan.planning import plan


def tower(architecture: Architecture, heading: Heading, naming: Naming = "both") -> Tower:
    """Everything that the tower of a model says; the same input gives the same rows."""
    root, shown = architecture.root, plan(architecture.root)
    layers = layer_parts(root)
    read = units(layers)
    found = order(read) if read else Order(())
    storeys = _joined(_storeys(found, read, layers), found)
    told = news(shown, heading, storeys)
    storeys = marked(storeys, told)
    norm = next((mechanisms.title(b) for _, b in reversed(after_stack(root)) if b.is_norm), "")
    streams = (shown.wiring.variants[0].block,) if shown.wiring else ()
    on_whole = {
        one.at: tag(one.concept, streams if one.at == "stream" else ())
        for one in told
        if isinstance(one.at, str)
    }
    start, end = found.shown
    depth = len(layers)
    edge = [read[at].layers[0] if at < len(read) else depth for at in (start, end)] or [0, 0]
    return Tower(
        name=heading.line,
        maker=heading.maker,
        month=heading.month,
        total=amount(parameters(root).total),
        about=about(root, _sort(layers, shown.stream.passes)),
        storeys=storeys if naming == "both" else tuple(_called(storeys, layers, naming)),
        strip=tuple(map(cell, layers)),
        repeats=found.repeats,
        braced=found.braced,
        shown=(edge[0], edge[1]),
        ordered=found.ordered,
        stream=shown.stream,
        stream_tag=on_whole.get("stream", ""),
        loop_tag=on_whole.get("loop", ""),
        norm=str(norm),
        width=_stated(root, "width"),
        vocabulary=_stated(root, "vocabulary"),
        calls=calls(shown, storeys, told),
        ancestor=heading.ancestor if told else "",
    )


def _called(storeys: Iterable[Storey], layers: Iterable[Unit], naming: Naming) -> Iterator[Storey]:
    """The rows under plain words alone, or under the field's names where there are any."""
    made = [described(part) for layer in layers for part in _parts(layer)]
    instead = {
        (block.colour, block.title if naming == "field" else block.field): called(
            block, naming
        ).title
        for block in made
        if block.field
    }
    for storey in storeys:
        names = (
            name._replace(parts=tuple((c, instead.get((c, said), said)) for c, said in name.parts))
            for name in storey.names
        )
        branches = (
            replace(branch, blocks=tuple(called(block, naming) for block in branch.blocks))
            for branch in storey.branches
        )
        yield replace(storey, names=tuple(names), branches=tuple(branches))


def _joined(storeys: Iterable[Storey], found: Order) -> tuple[Storey, ...]:
    """Lines in no order whose names are the same are one."""
    made: list[Storey] = []
    for storey in storeys:
        last = made[-1] if made and not found.ordered else None
        if last is not None and len(last.names) == len(storey.names) == 1:
            (one,), (other,) = last.names, storey.names
            if (last.frame, one.parts, one.more) == (storey.frame, other.parts, other.more):
                often = last.times + storey.times
                made[-1] = replace(last, times=often, names=(one._replace(times=often),))
                continue
        made.append(storey)
    return tuple(made)


def _stated(root: Block, fact: str) -> str:
    value = root.value(fact)
    return f"{value:,}" if isinstance(value, int) else ""


def _sort(layers: Sequence[Unit], passes: int) -> str:
    """The sort of a model all of whose weights run."""
    tokens = [
        part.block
        for layer in layers
        for branch in layer.branches
        for part in branch.parts
        if not part.block.on_channels
    ]
    attends, recurs = any(b.attends for b in tokens), any(not b.attends for b in tokens)
    if passes > 1:
        return "looped"
    if recurs:
        return "hybrid" if attends else "no attention"
    return "dense"


def _storeys(found: Order, read: Sequence[Unit], layers: Sequence[Unit]) -> Iterator[Storey]:
    """The rows in words; what a lower storey has described isn't described again."""
    seen: list[TowerBlock] = []
    channels = {
        block.title
        for row in found.rows
        if not row.runs
        for part in _parts(read[row.first])
        if part.block.on_channels
        for block in (described(part),)
    }
    for row in found.rows:
        if row.runs:
            yield Storey(
                times=row.times,
                frame=row.frame,
                names=tuple(_named(row, read, channels, found.by_mixer)),
            )
            continue
        unit = _with_mixture(row, found, read)
        branches = tuple(_branch(b, found, layers) for b in unit.branches)
        made = Storey(times=row.times, frame=row.frame, branches=branches)
        branches = tuple(
            replace(b, blocks=tuple(replace(o, again=_told(o, seen)) for o in b.blocks))
            for b in branches
        )
        seen += [block for _, block in blocks((made,))]
        yield replace(made, branches=branches)


def _told(block: TowerBlock, seen: Sequence[TowerBlock]) -> bool:
    said = block.title, block.field, block.size
    return any((other.title, other.field, other.size) == said for other in seen)


def _parts(unit: Unit) -> Iterator[Part]:
    return (part for branch in unit.branches for part in branch.parts)


def _with_mixture(row: Row, found: Order, read: Sequence[Unit]) -> Unit:
    """The unit that is drawn: of layers told apart by what mixes tokens, one that has a mixture."""
    unit = read[row.first]
    if not found.by_mixer:
        return unit
    alike = (other for other in read if other.mixers == unit.mixers)
    return next((o for o in alike if any(p.block.is_mixture for p in _parts(o))), unit)


def _branch(branch: Added, found: Order, layers: Sequence[Unit]) -> TowerBranch:
    parts = sorted(branch.parts, key=lambda part: not part.block.on_channels)
    made = [described(part) for part in (parts if len(parts) > 1 else branch.parts)]
    if found.by_mixer:
        made = [_where(block, layers) for block in made]
    return TowerBranch(
        blocks=tuple(made),
        before=branch.before,
        after=branch.after,
        on_stream=branch.on_stream,
    )


def _where(block: TowerBlock, layers: Sequence[Unit]) -> TowerBlock:
    """A channel block that not all layers have says in how many it is."""
    if not block.block.on_channels:
        return block
    count = sum(any(part.colour == block.colour for part in _parts(layer)) for layer in layers)
    return replace(block, size=f"in {count:,} of {len(layers):,}") if count < len(layers) else block


def _named(row: Row, read: Sequence[Unit], channels: set[str], by_mixer: bool) -> Iterator[Named]:
    """A line of names: what mixes tokens, and a channel block that no frame shows."""
    if row.more:
        yield Named(row.times, (), row.more)
        return
    for at, times in row.runs:
        parts = [(part, described(part)) for part in _parts(read[at])]
        kept = [
            block
            for part, block in parts
            if not part.block.on_channels
            or (not by_mixer and block.title not in channels)
            or len(parts) == 1
        ]
        several = len(kept) > 1
        yield Named(
            times,
            tuple(
                (b.colour, b.field if several and b.field and b.block.on_tokens else b.title)
                for b in kept
            ),
        )
