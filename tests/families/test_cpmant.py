"""CPM-Ant: a prompt of learned tokens that is kept, one table of distances for all layers, a text that is read both ways."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery import run
from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Architecture, layers, mixer, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from llm_gallery.running.random_weights import RandomWeights

SMALL: dict[str, Any] = {
    "model_type": "cpmant", "vocab_size": 90, "hidden_size": 12, "num_attention_heads": 3, "dim_head": 5, "dim_ff": 20,
    "num_hidden_layers": 2, "prompt_length": 4, "prompt_types": 3, "segment_types": 3, "position_bias_num_buckets": 8,
}  # fmt: skip


def made(**more: Any) -> Architecture:
    return describe({**SMALL, **more})


def stored(kind: str) -> tuple[int, ...]:
    (found,) = (block for _, block in walk(made().root) if block.kind == kind)
    return found.tensors[0].shape


def test_tables_have_rows_for_prompts_segments_and_distances() -> None:
    assert stored("embedding") == (90 + 3 * 4, 12)
    assert stored("segment_embedding") == (3, 12)
    assert stored("position_bias") == (3 * 3 + 8, 3)
    assert stored("head") == (90, 12)


def test_the_prompt_is_kept_beside_the_text() -> None:
    kept = cache(made().root)
    each = 2 * 2 * 3 * 5  # two layers, keys and values of three heads
    assert kept.at(10) == 2 * each * (10 + 4)
    assert kept.state_bytes == 2 * each * 4
    assert cache(made(prompt_length=0).root).at(10) == 2 * each * 10


def test_a_text_is_read_both_ways_and_written_one_way() -> None:
    architecture = made(eps=1e-5)
    block = mixer(layers(architecture.root)[0])
    assert block is not None
    assert block.value("given_both_ways") is True
    weights = RandomWeights(architecture.root)
    (short, past), (long, _) = (run(architecture, weights, [5, 7, *rest]) for rest in ([], [9]))
    assert abs(short - long[:2]).max() > 0.01  # the first two see the third
    assert past.numbers == cache(architecture.root).elements_at(2)
    alone, _ = run(architecture, weights, [9], past)
    assert alone.shape == (1, 90)
    assert abs(alone[0] - long[2]).max() > 0.01  # what it reads was made without it


def test_padding_is_no_token_of_a_text() -> None:
    with pytest.raises(Refusal, match="token 0 pads, and is no token of a text; leave it out"):
        run(made(eps=1e-5), RandomWeights(made().root), [5, 0])


def test_distances_beyond_the_buckets_alone_are_needed() -> None:
    with pytest.raises(Refusal, match="position_bias_num_buckets / 4 \\+ 1 is 3, expected at most"):
        made(position_bias_max_distance=2)


@pytest.mark.parametrize("key", ["prompt_types", "segment_types"])
def test_fewer_kinds_than_the_class_uses_are_refused(key: str) -> None:
    with pytest.raises(Refusal, match=f"{key} is 2, expected 3 to"):
        made(**{key: 2})
