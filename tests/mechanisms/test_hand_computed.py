"""What a mixer computes for a token and keeps of it, worked out by hand on sizes that share no factor."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Value, fact
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.bits import bytes_of

POSITION = 10
CASES: tuple[tuple[str, dict[str, Value], int, tuple[int, int]], ...] = (
    ("attention", {"heads": 6, "kv_heads": 2, "head_dim": 5}, 6 * (5 + 5) * 10, (2 * 10, 0)),
    (
        "attention",
        {"heads": 6, "kv_heads": 2, "head_dim": 5, "value_dim": 3, "window": 4},
        6 * (5 + 3) * 4,
        (2 * 8, 0),
    ),
    (
        "attention",
        {
            "heads": 6,
            "kv_heads": 2,
            "head_dim": 5,
            "sparse_from": 10,
            "sparse_blocks": 2,
            "sparse_block": 3,
            "sparse_means": 2,
            "sparse_every": 1,
        },
        6
        * ((5 + 5) * (3 + 1) + 5 * (9 + 1)),  # a block and a token; means of two and of eight keys
        (2 * 10, 0),
    ),
    (
        "attention",
        {
            "heads": 6,
            "kv_heads": 6,
            "head_dim": 5,
            "sparse_block": 2,
            "sparse_stride": 3,
            "sparse_seen": 2,
            "sparse_patterns": 1,
        },
        6 * (5 + 5) * (4 + 4),  # four tokens of the second stretch, two blocks of the first
        (6 * 10, 0),
    ),
    (
        "attention",
        {"heads": 3, "kv_heads": 3, "head_dim": 5, "prompt": 4},
        3 * (5 + 5) * (10 + 4),
        (3 * 10, 4 * 3 * 10 * 2),
    ),
    (
        "latent_attention",
        {"heads": 3, "nope_dim": 5, "rope_dim": 2, "value_dim": 7, "kv_rank": 11},
        3 * (5 + 2 + 7) * 10,
        (11 + 2, 0),
    ),
    (
        "latent_attention",
        {
            "heads": 3,
            "nope_dim": 5,
            "rope_dim": 2,
            "value_dim": 7,
            "kv_rank": 11,
            "shared_kv": True,
        },
        3 * (5 + 2 + 7) * 10,
        (0, 0),
    ),
    (
        "compressed_attention",
        {"heads": 3, "head_dim": 5, "window": 4, "ratio": 2, "selected": 3},
        3 * (5 + 5) * (4 + 3),
        (5, 0),
    ),
    ("indexer", {"heads": 3, "head_dim": 5, "pooled": 4}, 3 * 5 * (POSITION // 4), (5, 0)),
    (
        "deltanet",
        {"heads": 3, "key_dim": 5, "value_dim": 7},
        3 * (3 * 5 * 7),
        (0, 4 * 3 * 5 * 7),
    ),
    (
        "retention",
        {"heads": 3, "kv_heads": 1, "key_dim": 5, "value_dim": 7},
        2 * (3 * 5 * 7),
        (0, 4 * 3 * 5 * 7),
    ),
    (
        "gated_deltanet",
        {"key_heads": 3, "value_heads": 5, "key_dim": 7, "value_dim": 11},
        3 * (5 * 7 * 11),
        (0, 4 * 5 * 7 * 11),
    ),
    (
        "gated_linear_attention",
        {"heads": 3, "kv_heads": 1, "key_dim": 5, "value_dim": 7},
        2 * (3 * 5 * 7),
        (0, 4 * 3 * 5 * 7),
    ),
    ("hgrn", {"inner": 6}, 6, (0, 4 * 6)),
    ("hgrn2", {"heads": 3, "head_dim": 5}, 2 * (3 * 25), (0, 4 * 75)),
    (
        "gated_slot_attention",
        {"heads": 3, "kv_heads": 1, "key_dim": 5, "value_dim": 7, "slots": 2},
        2 * 3 * 2 * (5 + 7),
        (0, 4 * 3 * 2 * (5 + 7)),
    ),
    (
        "lightnet",
        {"heads": 3, "key_dim": 5, "value_dim": 7},
        2 * (3 * 5 * 7),
        (0, 4 * 3 * 5 * (7 + 1)),
    ),
    ("kimi_delta_attention", {"heads": 3, "head_dim": 5}, 3 * (3 * 25), (0, 4 * 75)),
    ("lightning_attention", {"heads": 3, "head_dim": 5}, 2 * (3 * 25), (0, 4 * 75)),
    ("mamba", {"inner": 6, "state_dim": 5}, 2 * (6 * 5), (0, 4 * 30)),
    ("mamba2", {"heads": 3, "head_dim": 5, "state_dim": 7}, 2 * (3 * 35), (0, 4 * 105)),
    (
        "mlstm",
        {"heads": 3, "key_dim": 5, "value_dim": 7},
        2 * (3 * 5 * (7 + 1)),
        (0, 4 * 3 * (5 * 7 + 5 + 1)),
    ),
    ("rg_lru", {"inner": 6}, 6, (0, 4 * 6)),
    (
        "rwkv6",
        {"heads": 3, "key_dim": 5, "value_dim": 7, "mix_rank": 2, "width": 11},
        2 * (3 * 5 * 7) + 5 * 2 * 11,
        (0, 4 * 3 * 5 * 7 + 2 * 11),
    ),
    (
        "rwkv7",
        {"heads": 3, "key_dim": 5, "value_dim": 7, "width": 11},
        4 * (3 * 5 * 7),
        (0, 4 * 3 * 5 * 7 + 2 * 11),
    ),
    ("gated_memory", {"inner": 6}, 0, (0, 0)),
    ("cross_attention", {"heads": 6, "kv_heads": 3, "head_dim": 5}, 0, (0, 0)),
    ("rwkv", {"inner": 6, "width": 3}, 2 * (2 * 6), (0, 4 * 3 * 6)),
)


@pytest.mark.parametrize(("kind", "stated", "work", "kept"), CASES, ids=[c[0] for c in CASES])
def test_work_and_kept(
    kind: str, stated: dict[str, Value], work: int, kept: tuple[int, int]
) -> None:
    held = {"state_dtype": "float32", **stated}
    block = Block(kind, "mixer", {name: fact(value) for name, value in held.items()})
    found = MECHANISMS[kind].kept(block)
    assert MECHANISMS[kind].work(block, POSITION) == work
    constant = sum(bytes_of(elements, dtype) for elements, dtype in found.states)
    assert (found.growing, constant) == kept


def test_an_indexer_whose_heads_have_weights_adds_a_product_a_head() -> None:
    weights = Block("linear", "weights_proj", roles=("head_weight",))
    block = Block("indexer", "indexer", {"heads": fact(3), "head_dim": fact(5)}, inside=(weights,))
    assert MECHANISMS["indexer"].work(block, POSITION) == 3 * (5 + 1) * POSITION


def test_a_mixer_that_reads_the_token_before_keeps_it() -> None:
    """Its input, three numbers of 16 bits, beside three sums for each of six channels."""
    held = {"state_dtype": fact("float32"), "inner": fact(6), "width": fact(3)}
    share = Tensor("time_mix_key", (1, 1, 3), role="key_mix")
    kept = MECHANISMS["rwkv"].kept(Block("rwkv", "mixer", held, (share,)))
    assert kept.states == ((3 * 6, "float32"), (3, "bf16"))
