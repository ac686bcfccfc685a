"""What multiplies and bounds stands where it happens: on a branch, on a lane, in the scores."""

from __future__ import annotations

import re

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw

SAID = [
    ("granite-4.1-30b", ("× 0.175",)),
    ("grok-2.5-270b", ("× 0.7071", "scores bent to stay within ± 30", "× ln p / ln 1,024")),
    ("minimax-text-01", ("× 3.557",)),
    ("deepseek-v3", ("softmax( 1.874 (", "× 2.5")),
    ("gpt-oss-20b", ("with bias: router, experts", "with bias: q, k, v, out")),
    ("mistral-large-3-675b", ("× 1 + 0.1 ln (1 + p / 8,192) at position p",)),
    ("kimi-k3", ("gated SiTU, gate softcap 4, up softcap 25",)),
    ("inkling", ("× learned", "× a learned number", "× 8")),
    ("motif-3-beta", ("4 weights, sigmoid",)),
    ("deepseek-v4-pro", ("4 weights, 2 × sigmoid",)),
    ("falcon-h1-7b", ("× 0.2946", "× 0.03255", "× 0.1179", "× 0.3536")),
]


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """Every figure's words, one text after another."""

    def text(model: str) -> str:
        found = find(model)
        svg = draw(found.architecture, found.heading).alone(outlined=False)
        visible = re.sub(r"(?s)<(title|desc|style)[^>]*>.*?</\1>", "", svg)
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
    assert "softmax( 2.005" not in text
