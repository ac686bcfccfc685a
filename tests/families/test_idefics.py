"""IDEFICS: layers that read pictures, of which a text runs the MLP; tokens that were added; tower and perceiver beside."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import distinct, layers, mixers, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.file import printed
from llm_gallery.recognition import describe

NINE: dict[str, Any] = {
    "model_type": "idefics",
    "additional_vocab_size": 2,
    "cross_layer_interval": 4,
    "qk_layer_norms": True,
    "use_resampler": True,
    "vision_config": {"embed_dim": 1280},
    "perceiver_config": {"qk_layer_norms_perceiver": True},
}
"""The sizes of HuggingFaceM4/idefics-9b."""
CROSS = 2 * 4096**2 + 2 * 4096 * 1280 + 2 * 128
"""Queries and output of one cross-attention, keys and values of the tower's vectors, norms of a head's."""


def test_the_release_has_so_many_parameters() -> None:
    """8.93 billion by its record at the Hub."""
    counted = parameters(describe(NINE).root)
    assert round((counted.total + counted.other_modalities) / 1e7) == 893


def test_layers_that_read_pictures_stand_before_every_fourth() -> None:
    root = describe(NINE).root
    reads = [next(iter(mixers(layer))).kind == "cross_attention" for layer in layers(root)]
    assert [i for i, crosses in enumerate(reads) if crosses] == [*range(0, 40, 5)]
    names = {tensor.name for tensor in tensors(root)}
    assert "model.gated_cross_attn_layers.7.cross_attn.k_proj.weight" in names
    assert "model.layers.31.self_attn.k_proj.weight" in names
    assert "model.layers.32.self_attn.k_proj.weight" not in names


def test_a_text_runs_their_mlps_alone() -> None:
    counted = parameters(describe(NINE).root)
    idle = 8 * (CROSS + 4096 + 1)  # with its norm and its gate
    added = 2 * 4096  # rows of the embedding, of which a token reads one, are no table here
    assert counted.total - counted.active == idle
    assert added * 2 == sum(
        tensor.elements for block in distinct(describe(NINE).root) for tensor in block.tensors
        if tensor.role == "added"
    )  # fmt: skip


def test_added_tokens_are_tied_as_the_others() -> None:
    tied = describe({**NINE, "tie_word_embeddings": True}).root
    found = {tensor.name: tensor.tied_to for tensor in tensors(tied) if tensor.tied_to}
    assert found == {
        "lm_head.weight": "model.embed_tokens.weight",
        "lm_head.additional_fc.weight": "model.embed_tokens.additional_embedding.weight",
    }


def test_layers_that_no_picture_reaches_are_refused() -> None:
    """The reference builds them, and fails where the last reading layer is missing."""
    with pytest.raises(Refusal, match="num_hidden_layers is 30, expected a multiple of cross"):
        describe({**NINE, "num_hidden_layers": 30})


@pytest.mark.parametrize("gates", ["float", "vector"])
def test_it_runs_and_is_printed(gates: str) -> None:
    pytest.importorskip("numpy")
    from llm_gallery.running.proof import proof

    raw = {**NINE, "alpha_type": gates}
    assert proof(raw).run.holds
    code = printed(describe(raw), "")
    assert "cross_attn." not in code
    assert "np.tanh" in code
