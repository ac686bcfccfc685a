"""How a token flows: its embedding, the layers in order, what each caches of it, the head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llm_gallery import mechanisms
from llm_gallery.analysis.layers import replacements
from llm_gallery.analysis.memory import CacheRow, kept_in
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Architecture, Block, distinct_layers, stack_path, walk
from llm_gallery.architecture.block import layers as stacked
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.phrases import count_word, listed
from llm_gallery.explanation.layer_names import by_layer, links, name_of, places, within
from llm_gallery.explanation.layers_in_order import in_order, often
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, said
from llm_gallery.mechanisms import moe
from llm_gallery.mechanisms.wording import capital
from llm_gallery.mechanisms.written import activation
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
    """From the token's embedding to the scores of the next token."""
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
    """What is done with the embedding, how many layers follow, and their kinds in order."""
    located = outer_blocks(root).embedding
    names = [Named("layers", stack_path(root)), *links_of(root)]
    if located is not None:
        names.append(Named("embedding", located[0]))
    times = plan.stream.passes
    orders = _orders(by_layer(root, plan.depth))
    alike = " equal" if plan.depth > 1 and not orders else ""
    both_ways = " bidirectional" if reads_whole(root) else ""
    way = f"{plan.depth:,}{alike}{both_ways} {'layer' if plan.depth == 1 else 'layers'}"
    way += f", {often(times)}" if times > 1 else ""
    stops = before(root)
    done = [*map(_done, stops)]
    if stops and stops[-1].sort == "norm" and not stops[-1].spreads:
        done[-1] = f"{done[-1]} and {way}"
    else:
        done.append(f"passes {way}")
    order = f": {'; '.join(orders)}" if orders else ""
    return said(f"A token's embedding {listed(done)}{order}.", names)


def _done(stop: Stop) -> str:
    """What happens to the embedding, as a verb phrase."""
    if stop.sort == "scalar":
        return f"is multiplied by {stop.factor}"
    if stop.sort == "norm":
        return f"is spread over {stop.words}" if stop.spreads else f"passes {stop.words}"
    if stop.sort == "patches":
        return "joins a patch in a small model of its own"
    added = {"positions": "position", "segments": "segment", "tables": "n-gram"}
    if stop.sort in added:
        return f"is added to {added[stop.sort]} embeddings"
    return "is scaled and shifted per channel"


def _inside(root: Block, plan: Plan) -> Iterator[Sentence]:
    """What the branches of a layer do."""
    names, orders = links_of(root), _orders(by_layer(root, plan.depth))
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
        yield said(f"The field calls this {listed(named)}.", links_of(root), spare=2)


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
        yield f"In {found:,} of {depth:,} layers one matrix replaces attention or an MLP."


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
    norm = f", with {norm} {'each' if count > 1 else 'them' if several else 'it'}" if norm else ""
    start = (
        "In each layer"
        if one.layers == plan.depth
        else f"In {count_word(one.layers)} layer{'s' * (one.layers > 1)}"
    )
    if plan.depth == 1:
        start = "In it"
    return f"{start} {joined} {_joins(plan.stream, count, several)}{norm}."


def _in_branch(reading: Branch) -> str:
    """What it computes: side by side what reads the same input, one after another what reads the last."""
    steps = (
        [[place for place in column if place.mixes] for column in step.columns]
        for step in reading.steps
    )
    sides = ([" then ".join(map(_does, column)) for column in step if column] for step in steps)
    return " then ".join(" in parallel with ".join(side) for side in sides if side)


def _several(place: Place) -> bool:
    """Whether what stands there is said as many."""
    return len(place.choices) == 1 and place.block.is_mixture


def _also(one: OneLayer) -> Iterator[str]:
    """Branches that read an earlier point of the layer, and those that only some of the layers have."""
    for reading in one.branches:
        for place in (p for p in reading.places if p.mixes and reading.added):
            if reading.apart:
                yield f"In parallel, {_does(place)} read an earlier point of the layer."
            elif place.layers < one.layers:
                name = listed([within(choice.block) for choice in place.choices], "or")
                which = f"{capital(count_word(place.layers))} layer"
                table = any(block.table for c in place.choices for _, block in walk(c.block))
                verbs = ("looks up", "look up") if table else ("has", "have")
                one_layer = place.layers == 1
                yield f"{which}{'' if one_layer else 's'} also {verbs[not one_layer]} {name}."


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
        return f"read{s} a mix of earlier sums and add{s} to the latest{turn}"
    if stream.inside != stream:  # the others follow
        return f"work{s} {stream.worked}{turn}, which corrects the predictions of the others"
    if stream.count > 1:
        return f"read{s} a mix of {stream.count:,} residual streams and write{s} to all{turn}"
    return f"add{s} to the residual stream{turn}{f' ({stream.added})' if stream.added else ''}"


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
        return "the token mixer"
    return "the MLP" if all(block.on_channels for block in blocks) else "one of these"


def _sized(choice: Choice, name: str) -> str:
    """ "a gated MLP (intermediate size 14,336, SiLU)", "4 of 60 experts (1,408 each, SiLU) and a shared one (5,632)"."""
    blocks = [choice.block, *(block for _, block in choice.others)]
    sized = {
        _mixture(block) if block.is_mixture else _size(block) for block in blocks if block.mixes
    }
    if len(sized) != 1:
        return name
    (size,) = sized
    return size if choice.block.is_mixture else f"{name} ({size})"


def _size(block: Block) -> str:
    if "inner" in block.facts and block.mixes_channels:
        return f"intermediate size {block.number('inner'):,}, {activation(block)}"
    return mechanisms.size_of(block)


def _mixture(block: Block) -> str:
    """The experts that run for a token, each with its intermediate size; of shared ones where theirs is another."""
    routed, beside = moe.experts_within(block)
    beside = f" and {beside}" if beside else ""
    each, count = block.number("inner"), block.number("shared")
    shared = sum(one.copies * one.number("inner") for one in moe.shared_experts(block))
    size = f"({each:,} each, {activation(block)})"
    if shared == count * each:
        return f"{routed}{beside} {size}"
    return f"{routed} {size}{beside} ({shared:,}{' together' * (count > 1)})"


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
            which = "Each layer" if "" not in tokens else "Each token-mixing layer"
            yield said(f"{which if depth > 1 else 'It'} keeps {same}.", spare=1)
        return
    kept_by = [f"{name} keeps {words}" for name, words in clauses.items()]
    yield said(f"Per layer, {listed(kept_by)}.", spare=1)


def _cache_words(rows: Sequence[CacheRow]) -> str:
    """ "4 KiB per token", "a state of 2.1 MiB", both where it has both."""
    kept = []
    if state := sum(row.state_bytes for row in rows):
        kept.append(f"a state of {binary(state)}")
    grown: dict[int | None, int] = {}
    for row in rows:
        grown[row.window] = grown.get(row.window, 0) + row.bytes_per_token
    for window, size in grown.items():
        if size:
            last = "" if window is None else f" for the last {window:,} tokens"
            kept.append(f"{binary(size)} per token{last}")
    return listed(kept)


def _leaves(architecture: Architecture) -> Sentence:
    """The head, what it scores, and what is done to its scores."""
    root = architecture.root
    scored = "the tokens of its canvas" if architecture.canvas else "the next token"
    scored = "the masked tokens" if reads_whole(root) else scored
    located = outer_blocks(root).head
    if located is None:
        return said("No output head of its own is stored.")
    path, head = located
    whose = "An untied output head"
    if head.value("tied"):
        whose = "The output head, tied to the embedding,"
    size = f"vocabulary {head.number('vocabulary'):,}"
    remarks = (size, *(r for r in head_remarks(head) if r != "tied"), *head_scalars(head))
    words = f"{whose} scores {scored} ({'; '.join(remarks)})."
    return said(words, (Named("output head", path),), spare=4)
