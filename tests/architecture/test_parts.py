"""Parts by hand: every shape of each mixer and MLP, counted on paper."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, tensors
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    Heads,
    LatentHeads,
    attention,
    gated_deltanet,
    gated_mlp,
    latent_attention,
    layer_norm,
    linear,
    mamba2,
    mixture_of_experts,
    plain_mlp,
    router,
    stacked_experts,
)


def shapes(block: Block) -> dict[str, tuple[int, ...]]:
    return {t.name: t.shape for t in tensors(block)}


def test_linear_is_stored_outputs_first_unless_transposed() -> None:
    assert shapes(linear("a", 3, 5, bias=True)) == {"a.weight": (5, 3), "a.bias": (5,)}
    assert shapes(linear("a", 3, 5, transposed=True)) == {"a.weight": (3, 5)}


def test_layer_norm_may_lack_its_shift() -> None:
    assert shapes(layer_norm("n", 4)) == {"n.weight": (4,), "n.bias": (4,)}
    assert shapes(layer_norm("n", 4, bias=False)) == {"n.weight": (4,)}


def test_latent_attention_with_and_without_compressed_queries() -> None:
    def latent(query_rank: int | None, bias: bool) -> Block:
        return latent_attention(
            "a",
            width=8,
            heads=LatentHeads(2, 3, 2, 4),
            query_rank=query_rank,
            kv_rank=6,
            positions=NO_POSITION,
            bias=bias,
        )

    assert shapes(latent(5, bias=True)) == {
        "a.q_a_proj.weight": (5, 8),
        "a.q_a_proj.bias": (5,),
        "a.q_a_layernorm.weight": (5,),
        "a.q_b_proj.weight": (10, 5),
        "a.kv_a_proj_with_mqa.weight": (8, 8),
        "a.kv_a_proj_with_mqa.bias": (8,),
        "a.kv_a_layernorm.weight": (6,),
        "a.kv_b_proj.weight": (14, 6),
        "a.o_proj.weight": (8, 8),
        "a.o_proj.bias": (8,),
    }
    plain = latent(None, bias=False)
    assert shapes(plain)["a.q_proj.weight"] == (10, 8)
    assert "query_rank" not in plain.facts


def test_gated_deltanet() -> None:
    block = gated_deltanet(
        "d", width=8, key_heads=2, value_heads=4, key_dim=3, value_dim=5, taps=4, activation="silu"
    )
    assert shapes(block) == {
        "d.dt_bias": (4,),
        "d.A_log": (4,),
        "d.in_proj_qkvz.weight": (2 * 6 + 2 * 20, 8),
        "d.in_proj_ba.weight": (8, 8),
        "d.conv1d.weight": (2 * 6 + 20, 1, 4),
        "d.norm.weight": (5,),
        "d.out_proj.weight": (8, 20),
    }


def test_mamba2() -> None:
    block = mamba2(
        "m", width=8, heads=4, head_dim=3, state_dim=5, groups=2, convolved=Convolved(4, "silu")
    )
    assert shapes(block) == {
        "m.dt_bias": (4,),
        "m.A_log": (4,),
        "m.D": (4,),
        "m.in_proj.weight": (12 + 12 + 2 * 2 * 5 + 4, 8),
        "m.conv1d.weight": (12 + 2 * 2 * 5, 1, 4),
        "m.conv1d.bias": (12 + 2 * 2 * 5,),
        "m.norm.weight": (12,),
        "m.out_proj.weight": (8, 12),
    }


def test_mlps() -> None:
    fused = gated_mlp("m", width=8, inner=3, activation="silu", fused=True, bias=True)
    assert shapes(fused) == {
        "m.gate_up_proj.weight": (6, 8),
        "m.gate_up_proj.bias": (6,),
        "m.down_proj.weight": (8, 3),
        "m.down_proj.bias": (8,),
    }
    plain = plain_mlp("m", width=8, inner=3, activation="relu2")
    assert shapes(plain) == {"m.up_proj.weight": (3, 8), "m.down_proj.weight": (8, 3)}


def test_sinks_are_one_number_a_query_head() -> None:
    block = attention("a", heads=Heads(4, 2, 3), positions=NO_POSITION, inside=(), sinks=True)
    assert shapes(block) == {"a.sinks": (4,)}
    assert (block.value("sinks"), block.value("scale_dim")) == (True, 3)


def test_router_says_whether_a_correction_is_stored() -> None:
    def mixture(scores: Block) -> Block:
        inner = stacked_experts("e", stored=4, used=2, width=8, inner=3, activation="silu")
        return mixture_of_experts("moe", router=scores, experts=inner, scoring="sigmoid")

    corrected = mixture(router("gate", width=8, experts=4, correction="balance"))
    assert shapes(corrected)["moe.gate.balance"] == (4,)
    assert corrected.value("correction") is True
    biased = mixture(router("gate", width=8, experts=4, bias=True))
    assert biased.value("correction") is None
    assert (biased.value("shared"), biased.value("experts"), biased.value("inner")) == (0, 4, 3)
