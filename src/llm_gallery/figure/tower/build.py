"""The rows of a model's tower, from its plan and its heading alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block, join, stack_path
from llm_gallery.figure.kit.origin import GALLERY, origin
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
from llm_gallery.figure.tower.words import about, amount, apart, called, described
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.naming import Naming
from llm_gallery.plan.outer_blocks import after_stack, outer_blocks
from llm_gallery.plan.outer_stops import entering, leaving
from llm_gallery.plan.planning import plan


def tower(
    architecture: Architecture, heading: Heading, naming: Naming = "both", *, address: str = ""
) -> Tower:
    """Everything that the tower of a model says; the same input gives the same rows.

    It says that it is from an address, or from the gallery where none is given.
    """
    root, shown = architecture.root, plan(architecture.root)
    layers = layer_parts(root)
    read = units(layers)
    found = order(read) if read else Order(())
    storeys = _joined(_storeys(found, read, layers, stack_path(root)), found)
    told = news(shown, heading, storeys)
    storeys = marked(storeys, told)
    ends = outer_blocks(root)
    norm_path, norm = next(
        ((p, b) for p, b in reversed(after_stack(root)) if b.is_norm), ("", None)
    )
    on_whole = {one.at: one.tag for one in told if isinstance(one.at, str)}
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
        norm="" if norm is None else str(mechanisms.title(norm)),
        width=_stated(root, "width"),
        vocabulary=_stated(root, "vocabulary"),
        calls=calls(shown, heading, storeys, told),
        ancestor=heading.ancestor if told else "",
        source=_source(address),
        read=entering(root),
        given=leaving(root, canvas=architecture.canvas),
        embedding_path=ends.embedding[0] if ends.embedding else "",
        head_path=ends.head[0] if ends.head else "",
        norm_path=norm_path,
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


def _source(address: str) -> str:
    """Where a figure is from, and of which version."""
    place = address.partition("://")[2].rstrip("/") or address or GALLERY
    return f"{origin(place)}, from config.json"


def _joined(storeys: Iterable[Storey], found: Order) -> tuple[Storey, ...]:
    """Lines in no order whose names are the same are one."""
    made: list[Storey] = []
    for storey in storeys:
        last = made[-1] if made and not found.ordered else None
        if last is not None and len(last.names) == len(storey.names) == 1:
            (one,), (other,) = last.names, storey.names
            if (last.frame, one.parts, one.more) == (storey.frame, other.parts, other.more):
                often = last.times + storey.times
                names = (one._replace(times=often),)
                every = tuple(sorted((*last.layers, *storey.layers)))
                made[-1] = replace(last, times=often, names=names, layers=every)
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
    attends, recurs = any(b.attends for b in tokens), any(b.recurs for b in tokens)
    if passes > 1:
        return "looped"
    if recurs:
        return "hybrid" if attends else "no attention"
    mixture = any(part.block.is_mixture for layer in layers for part in _parts(layer))
    return "all experts run" if mixture else "dense"


def _storeys(
    found: Order, read: Sequence[Unit], layers: Sequence[Unit], stack: str
) -> Iterator[Storey]:
    """The rows in words; what a lower storey has described isn't described again."""
    seen: list[TowerBlock] = []
    words = apart(part for layer in layers for part in _parts(layer))
    channels = {
        block.title
        for row in found.rows
        if not row.runs
        for part in _parts(read[row.first])
        if part.block.on_channels
        for block in (described(part),)
    }
    for row in found.rows:
        every = tuple(sorted(layer for unit in row.units for layer in read[unit].layers))
        path = join(stack, str(every[0]))
        if row.runs:
            yield Storey(
                times=row.times,
                frame=row.frame,
                names=tuple(_named(row, read, channels, words, found.by_mixer)),
                layers=every,
                path=path,
            )
            continue
        unit = _with_mixture(row, found, read)
        branches = tuple(_branch(b, found, layers, words) for b in unit.branches)
        made = Storey(times=row.times, frame=row.frame, branches=branches, layers=every, path=path)
        branches = tuple(
            replace(b, blocks=tuple(replace(o, again=_described_in(o, seen)) for o in b.blocks))
            for b in branches
        )
        seen += [block for _, block in blocks((made,))]
        yield replace(made, branches=branches)


def _described_in(block: TowerBlock, seen: Sequence[TowerBlock]) -> bool:
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


def _branch(
    branch: Added, found: Order, layers: Sequence[Unit], words: Mapping[str, str]
) -> TowerBranch:
    parts = list(branch.parts)
    if not branch.series:
        parts.sort(key=lambda part: not part.block.on_channels)
    made = [_apart(described(part), words) for part in parts]
    if found.by_mixer:
        made = [_where(block, layers) for block in made]
    return TowerBranch(
        blocks=tuple(made),
        before=branch.before,
        after=branch.after,
        on_stream=branch.on_stream,
        under=branch.under,
        series=branch.series,
        reads=branch.reads,
    )


def _apart(block: TowerBlock, words: Mapping[str, str]) -> TowerBlock:
    """The block with what tells it from another of the same words, in place of the field's name."""
    telling = "" if block.block.on_channels else words.get(block.name, "")
    return replace(block, field=telling) if telling else block


def _where(block: TowerBlock, layers: Sequence[Unit]) -> TowerBlock:
    """A channel block that not all layers have says in how many it is."""
    if not block.block.on_channels:
        return block
    count = sum(any(part.colour == block.colour for part in _parts(layer)) for layer in layers)
    return replace(block, size=f"in {count:,} of {len(layers):,}") if count < len(layers) else block


def _named(
    row: Row,
    read: Sequence[Unit],
    channels: set[str],
    words: Mapping[str, str],
    by_mixer: bool,
) -> Iterator[Named]:
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
        yield Named(times, tuple((b.colour, _line_name(b, words, several)) for b in kept))


def _line_name(block: TowerBlock, words: Mapping[str, str], several: bool) -> str:
    """What a block is called in a line: beside another by the field's name, else by what tells it apart."""
    if block.block.on_tokens and block.name in words:
        return block.name
    return block.field if several and block.field and block.block.on_tokens else block.title
