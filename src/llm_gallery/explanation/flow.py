"""How a token flows: its row of the table, the layers in order, what each keeps of it, the head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llm_gallery import mechanisms
from llm_gallery.analysis.layers import replacements
from llm_gallery.analysis.memory import CacheRow, kept_in
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Architecture, Block, distinct_layers, stack_path
from llm_gallery.architecture.block import layers as stacked
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.phrases import listed
from llm_gallery.explanation.layer_names import by_layer, links, name_of, places, within
from llm_gallery.explanation.layers_in_order import in_order, often
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, said
from llm_gallery.mechanisms.wording import capital
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.outer_blocks import outer_blocks
from llm_gallery.plan.outer_stops import Stop, before, head_remarks, head_scalars
from llm_gallery.plan.place import Choice, Place
from llm_gallery.plan.plan import Branch, OneLayer, Plan
from llm_gallery.plan.stream import Stream

MOST_KINDS = 4
"""Kinds of layers of which is said what each keeps."""
MOST_WIRINGS = 2
"""Ways to wire a layer that are told, the most frequent first."""


def flow(architecture: Architecture, plan: Plan) -> Paragraph:
    """From the token's row to the scores of the next token."""
    root = architecture.root
    sentences = (
        _enters(root, plan),
        *_inside(root, plan),
        *_known_as(root, plan),
        *_keeps(root, plan.depth),
        _leaves(architecture),
    )
    return Paragraph("How a token flows", sentences)


def _enters(root: Block, plan: Plan) -> Sentence:
    """The row that a token picks, what is done with it, and how many layers follow."""
    located = outer_blocks(root).embedding
    row, parts = "its row of a table", [Named("layers", stack_path(root))]
    if located is not None:
        path, table = located
        row = f"one of {table.number('vocabulary'):,} rows"
        parts.append(Named("rows", path))
    times = plan.stream.passes
    again = f", {often(times)} over" if times > 1 else ""
    alike = " equal" if plan.depth > 1 and not _orders(by_layer(root, plan.depth)) else ""
    causal = "" if reads_whole(root) else " causal"
    way = f"{plan.depth:,}{alike}{causal} {'layer' if plan.depth == 1 else 'layers'}{again}"
    stops = before(root)
    done = [*map(_done, stops)]
    if stops and stops[-1].sort == "norm" and not stops[-1].spreads:
        done[-1] = f"{done[-1]} and {way}"
    else:
        done.append(f"passes {way}")
    return said(f"A token picks {listed([row, *done])}.", parts)


def _done(stop: Stop) -> str:
    """What happens to the row, after "picks"."""
    if stop.sort == "scalar":
        return f"multiplies it by {stop.factor}"
    if stop.sort == "norm":
        return f"is spread over {stop.words}" if stop.spreads else f"passes {stop.words}"
    if stop.sort == "patches":
        return "is put in a patch by a small model of its own"
    added = {
        "positions": "a row for its position",
        "segments": "a row for its segment",
        "tables": "rows for its n-grams",
    }
    scaled = "is scaled and shifted channel by channel"
    return f"adds {added[stop.sort]}" if stop.sort in added else scaled


def _inside(root: Block, plan: Plan) -> Iterator[Sentence]:
    """The layers in their order, then what the branches of one do."""
    names = links_of(root)
    if orders := _orders(by_layer(root, plan.depth)):
        yield said(f"{capital('; '.join(orders))}.", names)
    ranked = sorted(layers_of(root), key=lambda one: -one.layers)
    for at, one in enumerate(ranked[:MOST_WIRINGS]):
        if words := _in_one(one, plan):
            yield said(words, names, spare=at)
        elif orders:
            continue  # that already says what some of them have
        yield from (said(words, names, spare=3 * at) for words in _also(one))
    yield from map(said, _replaced(root, plan.depth))


def _known_as(root: Block, plan: Plan) -> Iterator[Sentence]:
    """What the field calls what stands in the layers, and what joins it to the stream."""
    found: dict[str, str] = {}
    for choice in (choice for place in places(root) for choice in place.choices):
        name, _, _ = name_of(choice).partition(" (")
        found.setdefault(_field(choice.block), re.sub(r"^an? ", "", name))
    if plan.wiring is not None:
        block = plan.wiring.variants[0].block
        found.setdefault(_field(block), mechanisms.full(block).inline)
    named = [f"{field} ({name})" for field, name in found.items() if field]
    if named:
        yield said(f"The field calls this {listed(named)}.", links_of(root))


def _field(block: Block) -> str:
    """The field's name, and whose that is where one maker alone uses it."""
    own = mechanisms.makers(block)
    words = mechanisms.field_name(block).split()
    return " ".join(f"{own[word]}'s {word}" if word in own else word for word in words)


def links_of(root: Block) -> list[Named]:
    """Blocks of the layers by any of their names."""
    return [*links([choice for place in places(root) for choice in place.choices])]


def _replaced(root: Block, depth: int) -> Iterator[str]:
    """In how many layers a matrix is all that a branch is."""
    if found := sum(replacements(layer) > 0 for layer in stacked(root)):
        yield f"In {found:,} of {depth:,} layers one matrix stands in place of attention or of an MLP."


def _orders(pairs: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[str]:
    """The order of the kinds of layers, token mixers before the rest; nothing where all are alike."""
    tokens, channels = ([listed(pair[i]) for pair in pairs] for i in (0, 1))
    kinds = [len(set(found)) for found in (pairs, tokens, channels)]
    if "" in {*tokens, *channels} or kinds[0] == kinds[1] == kinds[2]:
        both = [listed([*pair[0], *pair[1]]) or None for pair in pairs]
        return list(filter(None, [in_order(both, "of")]))
    return list(filter(None, (in_order(tokens, "of"), in_order(channels, "with"))))


def _in_one(one: OneLayer, plan: Plan) -> str:
    """What the branches of layers that are wired alike compute, in order, and how they join the stream."""
    found: list[list[Place]] = []
    branches: list[str] = []
    placed = set[str]()
    for reading in one.branches:
        mixing = [place for place in reading.places if place.mixes]
        if mixing and reading.added and not reading.apart and mixing[0].layers == one.layers:
            found.append(mixing)
            branches.append(_in_branch(reading))
            placed.add(_norms(reading))
    if not found:
        return ""
    count = len(found)
    unit = branches[: count // 2]
    joined = f"{branches[0]} and then {branches[1]}" if count == 2 else listed(branches)
    if count > 2 and branches == unit * 2:
        joined = f"{listed(unit)}, and once more both,"
    several = count > 1 or _several(found[0][0])
    norm = placed.pop() if len(placed) == 1 else ""
    norm = f", {norm} {'each' if count > 1 else 'them' if several else 'it'}" if norm else ""
    start = "In each," if one.layers == plan.depth else f"In {one.layers:,} of them,"
    if plan.depth == 1:
        start = "In it,"
    return f"{start} {joined} {_joins(plan.stream, count, several)}{norm}."


def _in_branch(reading: Branch) -> str:
    """What it computes: side by side what reads the same input, one after another what reads the last."""
    steps = (
        [[place for place in column if place.mixes] for column in step.columns]
        for step in reading.steps
    )
    sides = ([" then ".join(map(_does, column)) for column in step if column] for step in steps)
    return " then ".join(" beside ".join(side) for side in sides if side)


def _several(place: Place) -> bool:
    """Whether what stands there is said as many."""
    return len(place.choices) == 1 and place.block.is_mixture


def _also(one: OneLayer) -> Iterator[str]:
    """Branches that read an earlier point of the layer, and those that only some of the layers have."""
    for reading in one.branches:
        for place in (p for p in reading.places if p.mixes and reading.added):
            if reading.apart:
                yield f"Beside them, {_does(place)} read an earlier point of the layer."
            elif place.layers < one.layers:
                name = listed([within(choice.block) for choice in place.choices], "or")
                has = "has" if place.layers == 1 else "have"
                yield f"Of them {place.layers:,} also {has} {name}."


def _norms(reading: Branch) -> str:
    """ "RMSNorm before", where they are of one kind."""
    norms = (place for place in reading.places if place.block.is_norm)
    names = {mechanisms.title(choice.block) for place in norms for choice in place.choices}
    ends = [all(p.block.is_norm for p in reading.steps[i].places) for i in (0, -1)]
    where = {(True, False): "before", (False, True): "after", (True, True): "before and after"}
    at = where.get((ends[0], ends[1]), "")
    return f"{names.pop()} {at}" if len(names) == 1 and at else ""


def _joins(stream: Stream, count: int, several: bool) -> str:
    """How branches read and write the stream."""
    turn, s = " in turn" if count > 2 else "", "" if several else "s"
    if stream.saved_every:
        return f"read{s} a mix of earlier sums and add{s} to the last{turn}"
    if stream.inside != stream:  # the others follow
        return f"work{s} {stream.worked}{turn}, by which guesses of the others are corrected"
    if stream.count > 1:
        return f"read{s} a mix of {stream.count:,} streams and write{s} to all{turn}"
    return f"add{s} to the stream{turn}{f' ({stream.added})' if stream.added else ''}"


def _does(place: Place) -> str:
    """A block with its sizes, or what blocks are that stand there by turns."""
    blocks = [choice.block for choice in place.choices]
    if len(blocks) == 1:
        return _sized(place.choices[0], within(blocks[0]))
    if len(blocks) == 2 and all(block.on_channels for block in blocks):
        sized = map(_sized, place.choices, map(within, blocks))
        return " or ".join(dict.fromkeys(sized))
    if all(block.attends for block in blocks):
        return "attention"
    if all(block.on_tokens for block in blocks):
        return "its mixer"
    return "its MLP" if all(block.on_channels for block in blocks) else "one of these"


def _sized(choice: Choice, name: str) -> str:
    """ "a gated MLP (14,336 inner width, SiLU)"."""
    blocks = [choice.block, *(block for _, block in choice.others)]
    sizes = {mechanisms.size_of(block) for block in blocks if block.mixes}
    return f"{name} ({sizes.pop()})" if len(sizes) == 1 else name


def _keeps(root: Block, depth: int) -> Iterator[Sentence]:
    """What a layer of each kind keeps of a token, or of the whole text."""
    tokens = [listed(found) for found, _ in by_layer(root, depth)]
    each = {id(layer): _cache_words(kept_in(layer)) for layer in distinct_layers(root)}
    kept: dict[str, set[str]] = {}
    for name, layer in zip(tokens, stacked(root), strict=True):
        if name:
            kept.setdefault(name, set()).add(each[id(layer)])
    if not kept or len(kept) > MOST_KINDS or any(len(found) > 1 for found in kept.values()):
        return
    clauses = {name: found.pop() or "nothing" for name, found in kept.items()}
    if len(set(clauses.values())) == 1:
        (same,) = set(clauses.values())
        if same != "nothing":
            which = "Each layer" if "" not in tokens else "Each of the layers that mix tokens"
            yield said(f"{which if depth > 1 else 'It'} keeps {same}.", spare=1)
        return
    (name, words), *others = clauses.items()
    # After a name that ends in a number the verb stays: "Mamba-2 2 MiB" reads as two numbers.
    said_again = {name: "keeps " if name[-1].isdigit() else "" for name, _ in others}
    rest = "".join(f", one of {name} {said_again[name]}{words}" for name, words in others)
    yield said(f"A layer of {name} keeps {words}{rest}.", spare=1)


def _cache_words(rows: Sequence[CacheRow]) -> str:
    """ "4 KiB a token", "2.1 MiB at any length", both where it has both."""
    kept = []
    if state := sum(row.state_bytes for row in rows):
        kept.append(f"{binary(state)} at any length")
    grown: dict[int | None, int] = {}
    for row in rows:
        grown[row.window] = grown.get(row.window, 0) + row.bytes_per_token
    for window, size in grown.items():
        if size:
            last = "a token" if window is None else f"for each of the last {window:,} tokens"
            kept.append(f"{binary(size)} {last}")
    return listed(kept)


def _leaves(architecture: Architecture) -> Sentence:
    """The head, what it scores, and what is done to its scores."""
    root = architecture.root
    scored = "the tokens of its canvas" if architecture.canvas else "the next token"
    scored = "the masked tokens" if reads_whole(root) else scored
    located = outer_blocks(root).head
    if located is None:
        return said("No head of its own is stored.")
    path, head = located
    tied = bool(head.value("tied"))
    whose = (
        f"The embedding's table scores {scored} as well"
        if tied
        else f"A matrix of its own scores {scored}"
    )
    done = (*(r for r in head_remarks(head) if r != "tied"), *head_scalars(head))
    more = f" ({', '.join(done)})" if done else ""
    return said(f"{whose}{more}.", (Named("table" if tied else "matrix", path),), spare=4)
