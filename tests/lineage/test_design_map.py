"""The map of designs: each once, its nearest the nearest, and as much kept as is said."""

from __future__ import annotations

from llm_gallery.lineage.design_map import design_map, distances
from llm_gallery.lineage.designs import Design, designs
from tests.described_catalog import members

FEW = (
    "gpt2-xl",
    "llama-3-8b",
    "mixtral-8x7b",
    "deepseek-v3",
    "deepseek-v3.2",
    "mamba-2.8b",
    "kimi-k2",
)


def few() -> tuple[Design, ...]:
    return designs([one for one in members() if one.id in FEW])


def test_every_design_once_oldest_first_and_at_the_lower_left() -> None:
    found = design_map(few())
    assert [one.design.first.id for one in found.places] == [one.first.id for one in few()]
    first = found.places[0]
    assert first.design.first.id == "gpt2-xl"
    assert first.x <= 0
    assert first.y <= 0


def test_distances_are_those_of_the_comparison_and_the_nearest_has_the_least() -> None:
    found, far = design_map(few()), distances(few())
    for i, one in enumerate(found.places):
        others = [far[i][j] for j in range(len(far)) if j != i]
        assert far[i][i] == 0
        assert one.distance == min(others)
        since = max((one.design, one.nearest), key=lambda design: design.released)
        before = one.nearest if since is one.design else one.design
        changes = since.first.since(before.first).changes
        assert one.distance == round(sum(change.weight for change in changes), 3)
    near = {one.design.first.id: one.nearest.first.id for one in found.places}
    assert near["deepseek-v3.2"] == "deepseek-v3"
    assert sum(one.followers for one in found.places) == len(found.places) - 1


def test_what_is_kept() -> None:
    found = design_map(few())
    assert 0 < found.stress < 0.3
    assert 0.5 < found.kept <= 1


def test_fewer_than_three_make_no_map() -> None:
    assert design_map(few()[:2]).places == ()
