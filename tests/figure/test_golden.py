"""Three figures byte for byte; a change that is meant is written with --rewrite-golden."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from tests.conftest import Golden

FOLDER = Path(__file__).parent.parent / "golden" / "figure"


@pytest.mark.parametrize("name", ["llama-3-8b", "deepseek-v3", "nemotron-3-nano-30b-a3b"])
def test_figure(name: str, golden: Golden) -> None:
    model = find(name)
    text = draw(model.architecture, model.heading).alone(outlined=False)
    golden(FOLDER / f"{name}.svg", text.replace("><", ">\n<") + "\n")


def test_card(golden: Golden) -> None:
    model = find("qwen3-next-80b-a3b")
    text = draw(model.architecture, model.heading, detail="card").alone(outlined=False)
    golden(FOLDER / "qwen3-next-80b-a3b-card.svg", text.replace("><", ">\n<") + "\n")
