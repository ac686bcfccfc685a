"""What multiplies and bounds stands where it happens: on embedding and head, on a branch, in the scores."""

from __future__ import annotations

import re

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw

SAID = [
    ("gemma-3-27b", ("× √5,376",)),
    ("gemma-2-27b", ("× √4,608", "tied, within ± 30")),
    ("granite-4.1-30b", ("× 12", "tied, × 0.0625", "× 0.175")),
    ("grok-2.5-270b", ("× √8,192", "× 0.5, within ± 50")),
    ("muse-glimmer-30b", ("× 0.1961, within ± 20",)),
    ("baichuan2-7b", ("rows normed",)),
    ("phi-3.5-moe", ("with bias", "× 1.545 rotated scores")),
    ("minimax-text-01", ("× 3.557",)),
    ("gemma-4-31b", ("layer scale",)),
    ("deepseek-v3", ("× 1.874 scores", "softmax( 1.874 (")),
    ("gpt-oss-20b", ("× 1.813 rotated scores", "with bias: router, experts")),
    ("mistral-large-3-675b", ("temperature",)),
    ("kimi-k3", ("SiTU, ± 4", "± 25")),
    ("inkling", ("× learned", "× a learned number", "× 0.04167")),
]


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """Every figure's words, one text after another."""

    def text(model: str) -> str:
        found = find(model)
        svg = draw(found.architecture, found.heading).alone(outlined=False)
        visible = re.sub(r"<(title|desc)[^>]*>.*?</\\1>", "", svg)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", visible))

    return {model: text(model) for model, _ in SAID}


@pytest.mark.parametrize(("model", "said"), SAID)
def test_it_is_said_where_it_happens(
    model: str, said: tuple[str, ...], words: dict[str, str]
) -> None:
    assert all(one in words[model] for one in said), words[model]


def test_where_scores_differ_by_layer_the_formula_names_no_factor() -> None:
    found = find("motif-3-beta")
    text = draw(found.architecture, found.heading).alone(outlined=False)
    assert "2.005" in text  # the full layers' callout
    assert "softmax( 2.005" not in text
