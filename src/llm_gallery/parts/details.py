"""The details of a part of a figure: meaning, shapes, tensors, counts, formula and code; parts add up to the model."""

from __future__ import annotations

import re
from collections import Counter as Counted
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.analysis.fact_sheet import sheet_term
from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.analysis.parameters import parameters, stored
from llm_gallery.architecture.block import (
    Block,
    Tensor,
    channel_mixers,
    children,
    distinct,
    join,
    layers,
    main_stack,
    mixers,
    model_parts,
    stack_path,
    walk,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.concepts import concepts
from llm_gallery.figure.page.footer import shown_as
from llm_gallery.figure.tooltip import value
from llm_gallery.mechanisms import colour_of, concepts_of, counted_as, names
from llm_gallery.mechanisms.moe import routed, varies
from llm_gallery.mechanisms.wording import capital
from llm_gallery.parts.code import Code, code_lines
from llm_gallery.parts.formulas import formula, turning
from llm_gallery.parts.numbers import POSITIONS, Around, Counter, Counts
from llm_gallery.parts.shapes import shapes
from llm_gallery.parts.words import STEPS, name, operations, sentences, summary

Json = dict[str, Any]

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A block where it stands: its path, the mechanism that holds it, and what is round it."""

    path: str
    block: Block
    holder: Block | None
    around: Around


def parts(root: Block, code: str = "") -> Json:
    """Every part by its path in the checkpoint, and what all of them are about.

    Equal layers are told once, under the first of them: the one that a figure shows. `code` is the printed
    file, where there is one. A part's counts are those of one layer; `at` says in which layers it stands.
    """
    told = _Told(root, code_lines(code) if code else None)
    answers = {placed.path: answer for placed, answer in told.outer()}
    answers |= told.inner()
    named = {name for part in answers.values() for name in part["concepts"]}
    named |= {one.concept for one in operations() if one.concept}
    return {
        "stack": stack_path(root),
        "layers": told.representatives,
        "places": told.places,
        "positions": POSITIONS,
        "pieces": pieces(root),
        "parts": answers,
        "whole": whole(root),
        "operations": operations(),
        "steps": told.steps(),
        "concepts": {
            name: [one.name, one.text] for name, one in concepts().items() if name in named
        },
    }


@once_a_tree
def whole(root: Block) -> Json:
    """The model itself: what its parts add up to, and what stands beside it."""
    counted = parameters(root)
    counts = Counter().of(root, Around())._replace(stored=counted.total)
    return {
        "name": "The whole model",
        "say": summary(root),
        "flow": shapes(root, root.number("width")),
        "counts": _counts(counts),
        "beside": counted.multi_token_prediction + counted.other_modalities,
    }


@dataclass
class _Told:
    """A model's parts while they are told."""

    root: Block
    code: Code | None
    counter: Counter = field(default_factory=Counter)
    places: list[list[int]] = field(default_factory=list)  # sets of layers in which parts stand

    def __post_init__(self) -> None:
        stack = main_stack(self.root)
        self.layers = layers(self.root)
        first: dict[int, int] = {}
        self.representatives = [first.setdefault(id(one), i) for i, one in enumerate(self.layers)]
        at = Around() if stack is None else Around().inside(stack)
        self.inside = {
            i: _largest(_placed(Placed("", self.layers[i], None, at)))
            for i in dict.fromkeys(self.representatives)
        }
        kind_of = schedule(self.root)
        self.kinds = [kinds(self.root)[kind].name for kind in kind_of]

    def steps(self) -> Json:
        """The functions that compute steps inside mechanisms, by the steps' addresses."""
        if self.code is None:
            return {}
        there = self.code.functions
        found = {
            slug: next((n for n in names if n in there), None) for slug, names in STEPS.items()
        }
        return {slug: self.code.function(name)._asdict() for slug, name in found.items() if name}

    def outer(self) -> Iterator[tuple[Placed, Json]]:
        """What stands round the main stack, and the stack itself."""
        stack = main_stack(self.root)
        before, done = True, set()
        todo = [Placed(self.root.name, self.root, None, Around())]
        while todo:
            placed = todo.pop(0)
            block = placed.block
            if block is stack:
                before = False
            if placed.path and placed.path not in done:
                done.add(placed.path)
                yield placed, self._outer(placed, before=before)
            if not block.other_modality and block is not stack:  # shown from outside only
                todo = [*_below(placed), *todo]

    def _outer(self, placed: Placed, *, before: bool) -> Json:
        if placed.block.is_stack and not placed.around.apart:
            where = "all layers"
        elif placed.around.apart or placed.block.stands_apart:
            where = "beside the model, not in the total"
        elif any(part.is_stack for part in placed.block.inside):
            where = "the layers, and what stands before and after them"
        else:
            where = "before the first layer" if before else "after the last layer"
        return self._part(placed, 1) | {"where": where}

    def inner(self) -> Json:
        """What stands in each different layer, with the layers that have it equal at the same place."""
        at = stack_path(self.root)
        blocks = {i: {p.path: p.block for p in held} for i, held in self.inside.items()}
        answers: Json = {}
        for i, held in self.inside.items():
            for placed in held:
                path = join(f"{at}.{i}", placed.path)
                like = {j for j, other in blocks.items() if other.get(placed.path) == placed.block}
                where = [n for n, first in enumerate(self.representatives) if first in like]
                if (
                    not placed.path
                ):  # a layer is told by its kind, whatever connects it to the stream
                    where = [n for n, kind in enumerate(self.kinds) if kind == self.kinds[i]]
                if where not in self.places:
                    self.places.append(where)
                told = Placed(path, placed.block, placed.holder, placed.around)
                part = self._part(told, len(where)) | {"at": self.places.index(where)}
                part["row"] = _row(placed.path, self.layers[i])
                if not placed.path:
                    part["name"] = f"{capital(self.kinds[i])} layer"
                answers[path] = part
        return answers

    def _part(self, placed: Placed, times: int) -> Json:
        block, around = placed.block, placed.around
        mixture = placed.holder if placed.holder is not None and placed.holder.is_mixture else None
        return {
            "name": name(block, placed.holder),
            "say": sentences(block, placed.holder, times),
            "colour": colour_of(mixture if mixture is not None and block.is_mlp else block),
            "concepts": list(dict.fromkeys(_concepts(placed))),
            "flow": shapes(block, self.root.number("width")),
            "formula": formula(block, self.root),
            "turning": turning(block) if "rope_base" in block.facts else (),
            "counts": _counts(self.counter.of(block, around)),
            "copies": around.copies * block.copies,
            "apart": around.apart or block.stands_apart,
            "varies": self._varies(placed),
            "tied": any(tensor.tied_to for tensor in block.tensors),
            "facts": [
                [known.heading, value(known, fact.value), fact.source, fact.evidence]
                for key, fact in block.facts.items()
                if (known := sheet_term(block, key)) is not None
            ],
            "shapes": list(_shapes(block)),
            "code": self._code(placed),
        }

    def _varies(self, placed: Placed) -> bool:
        """Whether some choices of a router run less of it."""
        if not parameters(self.root).varies:
            return False
        inside = any(block.is_mixture and varies(block) for block in distinct(placed.block))
        return inside or placed.around.copies * placed.block.copies > 1

    def _code(self, placed: Placed) -> Json | None:
        """The lines that compute a part; a tied head's are where its embedding is read last."""
        block, path = placed.block, placed.path
        if self.code is None or placed.around.apart or block.stands_apart:
            return None
        tied = next((t.tied_to for t in block.tensors if t.tied_to), None)
        if block.copies > 1 and not block.stacked:
            path = f"{path}.0"
        elif placed.holder is not None and placed.holder.copies > 1 and not placed.holder.stacked:
            path = _first_copy(path, block)
        found = self.code.of(tied.removesuffix(".weight"), last=True) if tied else None
        found = found or self.code.of(path)
        return None if found is None else found._asdict()


def _concepts(placed: Placed) -> Iterator[str]:
    """Ids of what it shows; an expert shows first what it is in its mixture."""
    block, holder = placed.block, placed.holder
    if holder is not None and holder.is_mixture:
        if block.is_mlp:
            yield "mixture-of-experts" if block is routed(holder) else "shared-expert"
        elif block.is_router:
            yield from (name for name in concepts_of(holder) if name.endswith("routing"))
    yield from concepts_of(block)


def _row(path: str, layer: Block) -> Json | None:
    """Where a part stands in its layer's cell of a strip: on which track, which of how many side by side there.

    Where a layer has one sort of mixers only, they have both tracks. None for what is in no mixer.
    """
    sorts = mixers(layer), channel_mixers(layer)
    for own, block in walk(layer):
        if not block.mixes or not (path == own or path.startswith(f"{own}.")):
            continue
        track = 0 if block.mixes_tokens else 1
        abreast = sorts[track]
        index = next((i for i, other in enumerate(abreast) if other is block), None)
        if index is None:
            continue
        return {"track": track if all(sorts) else "both", "index": index, "of": len(abreast)}
    return None


def _first_copy(path: str, block: Block) -> str:
    """The path of a part of the first of several experts."""
    return f"{path.removesuffix(block.name)}0.{block.name}" if block.name else path


def _largest(held: Iterable[Placed]) -> list[Placed]:
    """One block for each path: that which stores most, of a mechanism and what it holds the mechanism."""
    found: dict[str, Placed] = {}
    for placed in held:
        known = found.get(placed.path)
        if known is None or stored(placed.block) > stored(known.block):
            found[placed.path] = placed
    return list(found.values())


def _placed(placed: Placed) -> Iterator[Placed]:
    yield placed
    for below in _below(placed):
        yield from _placed(below)


def _below(placed: Placed) -> Iterator[Placed]:
    block = placed.block
    around = placed.around.inside(block)
    holder = placed.holder if block.joins and not block.is_stack else block
    for path, part in children(placed.path, block):
        yield Placed(path, part, holder, around)


def pieces(root: Block) -> list[Json]:
    """The model in parts under readers' names: what each counts for, and the paths that it is of."""
    paths: dict[str, list[str]] = {}
    for path, block in model_parts(root):
        if block.is_stack:
            first = {id(layer): i for i, layer in reversed([*enumerate(block.inside)])}
            for i in sorted(first.values()):
                _named(f"{path}.{i}", block.inside[i], paths)
        elif not block.stands_apart:
            _named(path, block, paths)
    found = parameters(root).parts
    shown = shown_as(root, found)
    return [
        {
            "name": part.name,
            "stored": part.stored,
            "active": part.active,
            "shown": shown[part.name],
            "paths": paths[part.name],
        }
        for part in found
    ]


def _named(path: str, block: Block, paths: dict[str, list[str]]) -> None:
    """The paths of a layer's named parts, by name."""
    if block.joins:
        for below, part in children(path, block):
            _named(below, part, paths)
        return
    inside = names(block).inside
    if inside is None:
        paths.setdefault(counted_as(block), []).append(path)
        return
    for below, part in children(path, block):
        paths.setdefault(counted_as(block, part), []).append(below)
    if block.tensors:  # its own, beside its parts
        paths.setdefault(counted_as(block), []).append(path)


def _counts(counts: Counts) -> list[Any]:
    """As a page reads them: stored, run, compute, what grows, what doesn't."""
    return [counts.stored, counts.active, counts.flops, counts.growing, counts.state]


def _shapes(block: Block) -> Iterator[list[str]]:
    """The tensors of one copy under their names inside it; many alike once, with their number."""
    counts: dict[tuple[str, str], int] = {}
    todo = [("", block, 1)]
    while todo:
        path, inner, copies = todo.pop()
        for tensor in inner.tensors:
            key = (_NUMBER.sub("*", join(path, tensor.name)), _shape(tensor))
            counts[key] = counts.get(key, 0) + copies
        if inner.is_stack:  # whose numbers don't count, and whose equal layers are one object
            times = Counted(map(id, inner.inside))
            below = [
                (f"{path}.*", layer, copies * layer.copies * times[id(layer)])
                for layer in {id(layer): layer for layer in inner.inside}.values()
            ]
        else:
            below = [(at, part, copies * part.copies) for at, part in children(path, inner)]
        todo += reversed(below)
    for (tensor_name, shape), many in counts.items():
        yield [tensor_name, shape, "" if many == 1 else f"{many:,} of them"]


def _shape(tensor: Tensor) -> str:
    shape = " × ".join(f"{n:,}" for n in tensor.shape)
    return f"{shape}, shared with {tensor.tied_to}" if tensor.tied_to else shape
