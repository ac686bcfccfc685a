"""Mistral Large 4: latents that later layers borrow, and positions that are learned, once for all layers and by head."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.file import printed
from llm_gallery.mechanisms.loops import reruns
from llm_gallery.recognition import describe

TEXT: dict[str, Any] = {
    "model_type": "mistral_large4_text",
    "vocab_size": 10,
    "hidden_size": 8,
    "intermediate_size": 12,
    "moe_intermediate_size": 5,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "kv_lora_rank": 6,
    "qk_nope_head_dim": 4,
    "qk_rope_head_dim": 2,
    "v_head_dim": 3,
    "index_n_heads": 2,
    "index_head_dim": 4,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "no_rope_layers": [1, 1, 0, 0],
}
LATENT, TURNED, INDEXER = 6 * 8 + 6, 2 * 8, (2 * 4 + 4 + 2) * 8 + 2 * 8 + 2 * 4 + 2 * 2
"""To a layer's latent, with its norm, and to the key that turns; an indexer with its norms and its heads' lines."""
ATTENTION = 2 * 6 * 8 + 2 * 3 * 8 + 2 * 2
"""Queries, the way back, and a line for each head."""


def small(**keys: Any) -> dict[str, Any]:
    return {"model_type": "mistral_large4", "text_config": {**TEXT, **keys}}


def test_a_borrower_stores_and_keeps_no_latent() -> None:
    own, lent = (describe(small(kv_source_layers=s)).root for s in (None, [0, 0, 2, 2]))
    fewer = (LATENT + TURNED) + LATENT  # of one layer that turns, and of one that doesn't
    assert parameters(own).total - parameters(lent).total == fewer
    assert cache(own).bytes_per_token - cache(lent).bytes_per_token == 2 * ((6 + 2) + 6)


def test_it_keeps_what_its_own_indexer_reads() -> None:
    architecture = describe(small(kv_source_layers=[0, 0, 2, 2]))
    kept = (6 + 2) + 6 + 4 * 4  # of two layers latents, of all a key to choose by
    assert cache(architecture.root).bytes_per_token == 2 * kept
    assert [(one.source, one.target) for one in architecture.links] == [
        ("layers.0.attention", "layers.1.attention"),
        ("layers.2.attention", "layers.3.attention"),
    ]


def test_it_is_counted_by_hand() -> None:
    root = describe(small(kv_source_layers=[0, 0, 2, 2])).root
    made = 6 * 2 * (4 + 3) + (6 * 2 * (6 + 3)), 2 * LATENT + TURNED
    mlps = 3 * 8 * 12 + 3 * (4 * 8 + (4 + 1) * 3 * 8 * 5)
    norms = (2 * 4 + 1) * 8
    speeds = 2 // 2
    everywhere = 4 * (ATTENTION + INDEXER) + 2 * made[0] + made[1]
    assert parameters(root).total == everywhere + mlps + norms + speeds + 2 * 10 * 8


def test_the_speeds_are_stored_once_and_no_layer_runs_again() -> None:
    root = describe(small()).root
    stored = [tensor.name for tensor in tensors(root)]
    assert stored.count("lerope.alpha") == 1
    assert len(stored) == len({*stored})
    assert reruns(root) == 0


def test_speeds_that_nothing_turns_by_are_stored_and_not_active() -> None:
    still = describe(small(no_rope_layers=[0, 0, 0, 0])).root
    assert "lerope.alpha" in {tensor.name for tensor in tensors(still)}
    counted = parameters(still)
    idle = 2 * 3 * (3 * 8 * 5)  # of four experts a layer two
    assert counted.total - counted.active == idle + 1


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([0, 0, 1, 3], "kv_source_layers[2] is 1, expected 2 or 2"),
        (
            [0, 1, 2, 0],
            "kv_source_layers[3] is 0, expected 3 or 2, the last layer without positions",
        ),
        ([0, 1, 2], "kv_source_layers lists 3 layers, expected 4"),
    ],
)
def test_a_source_of_another_kind_is_refused(sources: list[int], expected: str) -> None:
    with pytest.raises(Refusal) as said:
        describe(small(kv_source_layers=sources))
    assert expected in str(said.value)


def test_a_printed_file_has_one_row_for_the_speeds() -> None:
    text = printed(describe(small(kv_source_layers=[0, 0, 2, 2])), "small")
    assert text.count("lerope.alpha") == 1
    assert "not name.startswith('index_')" in text.replace('"', "'")


def test_a_base_that_stands_alone_is_refused() -> None:
    turned = {"rope_parameters": {"rope_type": "default", "rope_theta": 5e5}}
    assert describe(small(**turned)).root.inside
    with pytest.raises(Refusal, match="rope_theta is 500000.0, expected a base in rope_parameters"):
        describe(small(rope_theta=5e5))


def test_a_printed_file_reads_no_speeds_that_nothing_turns_by() -> None:
    assert "lerope" not in printed(describe(small(no_rope_layers=[0, 0, 0, 0])), "small")
