"""What a tower says is what its model is: every layer once, its branches, what reads the same input, its norms, its paths."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import layers, walk
from llm_gallery.catalog.load import find
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.rows import Storey, Tower, TowerBranch
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Branch, Fork, OneLayer
from tests import sample


def rows(name: str) -> Tower:
    model = find(name)
    return tower(model.architecture, model.heading)


@pytest.mark.parametrize("name", sample.drawings())
def test_storeys_are_all_layers_once(name: str) -> None:
    made = rows(name)
    told = sorted(layer for storey in made.storeys for layer in storey.layers)
    assert told == [*range(len(layers(find(name).architecture.root)))]


@pytest.mark.parametrize("name", sample.drawings())
def test_paths_lead_to_their_blocks(name: str) -> None:
    """Each block's path is one of the tree's, in a layer of its storey, and no two are the same."""
    root, made = find(name).architecture.root, rows(name)
    known = {path for path, _ in walk(root)}
    for storey in made.storeys:
        held = [b.path for r in storey.branches for b in r.blocks]
        assert known.issuperset(held), set(held) - known
        assert storey.path in known
    assert {made.embedding_path, made.head_path, made.norm_path} - {""} <= known


@pytest.mark.parametrize("name", sample.drawings())
def test_wiring_is_the_plans(name: str) -> None:
    """Of the first layer of each storey: its branches, their norms, and which blocks read the same input."""
    made = rows(name)
    wired = layers_of(find(name).architecture.root)
    for storey in made.storeys:
        if storey.branches and all(branch.blocks for branch in storey.branches):
            _compared(storey, wired)


def _compared(storey: Storey, wired: tuple[OneLayer, ...]) -> None:
    first = storey.layers[0]
    one = next(one for one in wired if first in one.all_layers)
    added = [branch for branch in one.branches if branch.added and _mixing(branch, first)]
    own = {b.path.rpartition(".")[2] for r in storey.branches for b in r.blocks}
    if len(storey.branches) > len(added):
        return  # layers of one part, read together
    assert len(added) == len(storey.branches), own
    for told, branch in zip(storey.branches, added, strict=True):
        assert told.before + told.after + _own(told) == _norms(branch, first), own
        beside = [s for s in branch.steps if isinstance(s, Fork) and _columns(s, first) > 1]
        assert (len(told.blocks) > 1 and not told.series) == bool(beside), own
        assert len(told.blocks) == _mixing(branch, first)
        assert (told.reads is not None) == branch.apart
    standing = [b for b in one.branches if not b.added and _norms(b, first)]
    assert sum(r.on_stream + r.under for r in storey.branches) == len(standing)


def _own(told: TowerBranch) -> int:
    return sum(block.before + block.after for block in told.blocks)


def _norms(branch: Branch, layer: int) -> int:
    return sum(place.block.is_norm for place in _stands(branch, layer))


def _mixing(branch: Branch, layer: int) -> int:
    return sum(place.block.mixes for place in _stands(branch, layer))


def _columns(fork: Fork, layer: int) -> int:
    return sum(
        any(p.block.mixes and any(layer in c.all_layers for c in p.choices) for p in column)
        for column in fork.columns
    )


def _stands(branch: Branch, layer: int) -> list[Place]:
    return [p for p in branch.places if any(layer in c.all_layers for c in p.choices)]


@pytest.mark.parametrize(
    ("name", "norms"),
    [
        ("llama-3-8b", [1, 1]),
        ("falcon-40b", [2]),  # one for each of two that stand beside one another
        ("falcon-7b", [1]),  # one for both
        ("gemma-4-26b-a4b", [2, 5]),
        ("minimax-m1", [2, 0]),  # on the stream, before each
        ("gpt-1", [1, 1]),
        ("olmo-2-7b", [1, 1]),
    ],
)
def test_norms_of_a_layer(name: str, norms: list[int]) -> None:
    assert [branch.norms for branch in rows(name).storeys[0].branches] == norms


def test_what_reads_the_same_input() -> None:
    assert [b.series for b in rows("zamba2-2.7b").storeys[1].branches] == [True]
    experts = rows("longcat-flash-560b").storeys[0].branches[4]
    assert (experts.reads, experts.before) == (1, False)
    titles = [b.title for b in rows("falcon-h1-7b").storeys[0].branches[0].blocks]
    assert titles == ["Mamba-2", "Attention"]
