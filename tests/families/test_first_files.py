"""Files whose type says another family, or two: told by their class."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import tensors, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.families import describe
from llm_gallery.running.proof import proof
from tests.families.first_files import LING


def test_the_first_ling_is_no_ling_2() -> None:
    """Of one type, told apart by their classes; a head whose columns are divided is said, and not run."""
    first = describe(LING)
    (experts,) = {block.value("scoring") for _, block in walk(first.root) if block.is_mixture}
    assert experts == "softmax"
    assert not any(tensor.name.endswith("expert_bias") for tensor in tensors(first.root))
    normed = {**LING, "norm_head": True}
    assert any("each column of the head" in line for line in describe(normed).warnings)
    with pytest.raises(Refusal, match="can't run yet"):
        proof(normed)
    for other in ({"use_qk_norm": True}, {"architectures": ["BailingMoeV2ForCausalLM"]}):
        with pytest.raises(Refusal):
            describe({**LING, **other})


def test_a_copy_of_deepseek_v4_is_told_by_its_class() -> None:
    known = next(entry.config for entry in entries() if entry.id == "deepseek-v4-flash")
    copy = {**known, "model_type": "deepseek_ref"}
    made = describe({**copy, "architectures": ["DeepseekV4ForCausalLM"]})
    assert [*tensors(made.root)] == [*tensors(describe(known).root)]
    for other in (None, ["DeepseekV3ForCausalLM"]):
        with pytest.raises(Refusal, match="architectures"):
            describe({**copy, "architectures": other})
