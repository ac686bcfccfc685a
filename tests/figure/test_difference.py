"""The difference figure over the catalog: gates, marks, streams, facts, sentences, and defects that the gates must see."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from _pytest.mark import ParameterSet

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.comparison import Subject, compare
from llm_gallery.comparison.paragraph import paragraph
from llm_gallery.figure import ThemeName
from llm_gallery.figure.difference import DifferenceDetail, difference
from llm_gallery.figure.difference.compared import compared
from llm_gallery.figure.difference.compared_parts import groups, rows
from llm_gallery.figure.difference.foot import length
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Picture, Point, Text, flat
from tests.figure import generated
from tests.figure.gates import faults, over_edges, words
from tests.sample import catalog, dozen, first, sampled

IDS = [entry.id for entry in entries()]
LARGEST = {2: 60 * 1024, 3: 100 * 1024, 4: 120 * 1024}
"""Bytes of a figure without its outlines, by the number of models."""
HIGHEST = 1.42
"""Times that the figure of two models is as high as wide at most, unless two rows of frames alone are nearly so."""
AROUND = 0.56
"""Of the width: the head, strips and foot about such frames, between which all facts have room."""
AWAY = (4, 13, 34, 89)
"""Places in the order of release: near ones are alike, far ones aren't."""
SVG = "{http://www.w3.org/2000/svg}"
DETAILS = get_args(DifferenceDetail)
FAR = "deepseek-v3.2", "deepseek-v4-pro"
NEAR = "deepseek-v3", "kimi-k2"


def pairs() -> list[tuple[str, str]]:
    """The dozen that are drawn each time, each beside the next, and some at random."""
    chance = random.Random(5)
    some = [(one, other) for one, other in (chance.sample(IDS, 2) for _ in range(25))]
    return [*pairwise(dozen()), *some[::5], FAR, NEAR]


def groups_of_models() -> list[ParameterSet]:
    """Pairs; each model with the one released before it, and some at random: three and four."""
    chance = random.Random(6)
    some = [tuple(chance.sample(IDS, count)) for count in (3, 4) for _ in range(25)]
    many = [*zip(IDS[1:], IDS, strict=False), *some, ("gpt2-xl", "gpt2-xl")]
    return first(dict.fromkeys([*pairs(), *many]), [*pairs(), *some[::25]])


def drawn(models: Sequence[Model], detail: DifferenceDetail = "standard") -> Picture:
    return difference(compare(models), [one.heading for one in models], detail=detail).picture


def of(*names: str, detail: DifferenceDetail = "standard") -> Picture:
    return drawn([find(name) for name in names], detail)


def texts(picture: Picture) -> Iterator[Text]:
    return (shape for shape in flat(picture) if isinstance(shape, Text))


def said(picture: Picture) -> list[str]:
    return [words(text) for text in texts(picture)]


def found(picture: Picture) -> tuple[str, ...]:
    return faults(picture) + over_edges(picture)


def framed(picture: Picture) -> list[Picture]:
    """The frames, left to right."""
    return [part for _, part in picture.inside]


def block(frame: Picture, name: str) -> Box:
    """The block of a name."""
    text = next(text for text in texts(frame) if words(text) == name)
    boxes = [box for box in frame.shapes if isinstance(box, Box)]
    left, top, right, bottom = text.inside or text.bounds  # beside a glyph, a part of the block
    at = (box for box in boxes if (box.bounds.top, box.bounds.bottom) == (top, bottom))
    return next(box for box in at if box.x <= left and right <= box.bounds.right)


def sealed(frame: Picture, box: Box) -> str:
    """The sign on the upper left corner of a block."""
    signs = {"z": "changed", "v5": "added", "h5": "removed"}
    found = [
        signs[next(end for end in signs if shape.path.endswith(end))]
        for shape in frame.shapes
        if isinstance(shape, Mark)
        if (shape.fill or shape.stroke) == "ink"
        if abs(shape.x - box.x) < 3 and -5 < shape.y - box.y < 7
    ]
    return found[0] if found else "kept"


@pytest.mark.parametrize("names", groups_of_models(), ids="+".join)
def test_gates(names: tuple[str, ...]) -> None:
    models = [find(name) for name in names]
    picture = drawn(models)
    assert found(picture) == ()
    stacked = sum(frame.height for frame in framed(picture)) / 2
    highest = max(HIGHEST * picture.width, stacked + AROUND * picture.width)
    assert len(names) > 2 or picture.height <= highest
    text = difference(compare(models), [one.heading for one in models]).alone(outlined=False)
    assert len(text.encode()) < LARGEST[len(names)]
    ElementTree.fromstring(text)


@pytest.mark.parametrize("detail", ["phone", "column"])
@pytest.mark.parametrize("names", first(pairs(), pairs()[::3]), ids="+".join)
def test_gates_where_it_is_narrow(names: tuple[str, str], detail: DifferenceDetail) -> None:
    picture = of(*names, detail=detail)
    assert found(picture) == ()
    assert picture.width == {"phone": 400, "column": 800}[detail]
    assert min(span.size or text.size for text in texts(picture) for span in text.spans) >= 10


@pytest.mark.whole
@pytest.mark.parametrize("model", sampled())
def test_gates_of_a_model_beside_older_ones(model: str) -> None:
    """Beside some further away; the one released before it is in `groups_of_models`."""
    older = IDS[IDS.index(model) :]
    beside = [older[places] for places in AWAY if places < len(older)]
    bad = {other: found(of(other, model)) for other in beside}
    assert {other: wrong for other, wrong in bad.items() if wrong} == {}


@pytest.mark.every
@pytest.mark.parametrize("model", catalog())
def test_gates_of_a_model_beside_all_older_ones(model: str) -> None:
    older = IDS[IDS.index(model) + 1 :]
    bad = {other: found(of(other, model)) for other in older}
    assert {other: wrong for other, wrong in bad.items() if wrong} == {}


@pytest.mark.parametrize("seed", first(range(40), range(3), range(12, 40)))
def test_gates_of_made_up_models(seed: int) -> None:
    seeds = range(seed, seed + 2 + seed % 3)
    headings = [generated.heading(one, wild=True) for one in seeds]
    subjects = [
        Subject(id=str(one), name=heading.name, architecture=generated.architecture(one, wild=True))
        for one, heading in zip(seeds, headings, strict=True)
    ]
    assert found(difference(compare(subjects), headings).picture) == ()
    for detail in ("phone", "column"):
        narrow = difference(compare(subjects[:2]), headings[:2], detail=detail)
        assert found(narrow.picture) == ()


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_the_same_bytes_and_plain_words(theme: ThemeName) -> None:
    models = [find(name) for name in NEAR]
    headings = [model.heading for model in models]
    text = difference(compare(models), headings).alone(theme)
    assert text == difference(compare(models), headings).alone(theme)
    root = ElementTree.fromstring(text)
    assert root.findtext(f"{SVG}title") == "Difference of DeepSeek V3 and Kimi K2"
    assert "half the heads (128 → 64)" in (root.findtext(f"{SVG}desc") or "")


def test_what_left_stands_at_the_left_and_what_came_at_the_right() -> None:
    before, after = framed(of("qwen3-0.6b", "qwen3-next-80b-a3b"))
    gone, came = block(before, "Gated MLP"), block(after, "Mixture of experts")
    assert gone.dashed
    assert not came.dashed
    assert (sealed(before, gone), sealed(after, came)) == ("removed", "added")
    assert "Mixture of experts" not in said(before)
    assert "Gated MLP" not in said(after)
    kept, changed = block(before, "Attention"), block(after, "Gated attention")
    assert (sealed(before, kept), sealed(after, changed)) == ("kept", "changed")
    assert sealed(after, block(after, "Gated DeltaNet")) == "added"


def test_blocks_that_answer_to_each_other_stand_at_one_height() -> None:
    before, after = framed(of(*FAR))
    assert before.height == after.height
    pairs = ("Mixture of experts", "Experts by score"), ("Sparse attention", "Compressed, 128 : 1")
    for old, new in pairs:
        one, other = block(before, old), block(after, new)
        assert one.y + one.height / 2 == pytest.approx(other.y + other.height / 2, abs=3)


@pytest.mark.parametrize(("names", "counts"), [(FAR, (1, 4)), (("gpt2-xl", "gpt-1"), (1, 1))])
def test_streams_as_many_as_there_are(names: tuple[str, str], counts: tuple[int, int]) -> None:
    for frame, count in zip(framed(of(*names)), counts, strict=True):
        lines = [s for s in frame.shapes if isinstance(s, Line) and s.kind == "stream"]
        assert len({line.points[0].x for line in lines}) == count


def test_near_relatives_share_a_frame() -> None:
    picture = of(*NEAR)
    assert len(framed(picture)) == 1
    assert {"One layer of both", "in 58 → 60 layers"} <= set(said(picture))
    assert len(framed(of(*FAR))) == 2
    assert len(framed(of("olmo-7b", "olmo-2-7b"))) == 2  # its norms stand elsewhere


def test_what_is_kept_is_quiet() -> None:
    """OLMo 3 has the MLP of OLMo 2: pale, without a sign, and without facts."""
    picture = of("olmo-2-7b", "olmo-3-7b")
    after = framed(picture)[-1]
    kept = block(after, "Gated MLP")
    assert (kept.fill, sealed(after, kept)) == ("mlp.tint", "kept")
    assert "Dense MLP" not in said(picture)
    assert any(word.endswith("dense MLP. " + SOURCE) for word in said(picture))


SOURCE = "Computed from each model's config.json, 16-bit cache."


def test_a_moved_norm_is_a_change() -> None:
    """OLMo 2 has the MLP of OLMo, normed after instead of before."""
    before, after = framed(of("olmo-7b", "olmo-2-7b"))
    assert block(before, "LayerNorm").dashed
    assert sealed(after, block(after, "RMSNorm")) == "added"


@pytest.mark.parametrize("names", first(pairs(), pairs()[::2]), ids="+".join)
def test_facts_are_those_of_the_comparison(names: tuple[str, str]) -> None:
    """Every changed fact of a part that both have, and of the whole, is in a group with both values, and drawn."""
    models = [find(name) for name in names]
    comparison = compare(models)
    made = groups(comparison, rows(comparison))
    facts = [fact for group in made for fact in group.facts]
    (one,) = comparison.differences
    expected = {
        (row.name, row.kind)
        for part in one.parts
        if None not in (part.old, part.new)
        for row in part.rows
        if row.kind != "kept"
    } | {(row.name, row.kind) for row in one.traits if row.kind != "kept"}
    assert expected <= {(fact.name, fact.kinds[1]) for fact in facts}
    shown = said(drawn(models))
    whole = " ".join(shown)
    for group in made:
        for fact in group.facts if not group.unchanged else ():
            if fact.kinds[1] == "changed":
                in_row = {*fact.words, fact.label} <= set(shown)
                assert in_row or fact.phrase in whole, fact


@pytest.mark.parametrize("names", first(pairs(), pairs()[::2]), ids="+".join)
def test_the_paragraph_reads_as_sentences(names: tuple[str, str]) -> None:
    one = compare([find(name) for name in names]).differences[0]
    sentences = paragraph(one)
    assert 1 <= len(sentences) <= 3
    assert sentences[0].startswith(one.new.name)
    for sentence in sentences:
        assert sentence.endswith(".")
        assert ";" not in sentence
        assert sentence.count("*") % 2 == 0
    assert "*" in sentences[0] or " no " in sentences[0]


def test_costs_at_a_length_that_both_reach() -> None:
    assert length(compare([find("gpt2-xl"), find("qwen3-0.6b")]).models) == 1024
    assert length(compare([find(name) for name in FAR]).models) == 131_072
    assert "At 1,024 tokens" in said(of("gpt2-xl", "qwen3-0.6b"))


def test_names_before_bars_are_whole_on_a_phone() -> None:
    assert "…" not in said(of("qwen3-coder-30b-a3b", "qwen3-next-80b-a3b", detail="phone"))


def test_a_change_that_two_decimals_hide_is_told() -> None:
    assert "parameters, − 606.21K" in said(of("olmo-2-7b", "olmo-3-7b"))


def test_of_a_model_with_itself() -> None:
    picture = of("gpt2-xl", "gpt2-xl")
    assert "No difference: the same architecture, number for number." in said(picture)
    models = [find("gpt2-xl")] * 2
    shown = compared(compare(models), [model.heading for model in models])
    assert {kind for kinds in shown.kinds for kind in kinds.values()} == {"kept"}
    assert all(group.unchanged for group in shown.groups)


def test_marks_don_t_depend_on_the_order_of_time() -> None:
    """What came one way left the other way."""
    for one, other in permutations(FAR):
        models = [find(one), find(other)]
        shown = compared(compare(models), [model.heading for model in models])
        pairs = {
            (old and old.name, new and new.name, kind) for old, new, kind in shown.marks[0].pairs
        }
        name = "Compressed, 128 : 1"
        added = (None, name, "added") if one == FAR[0] else (name, None, "removed")
        assert added in pairs


def test_five_are_too_many() -> None:
    models = [find(name) for name in IDS[:5]]
    with pytest.raises(Refusal, match="found 5 models for a difference figure, expected 2 to 4"):
        drawn(models)


def test_a_phone_shows_two() -> None:
    with pytest.raises(Refusal, match="found 3 models for a phone's difference figure, expected 2"):
        of(*IDS[:3], detail="phone")


def test_another_detail_is_refused() -> None:
    huge: Any = "huge"
    with pytest.raises(Refusal, match='"huge" is no detail of a difference figure, expected phone'):
        of(*FAR, detail=huge)


RIGHT = of(*NEAR)


def moved(text: str, **to: float) -> Picture:
    """The figure with one of its texts elsewhere."""
    flattened = flat(RIGHT)
    at = next(i for i, s in enumerate(flattened) if isinstance(s, Text) and s.spans[0].text == text)
    held = flattened[at]
    assert isinstance(held, Text)
    shifted = replace(held, x=held.x + to.get("dx", 0), y=held.y + to.get("dy", 0))
    return replace(RIGHT, shapes=(*flattened[:at], shifted, *flattened[at + 1 :]), inside=())


def through(*points: tuple[float, float]) -> Picture:
    """The figure with one more line."""
    line = Line(points=tuple(Point(x, y) for x, y in points))
    return replace(RIGHT, shapes=(*RIGHT.shapes, line))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (moved("routed experts", dy=22), "overlaps"),
        (moved("Latent attention", dx=80), "wider or higher than its box"),
        (moved("Kimi K2", dx=2000), "outside the canvas"),
        (moved("RMSNorm", dx=140), "runs over the edge of a box"),
        (through((600, 400), (600, 700)), "runs through"),
        (replace(RIGHT, width=1100), "outside the canvas"),
    ],
)
def test_a_defect_is_caught(broken: Picture, words: str) -> None:
    assert found(RIGHT) == ()
    assert any(words in fault for fault in found(broken)), found(broken)
