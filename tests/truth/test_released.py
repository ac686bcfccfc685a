"""Releases that the catalog doesn't hold are counted to the last parameter, every key of theirs is read, and all is said of them."""

from __future__ import annotations

import re

import pytest

from llm_gallery import Refusal, figure, run
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors, walk
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import proof
from llm_gallery.running.random_weights import RandomWeights
from tests.truth.released import CONFIGS, RELEASED

WIDE, QUERIES = 7168, 64 * 256
TOTALS = {
    # As others counted the checkpoint: https://github.com/MrYxJ/calculate-flops.pytorch/blob/main/README.md
    "qwen-7b-2023-09": 7_721_324_544,
    # The same in MTEB's list: https://github.com/embeddings-benchmark/mteb (openbmb/MiniCPM-Embedding)
    "minicpm-2b": 2_724_880_896,
    # Qwen2.5 7B's, from which it was trained on: https://huggingface.co/Qwen/Qwen2.5-7B
    "dream-7b": 7_615_616_512,
    # Qwen2 7B's, and a second table; with the tower below it is what its checkpoint's index counts.
    "molmo-7b-d": 7_615_616_512 + 128 * 3584,
    # OLMoE's, https://huggingface.co/allenai/OLMoE-1B-7B-0924, and a second table.
    "molmoe-1b": 6_919_161_856 + 128 * 2048,
    # The Hub's record, 15,960,111,936, less 64 angles of each of 27 layers' rotations.
    "moonlight-16b-a3b": 15_960_111_936 - 27 * 64,
    # By hand.
    "finch-7b": 2 * 65536 * 4096
    + 4 * 4096
    + 32
    * (
        5 * 4096**2  # receptance, key, value, gate, output
        + 10 * 64 * 4096  # to the shares of two tokens, and from them
        + 2 * 128 * 4096  # to the decay
        + (6 + 1 + 1 + 2) * 4096  # mixes, decay, bonus, norm of heads
        + (2 * 14336 + 4096 + 2) * 4096  # channel mixing
        + 4 * 4096
    ),
    "delta-net-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, key, value, output
        + 16 * 2048  # beta
        + 4 * 3 * 2048  # convolutions
        + 128  # norm of heads
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "forgetting-transformer-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, key, value, output
        + 32 * (2048 + 1)  # forgetting
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "gsa-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, key, value, output
        + 2048 * 4 * 64  # forgetting
        + 2048  # norm
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "lightnet-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, key, value, output
        + 2 * 128 * 2048  # gate
        + 2048  # norm
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "hgrn-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # input, forgetting, gate, output
        + 2048  # norm
        + 2048  # floors
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "hgrn2-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, forgetting, input, output
        + 2048  # norm
        + 2048  # floors
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "retnet-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        2 * 2048**2  # query, key
        + 3 * 2048 * 4096  # value, gate, output
        + 512  # norm of heads
        + 3 * 2048 * 2816
        + 2 * 2048
    ),
    "fla-transformer-340m": 32000 * 1024 + 1024 + 24 * (4 * 1024**2 + 3 * 1024 * 2816 + 2 * 1024),
    "gated-deltanet-1.3b": 2 * 32000 * 2048
    + 2048
    + 21
    * (
        2 * 2048 * 1536  # query, key
        + 3 * 2048 * 3072  # value, gate, output
        + 2 * 6 * 2048
        + 2 * 6  # beta, alpha
        + 4 * (2 * 1536 + 3072)  # convolutions
        + 512  # norm of heads
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "gla-1.3b": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        2 * 2048 * 1024  # query, key
        + 3 * 2048**2  # value, gate, output
        + 16 * 2048
        + (16 + 1) * 1024  # decay
        + 512  # norm of heads
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "gla-7b": 2 * 32000 * 4096
    + 4096
    + 32
    * (
        2 * 4096**2  # query, output
        + 2 * 4096 * 1024  # key, value
        + 16 * 4096
        + (16 + 1) * 1024  # decay
        + 128  # norm of heads
        + 3 * 4096 * 14336
        + 2 * 4096
    ),
    "internlm-7b": 2 * 103168 * 4096
    + 4096
    + 32 * (4 * (4096**2 + 4096) + 3 * 4096 * 11008 + 2 * 4096),
    "jais-13b": 84992 * 5120
    + 2 * 5120
    + 40 * ((5120 + 1) * 4 * 5120 + (5120 + 1) * 2 * 13653 + (13653 + 1) * 5120 + 4 * 5120),
    "kda-default": 2 * 32000 * 2048
    + 2048
    + 24
    * (
        4 * 2048**2  # query, key, value, output
        + 2 * (2 * 128 * 2048)  # decay, gate
        + 2 * 2048  # bias of the steps, of the gate
        + 16 * 2048  # beta
        + 16  # rates
        + 4 * 3 * 2048  # convolutions
        + 128  # norm of heads
        + 3 * 2048 * 5632
        + 2 * 2048
    ),
    "klear-46b": 2 * 151936 * 2048
    + 2048
    + 32 * (2 * 2048**2 + 2 * 2048 * 256 + 2 * 64 + 2 * 2048)
    + 32 * (257 * 3 * 2048 * 896 + 256 * 2048 + 256 + 2 * 2048 + 2),
    "llada-8b": 2 * 126464 * 4096 + 4096 + 32 * (4 * 4096**2 + 3 * 4096 * 12288 + 2 * 4096),
    "mimo-7b": 2 * 151680 * 4096
    + 4096
    + 36 * (2 * 4096**2 + 2 * 4096 * 1024 + 4096 + 2 * 1024 + 3 * 4096 * 11008 + 2 * 4096),
    "nemotron-super-49b": 2 * 128256 * 8192
    + 8192
    + 49 * (2 * 8192**2 + 2 * 8192 * 1024 + 8192)
    + 80 * 8192
    + 3 * 8192 * (49 * 28672 + 17920 + 6 * 14336 + 10 * 7168 + 8 * 5632 + 6 * 2816),
    # By hand: heads are 64 channels wide, and an MLP's width is rounded to whole 256.
    "openelm-1.1b": 32000 * 2048
    + 2048
    + 28 * (2 * 2048 + 2 * 64)  # norms
    + 2048 * 64 * (5 * (3 * 16 + 7 * 20 + 8 * 24 + 6 * 28 + 4 * 32) // 2)  # q, k, v, output
    + 3 * 2048 * 256 * (4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 18)
    + 3 * 2048 * 256 * (18 + 20 + 21 + 22 + 23 + 24 + 25 + 26 + 27 + 28 + 29 + 30 + 31 + 32),
    "phi-3-small-8k": 100352 * 4096
    + 2 * 4096
    + 32 * ((4096 + 1) * (4096 + 2048) + (4096 + 1) * 4096 + 4 * 4096)
    + 32 * ((4096 + 1) * 28672 + (14336 + 1) * 4096),
    "plamo-13b": 2 * 50432 * 5120
    + 5120
    + 40 * (2 * 5120**2 + 2 * 5120 * 640 + 3 * 5120 * 16640 + 5120),
    # By hand; its seven files hold 4.06 GB of state spaces and MLPs, 285 MB of attention and 819 MB of the table.
    "plamo-2-1b": 100000 * 2048
    + 2048
    + 16 * (3 * 2048 * 8192 + 4 * 2048)
    + 8 * (2 * 2048**2 + 2 * 2048 * 128 + (16 + 1) * 128)  # attention
    + 8
    * (
        3 * 2048 * 4096  # to gate and x, back
        + 4 * 4096  # convolution
        + (128 + 2 * 64) * 4096  # to step, B, C
        + (128 + 3) * 32  # steps and their bias, decay, skip
        + (128 + 2 * 64)  # norms
    ),
    "rugpt3xl": (50264 + 2048) * 2048
    + 2 * 2048
    + 24 * (4 * (2048 + 1) * 2048 + (2048 + 1) * 8192 + (8192 + 1) * 2048 + 4 * 2048),
    "samba-1.3b": 2 * 32000 * 2304
    + 2304
    + 18 * (3 * 2304 * 6144 + 2 * 2304)
    + 9 * 4 * 2304**2  # attention
    + 9
    * (
        3 * 2304 * 4608  # to x and gate, back
        + 5 * 4608  # convolution
        + (144 + 2 * 16) * 4608  # to step, B, C
        + (144 + 1) * 4608  # step
        + (16 + 1) * 4608  # decay, skip
    ),
    "snowflake-arctic": 2 * 32000 * WIDE
    + WIDE
    + 35
    * (2 * WIDE**2 + 2 * WIDE * 1024 + 3 * WIDE**2 + 128 * (WIDE + 3 * WIDE * 4864) + 3 * WIDE),
    "step-3": 2 * 128815 * WIDE
    + WIDE
    + 61 * (WIDE * 2048 + 2048 + 2048 * QUERIES + 2 * WIDE * 256 + QUERIES * WIDE + 2 * WIDE)
    + 5 * 3 * WIDE * 18432
    + 56 * (48 * WIDE + 49 * 3 * WIDE * 5120),
    # Half the bytes that the index of its checkpoint states, as that of the 12B.
    "telechat-7b": 14_400_036_864 // 2,
    "telechat-12b-v2": 24_772_864_000 // 2,
    # By hand, from the stated sizes: 113.3 billion, which its name rounds up.
    "telechat2-115b": 2 * 131072 * 8192
    + 8192
    + 96 * (2 * 8192**2 + 2 * 8192 * 1024 + 8192 + 3 * 8192 * 40960 + 8192 + 2 * 8192),
    "telechat3-36b": 2 * 131072 * 6144
    + 6144
    + 64 * (2 * 6144**2 + 2 * 6144 * 1024 + 3 * 6144 * 24576 + 2 * 6144),
    "xverse-13b": 2 * 100278 * 5120 + 5120 + 40 * (4 * 5120**2 + 3 * 5120 * 13824 + 2 * 5120),
    "yuan2-2b": 135040 * 2048
    + 2048
    + 24 * (4 * 2048**2 + 4 * 2048 * 1024 + 1024 + 2 * 2048 + 3 * 2048 * 8192 + 2 * 2048),
    "yuan2-m32": 135040 * 2048
    + 2048
    + 24 * (4 * 2048 * 4096 + 4 * 2048 * 1024 + 1024 + 2 * 2048 + 2 * 2048)
    + 24 * (3 * 32 * 2048 + 32 * 3 * 2048 * 8192),
}
# https://github.com/xverse-ai/XVERSE-MoE-A4.2B/blob/main/README_EN.md
XVERSE_MOE = {
    "num_hidden_layers": 28, "hidden_size": 2560, "num_attention_heads": 32, "intermediate_size": 1728,
    "num_experts": 64, "num_shared_experts": 2, "moe_top_k": 6,
}  # fmt: skip
BIDIRECTIONAL = ("dream-7b", "llada-8b")


def test_a_mixture_of_xverse_comes_out_as_its_authors_round_it() -> None:
    found = parameters(describe({**RELEASED["xverse-13b"], **XVERSE_MOE}).root)
    assert (round(found.total / 1e9, 1), round(found.active / 1e9, 1)) == (25.8, 4.2)


def test_molmo_is_counted_with_its_tower() -> None:
    """As model.safetensors.index.json says of https://github.com/reubzdubz/Molmo7B_D_NF4Quant: `total_parameters`.

    Both have the same tower, and MolmoE's is projected to a narrower stream by fewer channels.
    """
    first, second = (
        sum(tensor.elements for tensor in tensors(describe(RELEASED[name]).root)) - TOTALS[name]
        for name in ("molmo-7b-d", "molmoe-1b")
    )
    assert first + TOTALS["molmo-7b-d"] == 8_021_025_280
    assert describe(RELEASED["molmoe-1b"]).warnings == ()  # it is no other's name
    assert first - second == 18944 * (2 * 1024 + 3584) - 1024 * (2 * 1024 + 2048)


def test_yuans_mixture_comes_out_as_its_authors_round_it() -> None:
    """https://github.com/IEIT-Yuan/Yuan2.0-M32/blob/main/README.md"""
    found = parameters(describe(RELEASED["yuan2-m32"]).root)
    assert (round(found.total / 1e9), round(found.active / 1e9, 1)) == (40, 3.7)


# https://g42.ai/resources/publications/Jais-30B
JAIS_30B = {"n_layer": 48, "n_head": 56, "n_embd": 7168, "n_inner": 8 * 7168 // 3}
# https://github.com/Tele-AI/TeleChat3/blob/main/README.md, https://arxiv.org/abs/2404.14619
NAMED = {
    "jais-13b": (13, 13), "klear-46b": (46, 2.5), "openelm-1.1b": (1.1, 1.1), "plamo-13b": (13, 13),
    "rugpt3xl": (1.3, 1.3), "telechat3-36b": (36, 36),
}  # fmt: skip
"""Billions of parameters, stored and active, by their makers' names."""


@pytest.mark.parametrize("name", NAMED)
def test_it_has_as_many_parameters_as_its_name_says(name: str) -> None:
    found = parameters(describe(RELEASED[name]).root)
    digits = [0 if isinstance(told, int) else 1 for told in NAMED[name]]
    made = [round(n / 1e9, d) for n, d in zip((found.total, found.active), digits, strict=True)]
    assert tuple(made) == NAMED[name]


def test_jais_30b_comes_out_at_its_name_too() -> None:
    assert round(parameters(describe({**RELEASED["jais-13b"], **JAIS_30B}).root).total / 1e9) == 30


@pytest.mark.parametrize(
    "also", [{"rotary_base": 1e6}, {"num_key_value_heads": 8}], ids=["base", "keys"]
)
def test_a_later_yuan_of_the_same_type_is_refused(also: dict[str, float]) -> None:
    with pytest.raises(Refusal, match=r"of a class after Yuan 2's"):
        describe({**RELEASED["yuan2-2b"], **also})


def test_all_are_counted() -> None:
    assert {*TOTALS} >= {*RELEASED}


@pytest.mark.parametrize("name", TOTALS)
def test_is_counted_and_read_whole(name: str) -> None:
    described = describe(CONFIGS[name])
    assert parameters(described.root).total == TOTALS[name]
    assert described.unread == ()
    assert not any("class" in line or "architectures" in line for line in described.warnings)


@pytest.mark.whole
@pytest.mark.parametrize("name", RELEASED)
def test_is_drawn(name: str) -> None:
    drawn = re.sub(r"<[^>]*>", "", figure(dict(RELEASED[name])).svg)
    assert ("nothing is kept between tokens" in drawn) == (name in BIDIRECTIONAL)


@pytest.mark.parametrize("name", BIDIRECTIONAL)
def test_what_sees_later_tokens_keeps_nothing_and_goes_on_from_nothing(name: str) -> None:
    described = describe(miniature(CONFIGS[name]))
    assert cache(described.root).at(4096) == 0
    weights = RandomWeights(described.root)
    scores, past = run(described, weights, [1, 2, 3])
    other, _ = run(described, weights, [1, 2, 4])
    assert past.numbers == 0
    assert abs(scores - other)[:2].max() > 0.01  # the first two see the third
    with pytest.raises(Refusal, match="3 tokens went before, .* give the whole text"):
        run(described, weights, [4], past)


@pytest.mark.truth
@pytest.mark.parametrize(("name", "theirs"), [("dream-7b", "qwen2"), ("llada-8b", "llama")])
def test_what_sees_later_tokens_stores_what_its_parent_does(name: str, theirs: str) -> None:
    from tools import reference

    raw = miniature(CONFIGS[name])
    if theirs == "llama":
        names = {
            "d_model": "hidden_size", "mlp_hidden_size": "intermediate_size", "n_layers": "num_hidden_layers",
            "n_heads": "num_attention_heads", "n_kv_heads": "num_key_value_heads",
            "max_sequence_length": "max_position_embeddings", "vocab_size": "vocab_size",
        }  # fmt: skip
        raw = {new: raw[old] for old, new in names.items()}
    built = reference.model({**raw, "model_type": theirs, "tie_word_embeddings": False})
    stored = {n: tuple(shape) for n, shape in reference.stored(built).parameters.items()}
    if theirs == "llama":
        renamed = {
            "model.layers": "model.transformer.blocks", "self_attn.o_proj": "attn_out", "self_attn.": "",
            "mlp.gate_proj": "ff_proj", "mlp.up_proj": "up_proj", "mlp.down_proj": "ff_out",
            "input_layernorm": "attn_norm", "post_attention_layernorm": "ff_norm",
            "model.embed_tokens": "model.transformer.wte", "model.norm": "model.transformer.ln_f",
            "lm_head": "model.transformer.ff_out",
        }  # fmt: skip
        for old, new in renamed.items():
            stored = {n.replace(old, new): shape for n, shape in stored.items()}
    ours = {t.name: t.shape for t in tensors(describe(miniature(CONFIGS[name])).root)}
    assert ours == stored


def test_the_base_of_telechat_grows_as_its_texts_became_longer() -> None:
    def base(name: str, **also: int) -> tuple[object, ...]:
        raw = {**RELEASED[name], **also}
        blocks = [block for _, block in walk(describe(raw).root) if block.kind == "attention"]
        (told,) = {(block.value("rope_base"), block.value("rope_scaling")) for block in blocks}
        return told

    assert base("telechat-7b") == (10000 * 3 ** (128 / 126), None)  # from 4,096, which no key says
    assert base("telechat-12b-v2") == (10000, None)  # its class counts from 8,192
    assert base("telechat-12b-v2", training_seqlen=9000) == (10000 * 3 ** (160 / 158), None)
    assert base("telechat2-115b", base_seqlen=2048) == (10000 * 7 ** (128 / 126), None)
    assert base("telechat2-115b", seq_length=32768) == (10000, "dynamic")


def test_qwen_beyond_the_length_of_its_training_is_said_to_stretch_and_does_not_run() -> None:
    raw = {**RELEASED["qwen-7b-2023-09"], "seq_length": 2048}
    blocks = [block for _, block in walk(describe(raw).root) if block.kind == "attention"]
    told = {(block.value("rope_scaling"), block.value("original_context")) for block in blocks}
    assert told == {("dynamic", 2048)}
    with pytest.raises(Refusal, match="rope_scaling is 'dynamic'"):
        proof(raw)
