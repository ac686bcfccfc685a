"""Blocks that layers share: stored once, named where a checkpoint has them, and one kind of layer wherever they run."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.layers import kinds
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Tensor, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.schema import from_json, to_json
from llm_gallery.recognition import describe

ZAMBA2: dict[str, Any] = {
    "model_type": "zamba2",
    "vocab_size": 10,
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 5,
    "layers_block_type": ["hybrid", "mamba", "hybrid", "hybrid", "mamba"],
    "num_attention_heads": 2,
    "n_mamba_heads": 2,
    "mamba_d_state": 4,
    "num_mem_blocks": 2,
    "adapter_rank": 3,
}


def changed(**keys: Any) -> dict[str, Any]:
    return {**ZAMBA2, **keys}


def test_a_shared_block_is_counted_once() -> None:
    root = describe(ZAMBA2).root
    attention = 3 * 16 * 16 + 16 * 8
    mlp = 2 * 12 * 8 + 12 * 8
    adapter = 3 * 8 + 2 * 12 * 3
    counted = {str(part.name): part.stored for part in parameters(root).parts}
    assert counted["NoPE MHA"] == 2 * attention
    assert counted["Gated MLP"] == 2 * mlp + 3 * adapter  # an adapter in each layer
    assert counted["Output projections"] == 3 * 8 * 8
    assert parameters(root).total == sum(t.elements for t in tensors(root) if t.tied_to is None)


def test_more_blocks_than_layers_are_shared_by_none() -> None:
    root = describe(changed(num_mem_blocks=3)).root
    assert {t.name for t in tensors(root) if t.tied_to} == {"lm_head.weight"}
    assert describe(changed(num_mem_blocks=3)).links == ()


def test_with_a_head_of_its_own_no_block_is_shared() -> None:
    """Each layer has the adapters of all turns that would share its block, and runs its own."""
    made = describe(changed(tie_word_embeddings=False))
    assert made.links == ()
    assert not [t.name for t in tensors(made.root) if t.tied_to]
    adapter, block = 3 * 8 + 2 * 12 * 3, 3 * 16 * 16 + 16 * 8 + 3 * 12 * 8 + 16 + 8
    whole, tied = parameters(made.root), parameters(describe(ZAMBA2).root)
    assert whole.total - tied.total == 10 * 8 + block + 2 * adapter
    idle = next(part for part in whole.parts if part.name == "Not run by a text")
    assert (idle.stored, idle.active) == (2 * adapter, 0)


def test_layers_take_blocks_by_turns() -> None:
    made = describe(ZAMBA2)
    block = "model.layers.{}.shared_transformer.self_attn"
    assert [tuple(link) for link in made.links] == [(block.format(0), block.format(3), "weights")]
    adapters = [t.name for t in tensors(made.root) if "adapter" in t.name]
    named = "model.layers.{}.shared_transformer.feed_forward.gate_up_proj_adapter_list.{}.{}.weight"
    turns = [(0, 0), (2, 1), (0, 2)]  # the layer that stores, and the turn
    assert adapters == [named.format(*turn, half) for turn in turns for half in (0, 1)]


def test_where_weights_lie_tells_no_layers_apart() -> None:
    assert [(kind.name, kind.count) for kind in kinds(describe(ZAMBA2).root)] == [
        ("NoPE MHA + Mamba-2, dense", 3),
        ("Mamba-2", 2),
    ]
    assert Tensor("a", (2,), "elsewhere") == Tensor("a", (2,), stored_as="there")
    assert Tensor("a", (2,)) != Tensor("a", (3,))


def test_names_survive_json() -> None:
    made = describe(ZAMBA2)
    again = from_json(to_json(made))
    assert list(map(tuple, tensors(again.root))) == list(map(tuple, tensors(made.root)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hybrid_layer_ids", [0, 1]),
        ("ffn_hidden_size", 65),
        ("mamba_headdim", 4),
        ("attention_hidden_size", 8),
        ("layers_block_type", None),
        ("layers_block_type", ["hybrid", "mamba", "attention", "mamba", "mamba"]),
    ],
)
def test_what_contradicts_is_refused(key: str, value: object) -> None:
    with pytest.raises(Refusal, match=f"{key}|num_hidden_layers"):
        describe(changed(**{key: value}))
