"""MiniCPM4's attention: of a long text it reads the first blocks, the last, and those whose mean keys score best."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Architecture, layers, mixer
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.attended import all_tokens, attended, means
from llm_gallery.recognition import describe
from tests.truth.released import CONFIGS
from tools.digests import described

SMALL: dict[str, Any] = {
    "model_type": "minicpm", "vocab_size": 90, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 65536,
}  # fmt: skip


def made(**said: Any) -> Architecture:
    return describe({**SMALL, "sparse_config": said})


def attention(**said: Any) -> Any:
    return mixer(layers(made(**said).root)[0])


def test_a_text_is_read_whole_until_it_is_long() -> None:
    block = attention()
    assert [attended(block, at) for at in (1, 6200, 8191)] == [1, 6200, 8191]
    assert means(block, 8191) == 0
    # 64 chosen and the last 32 blocks of 64; the own one, the last, is full at the first place and new at the next
    assert [attended(block, at) for at in (8192, 8193, 65536)] == [96 * 64, 95 * 64 + 1, 96 * 64]
    assert means(block, 8192) == ((8192 - 32) // 16 + 1) + ((8192 - 128) // 64 + 1)


def test_minus_one_always_chooses() -> None:
    block = attention(
        dense_len=-1,
        block_size=4,
        window_size=12,
        topk=2,
        init_blocks=1,
        kernel_size=2,
        kernel_stride=1,
    )
    assert [attended(block, at) for at in (1, 20, 21, 24, 25)] == [1, 20, 17, 20, 17]


def test_it_stores_and_keeps_what_it_would_without() -> None:
    plain = describe(SMALL)
    assert described(made().root) == described(plain.root)
    assert cache(made().root).at(10000) == cache(plain.root).at(10000)
    block = attention()
    assert "block-sparse-attention" in concepts_of(block)
    assert "sparse-attention" not in concepts_of(block)
    assert all_tokens(block) == mixer(layers(plain.root)[0])


SALA = CONFIGS["minicpm-sala-9b"]


def test_sala_chooses_without_positions_and_fades_alike_in_all_layers() -> None:
    sparse, lightning = (mixer(layers(describe(SALA).root)[layer]) for layer in (0, 1))
    assert sparse is not None
    assert lightning is not None
    assert (sparse.value("position"), sparse.value("gate")) == ("none", "sigmoid")
    assert sparse.value("sparse_from") == 8192
    assert lightning.kind == "lightning_attention"
    assert lightning.settings["rates"] == "alibi in all layers"
    assert cache(describe(SALA).root).at(1000) == 8 * 1024 * 1000 + 24 * 32 * 128 * 128 * 4


@pytest.mark.parametrize(
    ("key", "value"),
    [("lightning_nkv", 2), ("lightning_head_dim", 64), ("head_dim", 64), ("lightning_nh", 16)],
)
def test_sala_of_other_heads_is_refused(key: str, value: int) -> None:
    with pytest.raises(Refusal, match=f"{key} is {value}, expected "):
        describe({**SALA, key: value})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"use_nope": True}, "sparse_config.use_nope is true, expected false"),
        ({"window_size": 100}, "sparse_config.window_size is 100, expected a multiple of sparse_config.block_size"),
        ({"init_blocks": 64}, r"sparse_config.init_blocks \+ 1 is 65, expected at most sparse_config.topk"),
        ({"kernel_size": 48}, r"sparse_config.kernel_size is 48, expected 2 x sparse_config.kernel_stride \(32\)"),
        ({"window_size": 128}, r"4 x \(.*kernel_size .*\) is 192, expected at most sparse_config.window_size \(128\)"),
        ({"block_size": 8}, "sparse_config.block_size is 8, expected a multiple of sparse_config.kernel_stride"),
        ({"kernel_size": 0}, "sparse_config.kernel_size is 0, expected 1 to"),
    ],
)  # fmt: skip
def test_what_nobody_has_read_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        made(**said)
