"""Changes by theme: all of them, each once, in the order in which they are read."""

from __future__ import annotations

from itertools import permutations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, compare, markdown, once, profile, themed, to_json
from llm_gallery.comparison.themes import TITLES, theme
from tests.sample import sample


def test_every_change_has_a_theme_and_none_is_lost() -> None:
    profiles = [profile(find(model)) for model in sample()]
    seen = set[str]()
    for old, new in permutations(profiles, 2):
        found = Difference(old, new)
        by_title = themed(found.changes)
        assert list(by_title) == [title for title in TITLES.values() if title in by_title]
        assert {words for held in by_title.values() for words in held} == set(once(found.changes))
        seen |= by_title.keys()
    assert seen == set(TITLES.values())


@pytest.mark.parametrize(
    ("old", "new", "words", "title"),
    [
        ("deepseek-v3", "deepseek-v3.2", "an indexer that picks the keys each query sees", "Attention and state"),
        ("llama-3-8b", "smollm3-3b", "no positions in one layer of four", "Positions"),
        ("llama-3-8b", "glm-4-32b", "only half of each head rotated", "Positions"),
        ("deepseek-v3", "kimi-k2", "no expert groups", "Experts and MLP"),
        ("llama-3-8b", "apertus-70b", "xIELU instead of SwiGLU", "Experts and MLP"),
        ("llama-3-8b", "glm-4-32b", "extra norms after each sublayer", "Residual stream"),
        ("deepseek-v3", "kimi-k2", "no multi-token prediction", "Input and output"),
        ("deepseek-v3", "kimi-k2", "half the heads (128 → 64)", "Sizes"),
    ],
)  # fmt: skip
def test_what_a_change_is_about(old: str, new: str, words: str, title: str) -> None:
    (found,) = compare([find(old), find(new)]).differences
    assert words in themed(found.changes)[title]


def test_markdown_lists_them_and_json_names_them() -> None:
    models = compare([find("deepseek-v3"), find("kimi-k2")])
    assert (
        "\n- **Experts and MLP:** no expert groups; fewer dense layers first (3 → 1);"
        in markdown(models)
    )
    (difference,) = models.differences
    told = to_json(models)["differences"][0]["causes"]
    assert [one["theme"] for one in told] == [theme(change) for change in difference.causes]
