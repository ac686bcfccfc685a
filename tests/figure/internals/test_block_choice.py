"""The drawing of how blocks are chosen says what the config does, whatever it is."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.load import described, find
from llm_gallery.figure import Heading, draw
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.lessons.numbers import config
from tests.figure.gates import faults


def said(architecture: Architecture) -> str:
    drawn = draw(architecture, Heading(name="A model"))
    assert faults(drawn.picture) == ()
    texts = (shape for shape in flat(drawn.picture) if isinstance(shape, Text))
    return " | ".join("".join(span.text for span in text.spans) for text in texts)


def test_the_blocks_are_those_of_the_config() -> None:
    words = said(find("minicpm-sala-9b").architecture)
    assert "Choice of blocks" in words
    for part in ("the first", "62 best", "last 33", "over the tokens of 96 blocks"):
        assert part in words
    assert "the sum of the same over means of 128 keys" in words


@pytest.mark.parametrize(("chosen", "best"), [(16, 14), (256, 254)])
def test_others_chosen(chosen: int, best: int) -> None:
    """Blocks read are those chosen and those of the window."""
    held = dict(config("minicpm-sala-9b"))
    held["sparse_config"] = {**held["sparse_config"], "topk": chosen}
    words = said(described(held, "a changed config"))
    assert f"{best:,} best" in words


def test_attention_that_reads_all_has_no_choice() -> None:
    assert "Choice of blocks" not in said(find("llama-3-8b").architecture)
