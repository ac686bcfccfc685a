"""The text that a miniature is run on: as long as its groups ask for and its positions allow, and of no padding."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import facts, learned_positions, segment_embedding
from llm_gallery.running import draws
from llm_gallery.running.given import TOKENS, Text, text


def root(*parts: Block) -> Block:
    return Block("language_model", facts=facts(vocabulary=20), inside=parts)


def test_a_text_has_two_full_groups() -> None:
    groups = [Block("compressor", facts=facts(ratio=ratio)) for ratio in (4, 16)]
    assert text(root(*groups)) == Text(32, 20, None)
    assert text(root()) == Text(TOKENS, 20, None)


def test_a_text_is_no_longer_than_its_positions() -> None:
    assert text(root(learned_positions("places", 5, 8))).tokens == 5


def test_a_block_says_which_token_pads() -> None:
    given = text(root(segment_embedding("segments", 3, 8, padding=7)))
    assert given == Text(TOKENS, 20, None, 7)
    assert sorted(draws.text(19, *given[1:])) == [token for token in range(20) if token != 7]
