"""Who stands near, where sizes stand, and what nobody has: by hand on small models, and for any architecture."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.load import find
from llm_gallery.catalog.nearest_words import kind_words, rank_words
from llm_gallery.catalog.profiles import catalog_gallery
from llm_gallery.comparison import Difference, Profile, Subject, profile
from llm_gallery.lineage.distance import distance
from llm_gallery.lineage.firsts import firsts
from llm_gallery.lineage.gallery import Gallery, gallery
from llm_gallery.lineage.neighbours import neighbours
from llm_gallery.lineage.percentiles import ENOUGH, Rank, ranked
from tests.analysis.small import EXPERTS, small
from tests.figure import crossed

MADE_UP = range(12)


def made(name: str, model_type: str = "llama", **more: Any) -> Profile:
    """A model of the catalog."""
    return subject(name, small(model_type, **more), listed=True)


def own_of(model_type: str = "llama", **more: Any) -> Profile:
    """One that no catalog holds."""
    return subject("own", small(model_type, **more))


def subject(name: str, architecture: Architecture, *, listed: bool = False) -> Profile:
    return profile(Subject(id=name, name=name, architecture=architecture, listed=listed))


@cache
def shelf() -> Gallery:
    """Dense models of 10 to 18 layers, one of them a copy, and a sparse one."""
    dense = [made(f"d{n}", num_hidden_layers=10 + n, hidden_size=8 * (1 + n)) for n in range(9)]
    copy = made("copy", num_hidden_layers=10, hidden_size=8)
    sparse = made("s", "qwen3_moe", num_hidden_layers=10, **EXPERTS)
    return gallery([*dense, copy, sparse])


def test_models_stand_in_order_of_their_distance() -> None:
    """From two layers to four is one doubling, from 8 to 16 numbers of width too, which weigh as the rows of facts say."""
    own = own_of()
    deeper, both = made("deeper", num_hidden_layers=4), made("both", "qwen3", num_hidden_layers=4)
    far = made("far", "qwen3_moe", num_hidden_layers=4, **EXPERTS)
    found = neighbours(own, gallery([far, both, deeper]))
    assert [one.model.id for one in found] == ["deeper", "both", "far"]
    for one in found:
        changes = Difference(one.model, own).changes
        assert one.distance == pytest.approx(sum(change.weight for change in changes), abs=1e-3)
    assert [change.key for change in found[0].difference.changes] == ["layers"]
    assert found[0].distance == distance(Difference(own, deeper)), "symmetric"
    assert found[0].distance < found[1].distance < found[2].distance


def test_a_design_is_named_by_its_nearest_model() -> None:
    own = own_of(num_hidden_layers=17, hidden_size=64)
    nearest, other = neighbours(own, shelf())
    assert (nearest.model.id, other.model.id) == ("d7", "s")
    assert len(nearest.others) == 9
    assert {one.id for one in nearest.others} == {"copy", *(f"d{n}" for n in range(9) if n != 7)}


def test_a_model_of_the_catalog_is_no_neighbour_of_itself() -> None:
    models = [one for design in shelf().designs.values() for one in design]
    own = next(one for one in models if one.id == "d0")
    assert neighbours(own, shelf())[0].model.id == "copy"
    assert neighbours(own, shelf())[0].distance == 0
    lone = gallery([own])
    assert neighbours(own, lone) == ()
    assert ranked(own, lone) == ()


def test_percentiles_by_hand() -> None:
    """Of nine dense models of 10 to 18 layers, those of 12 to 18 have at most a quarter more or less than 15."""
    own = own_of(num_hidden_layers=15, hidden_size=40)
    (whole,) = ranked(own, shelf())
    assert (whole.sparse, whole.depth, whole.models) == (False, None, 9), "seven are too few"
    ranks = {rank.name: rank for rank in whole.ranks}
    assert ranks["layers"] == Rank(name="layers", value=15, less=5, same=1, of=9)
    assert ranks["width"] == Rank(name="width", value=40, less=4, same=1, of=9)
    assert ranks["width"].more == 4
    assert "active" not in ranks, "all of a dense model is"
    assert "experts" not in ranks


def test_of_enough_models_those_of_about_the_same_depth_are_asked() -> None:
    more = [made(f"e{n}", num_hidden_layers=15, hidden_size=80 + 8 * n) for n in range(ENOUGH)]
    models = [one for design in shelf().designs.values() for one in design]
    own = own_of(num_hidden_layers=15, hidden_size=40)
    whole, close = ranked(own, gallery([*models, *more]))
    assert [rank.name for rank in whole.ranks] == ["layers", "total"]
    assert (whole.models, close.models, close.depth) == (17, 15, (12, 18))
    width = next(rank for rank in close.ranks if rank.name == "width")
    assert (width.less, width.same, width.of) == (2, 1, 15)
    assert kind_words(whole) == "17 dense models"
    assert kind_words(close) == "15 dense models of 12 to 18 layers"


@pytest.mark.parametrize(
    ("less", "same", "said"),
    [
        (9, 0, "width 40: wider than all 9"),
        (0, 0, "width 40: narrower than all 9"),
        (0, 9, "width 40: as wide as all 9"),
        (4, 0, "width 40: wider than 4 of 9"),
        (4, 2, "width 40: wider than 4 of 9, as wide as 2"),
        (0, 2, "width 40: as wide as 2 of 9, narrower than the others"),
    ],
)
def test_a_rank_in_words(less: int, same: int, said: str) -> None:
    assert rank_words(Rank(name="width", value=40, less=less, same=same, of=9)) == said


def test_what_nobody_has_by_hand() -> None:
    plain, normed = made("plain"), made("normed", "qwen3")
    moe = made("moe", "mixtral", num_local_experts=4, num_experts_per_tok=2)
    own = own_of("qwen3_moe", num_hidden_layers=3, **EXPERTS)
    found = firsts(own, gallery([plain, normed, moe]))
    assert found.designs == 3
    assert found.concepts == ()
    (pair,) = (
        one for one in found.pairs if {one.first, one.second} == {"mixture-of-experts", "qk-norm"}
    )
    assert pair.having == (1, 1)
    beyond = {one.key: one for one in found.beyond}
    layers = beyond["", "layers"]
    assert (layers.value, layers.bound, layers.more, layers.designs) == (3, 2, True, 3)
    assert layers.holder.id == "plain"
    assert "qk-norm" in firsts(own, gallery([plain, moe])).concepts


def test_a_model_of_the_catalog_is_told_from_all_designs_but_its_own() -> None:
    own = profile(find("deepseek-v3"))
    stranger = subject("mine", find("deepseek-v3").architecture)
    assert firsts(own, catalog_gallery()).designs == len(catalog_gallery().designs) - 1
    assert firsts(stranger, catalog_gallery()).designs == len(catalog_gallery().designs)
    assert not firsts(stranger, catalog_gallery()), "a copy has nothing of its own"


@pytest.mark.parametrize("seed", MADE_UP)
def test_whatever_is_described_gets_an_answer(seed: int) -> None:
    own = subject("made up", crossed.crossed(seed, wild=seed % 3 == 0))
    found = neighbours(own, catalog_gallery())
    assert len(found) == len(catalog_gallery().designs)
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    for group in ranked(own, catalog_gallery()):
        for rank in group.ranks:
            assert 0 < rank.of <= group.models
            assert rank.less >= 0 <= rank.more
            assert rank_words(rank)
    for one in firsts(own, catalog_gallery()).beyond:
        assert one.value > one.bound if one.more else one.value < one.bound
        assert one.designs > 1
