"""What holds for any two models: a difference with itself is empty, directions mirror, nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, Subject, compare, profile, to_json
from llm_gallery.comparison.alignment import aligned_layers
from llm_gallery.comparison.change import Change
from llm_gallery.lineage.distance import distance
from llm_gallery.recognition import describe
from tests.figure.generated import architecture
from tests.sample import pairs, sets

SLIPS = re.compile(
    r"None|True|False|[{}_]|  |, ,| and and |no no |none →|→ none|some layers in| 0 →|→ 0\b|with [;.]|: [;.]"
)
"""What no person would write."""
SOON = 4e-3
"""Seconds of a processor for a pair: all of 250 models take two minutes at most."""
KINDS = {"kept": "kept", "changed": "changed", "added": "removed", "removed": "added"}


@pytest.fixture(scope="module", params=sets())
def profiles(request: pytest.FixtureRequest) -> list[Profile]:
    return [profile(find(model)) for model in request.param]


@pytest.fixture(scope="module", params=pairs())
def compared(request: pytest.FixtureRequest) -> list[tuple[Profile, Profile]]:
    held = cache(lambda model: profile(find(model)))
    return [(held(old), held(new)) for old, new in request.param]


def essence(change: Change, *, mirrored: bool = False) -> tuple[object, ...]:
    """A change without its words and without which layers it names first."""
    values = (change.new, change.old) if mirrored else (change.old, change.new)
    kind = KINDS[change.kind] if mirrored else change.kind
    return (change.key, change.level, kind, *values, change.weight)


def test_a_published_context_is_not_set_against_an_equal_config(
    compared: list[tuple[Profile, Profile]],
) -> None:
    """DeepSeek V3.2 had "a shorter context" than V3.2-Exp; both configs state 163,840 tokens."""
    exp, final = (profile(find(f"deepseek-{name}")) for name in ("v3.2-exp", "v3.2"))
    for old, new in [*compared, (exp, final)]:
        published = {
            p.architecture.root.facts["configured_context"].value
            for p in (old, new)
            if "configured_context" in p.architecture.root.facts
        }
        stated = [
            p.architecture.root.value("context")
            for p in (old, new)
            if "configured_context" not in p.architecture.root.facts
        ]
        if len(stated) == 1 and published == {*stated}:
            assert not [c for c in Difference(old, new).changes if c.key == "context"]


def test_a_model_and_itself_differ_in_nothing(profiles: list[Profile]) -> None:
    for one in profiles:
        same = Difference(one, one)
        assert same.changes == ()
        assert same.sentences == ()
        assert all(part.kind == "kept" for part in same.parts)
        assert all(step.same for step in same.schedule)


def mirror(there: Difference, back: Difference) -> bool:
    """Whether two directions weigh the same, fact by fact, and exchange what holds for all layers.

    Which layers share a sentence depends on the direction: it speaks of those of the newer model.
    """
    weights: list[Counter[str]] = []
    for one in (there, back):
        weights.append(Counter())
        for change in one.changes:
            if change.weight:  # what a mechanism brings is told where it is new alone
                weights[-1][change.key] += round(1000 * change.weight)
    near = all(abs(weights[0][key] - weights[1][key]) <= 2 for key in weights[0] | weights[1])
    parted = {
        c.key
        for one in (there, back)
        for c in one.changes
        if c.part or _several(c) or (c.brought and not c.weight)
    }
    whole = {essence(c) for c in there.changes if c.key not in parted}
    return (
        near
        and weights[0].keys() == weights[1].keys()
        and whole == {essence(c, mirrored=True) for c in back.changes if c.key not in parted}
    )


def _several(change: Change) -> bool:
    return isinstance(change.old, tuple) or isinstance(change.new, tuple)


def test_both_directions_say_the_same_with_old_and_new_exchanged(
    compared: list[tuple[Profile, Profile]],
) -> None:
    for old, new in compared:
        assert mirror(Difference(old, new), Difference(new, old)), (old.id, new.id)


def bounded(one: Difference) -> bool:
    """Whether what is found without a look at the layers is no more than what there is."""
    return (
        one.least_weight <= distance(one)
        and (bool(one.causes) or one.may_lack_causes)
        and (bool(one.changes) or one.may_be_empty)
    )


def test_made_up_models_compare_and_mirror() -> None:
    """Layers of one part may differ in any fact; whatever a config of tomorrow says has words."""
    made = [
        profile(Subject(id=f"m{seed}", name=f"M {seed}", architecture=architecture(seed)))
        for seed in range(24)
    ]
    for old, new in product(made, made):
        there, back = Difference(old, new), Difference(new, old)
        assert mirror(there, back), (old.id, new.id)
        assert bool(there.sentences) == (old is not new)
        assert bounded(there), (old.id, new.id)


def test_the_schedule_covers_every_layer_of_both_once(profiles: list[Profile]) -> None:
    for old, new in product(profiles[:6], profiles):
        steps = Difference(old, new).schedule
        for side, model in (("old", old), ("new", new)):
            covered: list[int] = []
            for step in steps:
                first = getattr(step, side)
                covered += [] if first is None else range(first, first + step.count)
            assert covered == list(range(int(str(model.traits["layers"]))))


LAYERS = st.lists(st.sampled_from("abc"), max_size=7)


@given(LAYERS, LAYERS)
def test_no_other_way_has_more_equal_layers_beside_each_other(
    left: list[str], right: list[str]
) -> None:
    """Of all ways from one stack to another the cheapest, and of those the one that stays beside longest."""

    @cache
    def ways(i: int, j: int) -> tuple[int, str]:
        """Its cost from there on, and its steps, which sort as they are preferred."""
        steps = []
        if i < len(left) and j < len(right):
            cost, rest = ways(i + 1, j + 1)
            steps.append((cost + 2 * (left[i] != right[j]), f"1{rest}"))
        for name, at in (("2", (i + 1, j)), ("3", (i, j + 1))):
            if at[0] <= len(left) and at[1] <= len(right):
                cost, rest = ways(*at)
                steps.append((cost + 3, f"{name}{rest}"))
        return min(steps, default=(0, ""))

    found = "".join(
        ("1" if None not in (step.old, step.new) else "2" if step.new is None else "3") * step.count
        for step in aligned_layers(left, right)
    )
    assert found == ways(0, 0)[1]


def test_a_shorter_dense_prefix_shifts_no_layer() -> None:
    (difference,) = compare([find("deepseek-v3"), find("kimi-k2")]).differences
    assert [(s.old, s.new, s.count, s.same) for s in difference.schedule] == [
        (0, 0, 1, True),
        (1, 1, 2, False),
        (3, 3, 58, True),
    ]


def test_causes_stand_apart_from_scale_and_settings() -> None:
    (difference,) = compare([find("deepseek-v3"), find("kimi-k2")]).differences
    assert [change.key for change in difference.causes] == [
        "multi_token_prediction",
        "moe.groups",
        "channel_mixer.layout",
    ]
    assert {change.key for change in difference.scale} == {
        "latent_attention.heads",
        "moe.experts",
        "vocabulary",
    }
    assert {change.key for change in difference.settings} == {
        "latent_attention.rope_base",
        "latent_attention.rope_scaling",
        "latent_attention.score_scale",
        "moe.scale",
    }


def test_three_models_share_one_table() -> None:
    said = to_json(compare([find(m) for m in ("deepseek-v3", "kimi-k2", "qwen3-235b-a22b")]))
    assert [d["to"] for d in said["differences"]] == ["kimi-k2", "qwen3-235b-a22b"]
    rows = {(s["title"], row["name"]): row for s in said["table"] for row in s["rows"]}
    assert rows["MLA", "heads"]["values"] == [128, 64, None]
    assert rows["MoE", "experts"]["values"] == [256, 384, 128]
    assert rows["GQA", "heads"]["words"] == ["–", "–", "64"]
    assert rows["Model", "norm"]["same"] is True


def test_every_key_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "comparison.md").read_text("utf-8")
    said = to_json(compare([find("deepseek-v3"), find("kimi-k2")]))
    (difference,) = said["differences"]
    rows = [said, difference, said["table"][0], said["table"][0]["rows"][0]]
    for name in ("causes", "consequences", "parts", "schedule"):
        rows.append(difference[name][0])
    rows.append(difference["parts"][0]["facts"][0])
    for key in {key for row in rows for key in row}:
        assert f'"{key}"' in docs, key


def test_one_model_or_seven_are_refused() -> None:
    one = find("gpt2-xl")
    with pytest.raises(Refusal, match="found 1 models to compare, expected 2 to 6"):
        compare([one])
    with pytest.raises(Refusal, match="found 7 models"):
        compare([one] * 7)


def test_two_models_say_something_and_soon(compared: list[tuple[Profile, Profile]]) -> None:
    """Seconds of CPU, so that neighbours of the machine don't count; only copies have no change.

    What is found without a look at the layers is never more than what there is: the family tree relies on it.
    """
    started = process_time()
    for old, new in compared:
        found = Difference(old, new)
        assert found.sentences, (old.id, new.id)
        assert not SLIPS.search(found.sentences[0]), found.sentences[0]
        assert bounded(found), (old.id, new.id)
        if not found.changes:
            in_part = old.architecture.uncounted or new.architecture.uncounted
            same = old.architecture.root == new.architecture.root or old.traits == new.traits
            assert same or in_part, (old.id, new.id)
            assert old.consequences == new.consequences, (old.id, new.id)
            known = " in all that is described" if in_part else ""
            assert found.sentences[0].endswith(f"'s architecture{known}, number for number.")
    assert process_time() - started < SOON * len(compared)


LLAMAS = st.fixed_dictionaries(
    {
        "model_type": st.just("llama"),
        "vocab_size": st.integers(8, 64),
        "hidden_size": st.sampled_from((16, 32, 64)),
        "intermediate_size": st.integers(8, 64),
        "num_hidden_layers": st.integers(1, 6),
        "num_attention_heads": st.sampled_from((2, 4, 8)),
        "num_key_value_heads": st.sampled_from((1, 2)),
        "tie_word_embeddings": st.booleans(),
        "attention_bias": st.booleans(),
        "hidden_act": st.sampled_from(("silu", "gelu")),
    }
)


def subject(name: str, config: dict[str, object]) -> Subject:
    return Subject(id=name, name=name, architecture=describe(config))


@settings(max_examples=60, deadline=None)
@given(LLAMAS, LLAMAS)
def test_generated_pairs_mirror_and_name_every_size(
    left: dict[str, object], right: dict[str, object]
) -> None:
    old, new = profile(subject("a", left)), profile(subject("b", right))
    there, back = Difference(old, new), Difference(new, old)
    assert {essence(c) for c in there.changes} == {essence(c, mirrored=True) for c in back.changes}
    named = {change.key for change in there.changes}
    for key, config_key in (
        ("layers", "num_hidden_layers"),
        ("width", "hidden_size"),
        ("vocabulary", "vocab_size"),
        ("mlp.inner", "intermediate_size"),
        ("attention.heads", "num_attention_heads"),
        ("activation", "hidden_act"),
    ):
        assert (key in named) == (left[config_key] != right[config_key])


@settings(max_examples=60, deadline=None)
@given(LLAMAS, LLAMAS, LLAMAS)
def test_what_changes_from_first_to_last_changed_on_the_way(
    first: dict[str, object], middle: dict[str, object], last: dict[str, object]
) -> None:
    a, b, c = (profile(subject(n, m)) for n, m in zip("abc", (first, middle, last), strict=True))
    straight = {change.key for change in Difference(a, c).changes}
    stepwise = {change.key for pair in ((a, b), (b, c)) for change in Difference(*pair).changes}
    assert straight <= stepwise | {"attention.kv_heads"}
