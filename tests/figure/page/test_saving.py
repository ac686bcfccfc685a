"""What is said to be saved is counted on the model itself, with and without what leads its figure."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import Model, find, models
from llm_gallery.figure.page.hero import leading
from llm_gallery.figure.page.saving import saving
from llm_gallery.figure.plan.planning import plan


def saved(model: Model) -> str:
    """The sentence of what leads."""
    hero = leading(plan(model.architecture.root), model.heading)[0]
    return saving(hero, model.architecture.root)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gemma-3-27b", "131,072 tokens take *10.4 GiB* of cache, 62 GiB without windows."),
        (
            "qwen3-next-80b-a3b",
            "262,144 tokens take *6.1 GiB* of cache, 24 GiB with attention in every layer.",
        ),
        ("llama-3-8b", ""),  # its first sentence says it
        ("xlstm-7b", ""),  # has no attention to count against
    ],
)
def test_the_sentence(name: str, said: str) -> None:
    assert saved(find(name)) == said


def test_it_is_said_for_what_keeps_the_past_otherwise() -> None:
    assert sum(bool(saved(model)) for model in models()) > 50
