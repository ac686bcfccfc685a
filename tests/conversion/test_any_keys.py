"""Whatever a GGUF's keys say, there is a tree or a refusal, and no other error."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery import describe
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.conversion.config import config_of
from llm_gallery.conversion.registry import names, row_named
from llm_gallery.conversion.rest import MOST_LAYERS, layers
from llm_gallery.sources.gguf import Many
from llm_gallery.sources.stored import Stored, StoredTensor

REST = (
    "attention.head_count_kv", "attention.indexer.types", "attention.key_length_mla", "attention.key_length_swa",
    "attention.recurrent_layers", "attention.sliding_window_pattern", "attention.temperature_scale",
    "expert_gating_func", "expert_group_count", "feed_forward_length", "full_attention_interval", "kda.head_dim",
    "nextn_predict_layers", "rope.dimension_count", "rope.freq_base", "rope.freq_base_swa", "rope.scaling.factor",
    "rope.scaling.type", "rope.scaling.yarn_attn_factor", "rope.scaling.yarn_log_multiplier", "ssm.inner_size", "ssm.time_step_rank",
)  # fmt: skip
"""Keys that rows read beside those that they spell."""
NUMBERS = st.one_of(
    st.integers(-1, 8),
    st.sampled_from((0, 64, 2**31, -(2**63), True, 0.5, float("nan"), float("inf"))),
)
VALUES = st.one_of(
    NUMBERS, st.lists(NUMBERS, max_size=4), st.sampled_from(("", "yarn", "linear", "\x00"))
).map(lambda value: Many(3) if value == "" else value)
TENSORS = (
    "token_embd.weight", "output.weight", "blk.0.attn_q.bias", "blk.0.attn_q_norm.weight", "blk.0.ffn_gate_inp.weight",
    "blk.1.ssm_in.weight", "blk.1.ssm_norm.weight", "blk.1.exp_probs_b.bias", "blk.2.attn_k.weight", "blk.3.ffn_up.weight",
)  # fmt: skip


def gguf(name: str, said: dict[str, Any], tensors: list[str]) -> Stored:
    listed = tuple(StoredTensor(tensor, "F32", (4, 8), 128, "") for tensor in tensors)
    metadata = {"general.architecture": name, **{f"{name}.{end}": v for end, v in said.items()}}
    return Stored(place=Path("x.gguf"), format="GGUF", tensors=listed, files={}, metadata=metadata)


@pytest.mark.parametrize("name", names())
@settings(max_examples=10)
@given(data=st.data())
def test_any_keys_make_a_tree_or_are_refused(name: str, data: st.DataObject) -> None:
    ends = sorted({*row_named(name, "").keys, *REST})
    said = data.draw(st.dictionaries(st.sampled_from(ends), VALUES))
    few = data.draw(st.integers(1, 6))
    tensors = data.draw(st.lists(st.sampled_from(TENSORS), unique=True))
    held = gguf(name, {"block_count": few, **said}, tensors)
    with suppress(Refusal):
        describe(config_of(held))


def test_more_layers_than_any_model_has_arent_counted_out() -> None:
    with pytest.raises(Refusal) as caught:
        layers({"num_hidden_layers": MOST_LAYERS + 1})
    assert str(caught.value) == (
        "the GGUF's block_count is 10001, expected an integer from 1 to 10,000, with more than predict further tokens; "
        "give the config.json of the model that it was made of"
    )
    assert layers({"num_hidden_layers": MOST_LAYERS}) == MOST_LAYERS
