"""Files of Flash Linear Attention's classes, which fill in what a file leaves out; flame trains from such files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery import Refusal, describe
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Tensor, layers, tensors
from llm_gallery.families._ignored import MARKS_OF_FLA
from llm_gallery.recognition import catalog_config
from llm_gallery.recognition.filled_by_fla import ALONE, OWN

TRAINED: Mapping[str, Any] = {
    "hidden_size": 1152,
    "num_hidden_layers": 4,
    "fuse_cross_entropy": True,
}
"""What flame's own files state, and FLA's tests: sizes, and a key of those classes alone."""
MAMBA_2: Mapping[str, Any] = {
    "bos_token_id": 1, "chunk_size": 256, "conv_kernel": 4, "eos_token_id": 2, "expand": 2, "fuse_cross_entropy": True,
    "fuse_norm": True, "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048, "model_type": "mamba2",
    "n_groups": 1, "norm_eps": 1e-5, "num_hidden_layers": 48, "rms_norm": True, "state_size": 128,
    "tie_word_embeddings": False, "time_step_rank": 128, "use_bias": False, "use_conv_bias": True,
    "vocab_size": 32000,
}  # fmt: skip
"""flame's configs/mamba2_1B.json."""


def total(made: Architecture) -> int:
    return parameters(made.root).total


def stored(made: Architecture) -> list[Tensor]:
    return [*tensors(made.root)]


def without(config: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key not in keys}


@pytest.mark.parametrize("family", [*ALONE, *OWN])
def test_the_vocabulary_is_the_classs_and_said_to_be_assumed(family: str) -> None:
    config = {"model_type": family, **TRAINED}
    made, whole = describe(config), describe({**config, "vocab_size": 32000})
    assert stored(made) == stored(whole)
    assert "vocab_size" in made.assumed
    assert made.root.facts["vocabulary"].evidence == "assumed"
    assert describe(catalog_config(config)) == made
    assert made.warnings == ()


@pytest.mark.parametrize("mark", sorted(MARKS_OF_FLA))
def test_each_key_of_those_classes_says_that_the_file_is_theirs(mark: str) -> None:
    config = {**without(TRAINED, "fuse_cross_entropy"), "model_type": "transformer"}
    assert total(describe({**config, mark: False})) == total(
        describe({**config, "vocab_size": 32000})
    )


@pytest.mark.parametrize("family", ALONE)
def test_no_other_file_is_filled_in(family: str) -> None:
    with pytest.raises(Refusal, match="vocab_size is missing, expected an integer"):
        describe({"model_type": family, **without(TRAINED, "fuse_cross_entropy")})


def test_mamba_2_counts_its_heads() -> None:
    made = describe(MAMBA_2)
    mixed = 4096 + 2 * 128
    layer = 2048 * (4096 + mixed + 64) + 5 * mixed + 3 * 64 + 4096 + 4096 * 2048 + 2048
    assert total(made) == 2 * 32000 * 2048 + 2048 + 48 * layer
    assert made.assumed == ("num_heads", "rmsnorm")
    assert stored(made) == stored(describe({**MAMBA_2, "num_heads": 64, "rmsnorm": True}))


def test_a_mamba_2_that_says_less_has_its_own_classs_sizes_and_not_the_references() -> None:
    less = {"model_type": "mamba2", "fuse_norm": True}
    assert stored(describe(less)) == stored(describe(MAMBA_2))
    assert total(describe({"model_type": "mamba2"})) != total(describe(less))


@pytest.mark.parametrize("key", ["expand", "hidden_size", "head_dim"])
@pytest.mark.parametrize("value", [None, 0, -1, "2", [2], True])
def test_what_is_no_size_is_refused(key: str, value: object) -> None:
    with pytest.raises(Refusal, match=f"{key} is"):
        describe({**MAMBA_2, key: value})


def test_a_file_of_the_reference_is_the_references() -> None:
    marks = (*MARKS_OF_FLA, "rms_norm")
    with pytest.raises(
        Refusal, match=r"num_heads x head_dim is 8192, expected expand x hidden_size \(4096\)"
    ):
        describe(without(MAMBA_2, *marks))


def test_flames_other_files() -> None:
    """Its configs/gated_deltanet_1B.json and gsa_340M.json, the second with two keys that no class reads today."""
    delta = {
        "attn_mode": "chunk", "conv_size": 4, "expand_v": 2, "fuse_cross_entropy": True, "head_dim": 256,
        "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048, "intermediate_size": None,
        "model_type": "gated_deltanet", "norm_eps": 1e-6, "num_heads": 6, "num_hidden_layers": 21,
        "tie_word_embeddings": False, "use_gate": True, "use_short_conv": True,
    }  # fmt: skip
    slots = {
        "model_type": "gsa", "hidden_size": 1024, "num_hidden_layers": 24, "num_heads": 4, "fuse_norm": True,
        "share_conv_kernel": True, "use_rope": False,
    }  # fmt: skip
    assert total(describe(delta)) == 1_387_348_732
    made = describe(slots)
    assert (made.unread, made.warnings) == ((), ())


SPECIFICATION = {
    "layers": [1],
    "num_heads": 4,
    "num_kv_heads": 2,
    "qkv_bias": True,
    "window_size": 8,
}
OTHER = {"layers": [3], "num_heads": 8, "num_kv_heads": 4, "rope_theta": 40000.0}


@pytest.mark.parametrize("family", ["gla", "gated_deltanet", "samba", "rwkv6", "lightnet"])
def test_several_kinds_of_layers_attend(family: str) -> None:
    config = {"model_type": family, **TRAINED}
    alone = describe({**config, "attn": SPECIFICATION})
    listed = {**config, "attn": [SPECIFICATION]}
    assert describe(listed).root == alone.root
    assert catalog_config(listed)["attn"] == [SPECIFICATION]
    both = layers(describe({**config, "attn": [SPECIFICATION, OTHER]}).root)
    assert both[:3] == layers(alone.root)[:3]
    assert both[3] == layers(describe({**config, "attn": OTHER}).root)[3]


@pytest.mark.parametrize(
    ("attn", "says"),
    [
        ([SPECIFICATION, 3], r"attn\[1\] is 3, expected an object"),
        ([SPECIFICATION, {"layers": [2]}], r"attn\[1\].num_heads is missing"),
        ([SPECIFICATION, SPECIFICATION], "attn.layers has layer 1 twice, expected each layer once"),
        (
            [{**SPECIFICATION, "layers": [4]}],
            "attn.layers is 4, expected at most num_hidden_layers - 1",
        ),
        ("all", 'attn is "all", expected an object or a list or null'),
    ],
)
def test_what_attn_may_not_be(attn: object, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        describe({"model_type": "gla", **TRAINED, "attn": attn})


def test_heads_of_todays_samba_are_those_in_attn() -> None:
    config = {"model_type": "samba", **TRAINED, "attn": OTHER}
    assert describe({**config, "num_heads": 2, "window_size": 4}).root == describe(config).root


@pytest.mark.parametrize("family", ["transformer", "gla", "retnet"])
def test_sums_that_branches_attend_to_are_said(family: str) -> None:
    with pytest.raises(
        Refusal,
        match="attnres_block_size is 2, expected null: branches that read weighted sums",
    ):
        describe({"model_type": family, **TRAINED, "attnres_block_size": 2})


def test_a_class_under_the_references_name_says_what_it_does() -> None:
    with pytest.raises(
        Refusal,
        match="fuse_cross_entropy says that this bitnet is Flash Linear Attention's, each of",
    ):
        describe({"model_type": "bitnet", **TRAINED, "intermediate_size": 2048})


@pytest.mark.parametrize("family", ["mesa_net", "path_attn", "sba", "yoco"])
def test_a_class_that_no_family_describes_says_what_it_does(family: str) -> None:
    with pytest.raises(Refusal, match=f'model_type is "{family}", a language model (whose|of)'):
        describe({"model_type": family, **TRAINED, "vocab_size": 32000})
