"""Latent attention: what is kept, what is rebuilt, and the plain path of uncompressed queries."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    LatentHeads,
    Positions,
    gated_norm,
    latent_attention,
    linear,
)
from tests.figure.internals.seen import seen


def block(
    query_rank: int | None = 1536, positions: Positions | None = None, gate: Block | None = None
) -> Block:
    """DeepSeek V3's."""
    return latent_attention(
        "self_attn",
        width=7168,
        heads=LatentHeads(128, 128, 64, 128),
        query_rank=query_rank,
        kv_rank=512,
        positions=positions or Positions(kind="rope", base=10_000.0),
        gate=gate,
    )


def test_compressed_queries() -> None:
    drawn = seen((block(), 61), where="in all 61 layers")
    assert drawn.inset.note == "in all 61 layers"
    down, norm, up = (
        drawn.box(words) for words in ("7,168 → 1,536", "RMSNorm", "1,536 → 128 × 192")
    )
    assert (down.form, up.form) == ("narrowing", "widening")
    assert drawn.feeds(down, norm)
    assert drawn.feeds(norm, up)


def test_uncompressed_queries() -> None:
    drawn = seen((block(query_rank=None), 1))
    assert drawn.count("q 7,168 → 128 × 192") == 1
    assert drawn.count("RMSNorm") == 1


def test_keys_and_values_come_out_of_the_latent() -> None:
    drawn = seen((block(), 1))
    assert drawn.feeds(drawn.box("7,168 → 512"), drawn.box("RMSNorm", 1))
    assert drawn.feeds(drawn.box("RMSNorm", 1), drawn.box("512 → 128 × 256"))
    softmax = drawn.box("softmax( (q kT + qr kr T) / √192 ) v")
    up = drawn.box("512 → 128 × 256")
    assert (
        sum(drawn.feeds(box, softmax) for box in (up, drawn.box("RoPE"), drawn.box("RoPE", 1))) == 3
    )
    assert drawn.feeds(softmax, drawn.box("16,384 → 7,168"))


def test_a_gate_is_times_what_the_heads_give() -> None:
    gate = linear("g_proj", 7168, 128 * 128, role="gate")
    drawn = seen((block(gate=gate), 1))
    (times,), activation = drawn.operations(), drawn.box("sigmoid")
    softmax = drawn.box("softmax( (q kT + qr kr T) / √192 ) v")
    assert drawn.feeds(drawn.box("gate"), activation)
    assert drawn.feeds(softmax, times)
    assert drawn.feeds(activation, times)
    assert drawn.feeds(times, drawn.box("16,384 → 7,168"))


def test_norms_of_the_latents_say_that_they_are_gated() -> None:
    made = block()
    names = ("gate_up_projection", "gate_down_projection")
    inside = (
        gated_norm(part, 16, names, scale=2.0) if part.is_norm else part for part in made.inside
    )
    drawn = seen((replace(made, inside=tuple(inside)), 1))
    assert drawn.count("gated RMSNorm") == 2


def test_the_latent_and_the_shared_key_are_what_is_kept() -> None:
    drawn = seen((block(), 1))
    assert drawn.drums() == 2
    assert "512 kept" in drawn.words


def test_no_rotation() -> None:
    drawn = seen((block(positions=NO_POSITION), 1))
    assert drawn.count("RoPE") == 0
    assert "no positions" in drawn.inset.note


def test_savings_where_there_is_room() -> None:
    drawn = seen((block(), 1), width=856)
    for words in ("1,152 B", "512 + 64 numbers", "81,920 B", "71 × less"):
        assert words in drawn.words
    assert "71 × less" not in seen((block(), 1)).words
