"""Files whose type says another family, or two: told by their class."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import tensors, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import describe
from llm_gallery.running.proof import proof
from tests.recognition.first_files import LING


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


YOUTU = {
    "vocab_size": 1000, "hidden_size": 128, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4,
    "num_key_value_heads": 4, "kv_lora_rank": 32, "q_lora_rank": 48, "qk_rope_head_dim": 16, "qk_nope_head_dim": 32,
    "v_head_dim": 32, "max_position_embeddings": 1000, "rope_theta": 10000.0, "tie_word_embeddings": True,
}  # fmt: skip


def test_mlx_calls_youtu_otherwise() -> None:
    """As mlx-lm's own tests write it."""
    made = describe(
        {"model_type": "youtu_llm", "mlp_bias": False, "rope_traditional": True, **YOUTU}
    )
    assert made.root == describe({"model_type": "youtu", **YOUTU}).root
    assert made.unread == ()
    with pytest.raises(Refusal, match="rope_traditional is false"):
        describe({"model_type": "youtu_llm", "rope_traditional": False, **YOUTU})


def test_letters_of_layers_may_stand_in_a_list() -> None:
    """As mlx-lm writes Nemotron H's pattern; the reference takes the letters of either."""
    known = next(entry.config for entry in entries() if "hybrid_override_pattern" in entry.config)
    letters = known["hybrid_override_pattern"]
    assert describe({**known, "hybrid_override_pattern": [*letters]}).root == describe(known).root
    for wrong, says in (([], "lists no layer"), (["M*"] * len(letters), 'has "M\\*"')):
        with pytest.raises(Refusal, match=says):
            describe({**known, "hybrid_override_pattern": wrong})


def test_longcats_class_without_an_indexer_is_longcat_flash() -> None:
    known = next(entry.config for entry in entries() if entry.id == "longcat-flash-560b")
    plain = {key: value for key, value in known.items() if key != "model_type"}
    found = describe({**plain, "architectures": ["LongcatCausalLM"]})
    assert found.root == describe(known).root


@pytest.mark.whole
def test_transformers_counts_both_attentions_of_longcats_layers() -> None:
    """mlx-lm's own tests write the layers under that key, where transformers builds half as many."""
    known = next(entry.config for entry in entries() if entry.id == "longcat-flash-560b")
    said = {key: value for key, value in known.items() if key != "num_layers"}
    for twice in ({**said, "num_hidden_layers": 56}, {**known, "num_hidden_layers": 56}):
        assert [*tensors(describe(twice).root)] == [*tensors(describe(known).root)]
        assert describe(twice).warnings == describe(known).warnings
        assert proof(twice).run.holds
    with pytest.raises(Refusal, match=r"num_hidden_layers is 28, expected 2 x num_layers \(56\)"):
        describe({**known, "num_hidden_layers": 28})
