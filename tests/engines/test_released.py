"""The tensors of releases: published bytes, sums over the catalog, who holds which, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm_gallery import Refusal
from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.accuracy import published
from llm_gallery.catalog.load import model
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.released import (
    NUMBERS,
    absorbed,
    release,
    released,
    released_dtypes,
    stored,
)
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.weight_format import released_format
from llm_gallery.sources.checkpoint import read
from tests.checkpoint_headers import Tensors, described, folder
from tests.odd_values import ODD
from tests.sample import models

FP8 = {"quant_method": "fp8", "weight_block_size": [128, 128]}
COMPRESSED = {"quant_method": "compressed-tensors", "ignore": ["lm_head"]}
UNKNOWN = ("bitnet-b1.58-2b-4t",)


def subject(name: str, **config: Any) -> Subject:
    """A model of the catalog, with other keys in its config."""
    found = model(name)
    return Subject(found.name, found.architecture, {**found.config, **config})


def packed(name: str, **said: Any) -> Subject:
    """A model of the catalog as if it were released packed."""
    return subject(name, quantization_config=said)


def of(asked: Subject) -> list[Loaded]:
    """All its tensors, as they are loaded."""
    return [held for held, _ in stored(asked, released_dtypes(asked)[0])]


def size(asked: Subject) -> int:
    return sum(tensor.bytes for tensor in of(asked))


def by_name(asked: Subject) -> Mapping[str, Loaded]:
    return {tensor.name: tensor for tensor in of(asked)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("gpt-oss-20b", 13_761_264_768), ("gpt-oss-120b", 65_248_815_744)],
)
def test_bytes_are_those_of_the_published_index(name: str, expected: int) -> None:
    assert size(subject(name)) == expected


NORMS = 2 * 7168 + 1536 + 512  # of a layer: two of the stream, two of latents


@pytest.mark.parametrize(
    ("name", "half", "single"),
    [
        # embedding, head and those of the prediction module; its join; norms; routers
        ("deepseek-v3", 4 * 129280 * 7168 + 2 * 7168 * 7168 + 62 * NORMS + 4 * 7168 + 59 * 256 * 7168, 59 * 256),
        ("kimi-k2", 2 * 163840 * 7168 + 61 * NORMS + 7168 + 60 * 384 * 7168, 60 * 384),
        ("minimax-m2.5", 2 * 200064 * 3072 + 62 * (2 * 3072 + 48 * 128 + 8 * 128) + 3072, 62 * 256 * 3073),
    ],
)  # fmt: skip
def test_bytes_follow_from_the_published_count_of_numbers(
    name: str, half: int, single: int
) -> None:
    """All but those numbers are of 8 bits, or scales of 32; the count to the last one is published."""
    row = published()[name]
    elements = row["elements"] - row.get("unexplained", {}).get("elements", 0)
    counted = parameters(model(name).architecture.root)
    scales = elements - counted.total - counted.multi_token_prediction
    assert size(subject(name)) == elements + half + 3 * (single + scales)


@pytest.mark.parametrize("name", models())
def test_every_number_is_counted_once(name: str) -> None:
    asked = subject(name)
    if name in UNKNOWN:
        with pytest.raises(Refusal):
            released_dtypes(asked)
        return
    counted = parameters(asked.root)
    held = counted.total + counted.other_modalities
    (dtype,) = released_dtypes(asked)
    assert dtype == (released_format(asked.config) or "bf16").replace("fp32", "bf16") or (
        dtype == "fp16" and asked.config["torch_dtype"] == "float16"
    )
    total = sum(tensor.bytes for tensor in released(asked, dtype))
    if dtype in ("bf16", "fp16"):
        assert total == 2 * held
        assert size(asked) == 2 * (held + counted.multi_token_prediction)
    else:
        assert held // 2 < total < 2 * held
    for tensor in released(asked, dtype):
        assert 0 <= tensor.used <= tensor.copies
        assert tensor.bytes % tensor.copies == 0
        assert (tensor.share == "pairs") == bool(tensor.pairs)
        assert not tensor.vocabulary or tensor.bytes % tensor.vocabulary == 0


@pytest.mark.parametrize("name", models())
def test_bytes_of_a_release_are_those_of_its_tensors(name: str) -> None:
    """By the number of the facts that counts each; no packing is guessed."""
    asked = subject(name)
    found, counted = release(asked), parameters(asked.root)
    if name in UNKNOWN:
        assert (found.packed, found.format, found.bytes) == (True, "bitnet", None)
        return
    assert found.bytes is not None
    if not found.packed:
        each = 4 if found.format == "fp32" else 2
        assert found.bytes == {key: each * getattr(counted, key) for key in NUMBERS}
        return
    held = {key: counted_in(asked, key) for key in NUMBERS}
    assert found == (released_format(asked.config), held)
    assert sum(held.values()) == size(asked)


def counted_in(asked: Subject, number: str) -> int:
    return sum(
        held.bytes for held, kind in stored(asked, released_dtypes(asked)[0]) if kind == number
    )


def test_a_packing_that_isnt_known_is_named_and_has_no_bytes() -> None:
    experts = subject("deepseek-v4-flash", quantization_config=None)
    assert release(experts) == ("mxfp4", None)  # what the rest is packed in isn't said
    assert release(packed("llama-3.2-1b", quant_method="bitsandbytes")) == ("int8", None)
    assert release(packed("llama-3.2-1b", quant_method="vq\u202e")) == (r"vq\u202e", None)
    assert release(packed("llama-3.2-1b", quant_method=None)).bytes is None


LAYER = "model.layers.3."
SHARES = {
    "input_layernorm.weight": "whole",
    "self_attn.q_a_proj.weight": "whole",
    "self_attn.q_a_layernorm.weight": "whole",
    "self_attn.q_b_proj.weight": "divided",
    "self_attn.kv_a_proj_with_mqa.weight": "whole",
    "self_attn.kv_a_layernorm.weight": "whole",
    "self_attn.kv_b_proj.weight": "divided",
    "self_attn.o_proj.weight": "divided",
    "post_attention_layernorm.weight": "whole",
    "mlp.gate.weight": "whole",
    "mlp.gate.e_score_correction_bias": "whole",
    "mlp.experts.*.gate_proj.weight": "experts",
    "mlp.experts.*.up_proj.weight": "experts",
    "mlp.experts.*.down_proj.weight": "experts",
    "mlp.shared_experts.gate_proj.weight": "shared",
    "mlp.shared_experts.up_proj.weight": "shared",
    "mlp.shared_experts.down_proj.weight": "shared",
}


def test_who_holds_a_layer_of_deepseek_v3() -> None:
    held = by_name(subject("deepseek-v3"))
    assert {
        n.removeprefix(LAYER): t.share for n, t in held.items() if n.startswith(LAYER)
    } == SHARES
    experts = held[f"{LAYER}mlp.experts.*.up_proj.weight"]
    assert (experts.copies, experts.used) == (256, 8)
    assert experts.bytes == 256 * (2048 * 7168 + 16 * 56 * 4)


def test_what_deepseek_v4_and_kimi_k3_pack() -> None:
    """Experts in 4 bits; of the rest of V4 most in 8, with scales of 8; what serves a mixer or routes in 16 or 32."""
    flash, third = by_name(subject("deepseek-v4-flash")), by_name(subject("kimi-k3"))
    layer, other = "layers.2.", "language_model.model.layers.5.block_sparse_moe."
    assert {
        "ffn.experts.*.w1.weight": 256 * 2048 * 128 * 17,
        "ffn.shared_experts.w1.weight": 2048 * 4096 + 16 * 32,
        "attn.wq_a.weight": 1024 * 4096 + 8 * 32,
        "attn.indexer.wq_b.weight": 8192 * 1024 + 64 * 8,
        "attn.indexer.weights_proj.weight": 64 * 4096 * 2,
        "attn.compressor.wkv.weight": 1024 * 4096 * 2,
        "ffn.gate.weight": 256 * 4096 * 2,
        "hc_attn_fn": 24 * 16384 * 4,
    }.items() <= {n.removeprefix(layer): t.bytes for n, t in flash.items()}.items()
    assert {
        "experts.*.w1.weight": 896 * 3072 * 112 * 17,
        "routed_expert_down_proj.weight": 3584 * 7168 * 2,
        "shared_experts.up_proj.weight": 6144 * 7168 * 2,
        "gate.weight": 896 * 7168 * 2,
        "gate.e_score_correction_bias": 896 * 4,
    }.items() <= {n.removeprefix(other): t.bytes for n, t in third.items()}.items()


def test_a_tower_is_packed_only_where_a_list_leaves_it_so() -> None:
    name, rows = "vision_tower.encoder.layers.0.mlp.fc1.weight", 4304 * 1152
    lists: list[list[str]] = [[], ["vision_tower"], ["lm_head"]]
    asked = [packed("gemma-3-27b", **FP8, modules_to_not_convert=kept) for kept in lists]
    sizes = [next(t.bytes for t in of(one) if t.name.endswith(name)) for one in asked]
    assert sizes == [2 * rows, 2 * rows, rows + 34 * 9 * 4]


def test_queries_are_divided_and_what_they_ask_is_of_pairs() -> None:
    held = [t for t in of(subject("phi-4")) if t.name == "model.layers.0.self_attn.qkv_proj.weight"]
    assert [(t.share, t.pairs, t.bytes) for t in held] == [
        ("pairs", 10, 2 * 10 * 128 * 5120 * 2),
        ("divided", 0, 40 * 128 * 5120 * 2),
    ]


def test_what_a_token_of_a_text_reads() -> None:
    unread = {
        name: {t.name.split(".")[0 if "tower" in t.name else -2] for t in of(subject(name)) if not t.read}
        for name in ("gpt2-xl", "llama-3.1-8b", "gemma-3-27b", "qwen3-0.6b", "gemma-3n-e2b")
    }  # fmt: skip
    assert unread == {
        "gpt2-xl": {"wpe"},
        "llama-3.1-8b": {"embed_tokens"},
        "gemma-3-27b": {"vision_tower", "multi_modal_projector", "mm_soft_emb_norm"},
        "qwen3-0.6b": set(),
        "gemma-3n-e2b": {
            "embed_tokens_per_layer",
            "model",
            "embedding",
            "embedding_projection",
            "hard_embedding_norm",
            "soft_embedding_norm",
        },  # the towers, and what joins them
    }


def test_modules_that_draft_arent_loaded_and_towers_are() -> None:
    assert not any("layers.61" in t.name for t in released(subject("deepseek-v3"), "fp8"))
    assert any("vision_tower" in t.name for t in released(subject("gemma-3-27b"), "bf16"))


def test_choices_that_may_run_no_expert_read_none() -> None:
    experts = [t for t in of(subject("longcat-flash-560b")) if t.share == "experts"]
    assert {(t.copies, t.used) for t in experts} == {(512, 0)}


def test_packed_maps_from_a_latent_are_held_in_16_bits_too() -> None:
    made = absorbed(subject("deepseek-v3"), "fp8")
    assert sum(tensor.bytes for tensor in made) == 61 * 32768 * 512 * 2
    assert {tensor.share for tensor in made} == {"divided"}
    assert not absorbed(subject("kimi-linear-48b-a3b"), "bf16")
    assert not absorbed(subject("kimi-k2.6"), "int4")  # its attention isn't packed


ROWS, COLUMNS = 2048, 2048
MATRIX = ROWS * COLUMNS


@pytest.mark.parametrize(
    ("said", "dtype", "expected"),
    [
        (FP8, "fp8", MATRIX + 16 * 16 * 4),
        ({"quant_method": "fp8", "weight_block_size": None}, "fp8", MATRIX + 4),
        ({"quant_method": "fp8", "activation_scheme": "static"}, "fp8", MATRIX + 8),
        ({**FP8, "modules_to_not_convert": ["q_proj"]}, "fp8", 2 * MATRIX),
        ({"quant_method": "fbgemm_fp8"}, "fp8", MATRIX + ROWS * 4 + 4),
        ({"quant_method": "mxfp4"}, "mxfp4", 2 * MATRIX),
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, "int4", MATRIX // 2 + MATRIX // 128 * 5 // 2),
        ({"quant_method": "gptq", "bits": 4, "group_size": -1}, "int4", MATRIX // 2 + ROWS * 5 // 2 + COLUMNS * 4),
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, "fp8", MATRIX + 8),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "nvfp4", MATRIX // 2 + MATRIX // 16 + 8),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["*self_attn*"]}, "nvfp4", 2 * MATRIX),
        ({"group_size": 64, "bits": 4}, "int4", MATRIX // 2 + MATRIX // 64 * 4),
        ({"group_size": 64, "bits": 4, "model.layers.0.self_attn.q_proj": False}, "int4", 2 * MATRIX),
        (
            {"group_size": 64, "bits": 4, "model.layers.0.self_attn.q_proj": {"group_size": 64, "bits": 8}},
            "int4", MATRIX + MATRIX // 64 * 4,
        ),
        (
            {**COMPRESSED, "format": "pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"], "weights": {
                "num_bits": 4, "strategy": "group", "group_size": 32, "symmetric": False}}}},
            "int4", MATRIX // 2 + MATRIX // 32 * 5 // 2 + 16,
        ),
        (
            {**COMPRESSED, "format": "float-quantized", "config_groups": {"group_0": {"weights": {
                "num_bits": 8, "strategy": "channel"}}}},
            "fp8", MATRIX + ROWS * 2,
        ),
        (
            {**COMPRESSED, "format": "nvfp4-pack-quantized", "config_groups": {
                "group_0": {"weights": {"num_bits": 4}},
                "group_1": {"targets": ["re:.*q_proj"], "format": "float-quantized", "weights": {
                    "num_bits": 8, "strategy": "tensor"}}}},
            "nvfp4", MATRIX + 2,
        ),
    ],
)  # fmt: skip
def test_a_matrix_as_its_config_packs_it(
    said: Mapping[str, Any], dtype: str, expected: int
) -> None:
    asked = packed("llama-3.2-1b", **said)
    assert released_dtypes(asked) == (dtype,)
    assert by_name(asked)["model.layers.0.self_attn.q_proj.weight"].bytes == expected
    assert by_name(asked)["model.norm.weight"].bytes == 2 * COLUMNS


def test_the_vocabulary_is_packed_by_mlx_and_by_nobody_else() -> None:
    rows = 128256 * 2048
    awq = packed("llama-3.2-1b", quant_method="awq", bits=4, group_size=128)
    mlx = packed("llama-3.2-1b", bits=4, group_size=64)
    sizes = [by_name(asked)["model.embed_tokens.weight"].bytes for asked in (awq, mlx)]
    assert sizes == [2 * rows, rows // 2 + rows // 64 * 4]


ADVICE = "give a folder of its files"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"quant_method": "bitnet"}, 'quant_method "bitnet", expected one of fp8, fbgemm_fp8, mxfp4, compressed-tensors, modelopt, awq, gptq, mlx'),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, 'quant_method "bitsandbytes", expected one of fp8, fbgemm_fp8, mxfp4, compressed-tensors, modelopt, awq, gptq, mlx'),
        ({"quant_method": "modelopt", "quant_algo": "MIXED"}, 'quant_algo "MIXED", expected one of FP8, NVFP4'),
        ({"quant_method": "fp8", "weight_block_size": [128]}, "weight_block_size a list of 1 value, expected one of [128, 128]"),
        ({"quant_method": "gptq", "bits": 4, "group_size": 128, "dynamic": {"a": 1}}, "dynamic an object with 1 key, expected one of none"),
        ({"quant_method": "compressed-tensors"}, "ignore null, expected one of a list of modules"),
        (COMPRESSED, "config_groups null, expected one of groups with weights"),
        ({**COMPRESSED, "format": "marlin-24", "config_groups": {"a": {"weights": {}}}}, 'format "marlin-24", expected one of float-quantized, int-quantized, naive-quantized, pack-quantized'),
        ({**COMPRESSED, "format": "int-quantized", "config_groups": {"a": {"weights": {"num_bits": 8}}}}, "strategy null, expected one of tensor, channel, group, block"),
        ({"bits": 4, "group_size": 64, "mode": "odd"}, 'mode "odd", expected one of affine, mxfp4, nvfp4, mxfp8'),
    ],
)  # fmt: skip
def test_what_isnt_known_is_refused(said: Mapping[str, Any], why: str) -> None:
    with pytest.raises(Refusal) as refused:
        released_dtypes(packed("llama-3.2-1b", **said))
    assert str(refused.value) == f"Llama 3.2 1B is packed with {why}; {ADVICE}"


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        released_dtypes(packed("llama-3.2-1b", quant_method="awq", bits="four", group_size=128))
    assert str(refused.value) == (
        'Llama 3.2 1B is packed with bits "four", expected a number; correct its config'
    )


def test_another_dtype_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        released(subject("deepseek-v3"), "bf16")
    assert str(refused.value) == (
        'DeepSeek V3 is asked for in "bf16", expected fp8: so it is loaded; leave --quant out'
    )


keys = st.sampled_from((
    "bits", "group_size", "ignore", "modules_to_not_convert", "weight_block_size", "config_groups", "format",
    "quant_algo", "mode", "dynamic", "activation_scheme",
))  # fmt: skip
methods = st.sampled_from((
    "fp8", "fbgemm_fp8", "mxfp4", "compressed-tensors", "modelopt", "awq", "gptq", None,
))  # fmt: skip


@example(None, {"bits": []})
@given(methods, st.dictionaries(keys, ODD, max_size=5))
def test_any_config_is_read_or_refused(method: str | None, said: dict[str, Any]) -> None:
    asked = packed("llama-3.2-1b", quant_method=method, **said)
    try:
        released_dtypes(asked)
    except Refusal:
        assert release(asked).bytes is None
        return
    assert size(asked) > 0
    assert release(asked).bytes is not None


def own(place: Path, held: Tensors, name: str) -> Subject:
    """A model whose files these tensors are."""
    found = model(name)
    files = read(folder(place, held, name))
    return Subject(found.name, found.architecture, found.config, files)


def test_a_file_of_ones_own_says_its_bytes_itself(tmp_path: Path) -> None:
    name, key = "qwen3-0.6b", "model.layers.0.mlp.up_proj.weight"
    held = described(name)
    wider = {**held, key: ("F32", held[key][1])}
    asked = own(tmp_path, wider, name)
    assert released_dtypes(asked) == ("file",)
    plain = by_name(subject(name))
    found = by_name(asked)
    assert found == {**plain, key: plain[key]._replace(bytes=2 * plain[key].bytes)}


def test_a_file_of_ones_own_has_queries_and_pairs_in_a_map(tmp_path: Path) -> None:
    name = "phi-4"
    assert of(own(tmp_path, described(name), name)) == of(subject(name))


def test_a_tied_head_that_is_stored_isnt_loaded(tmp_path: Path) -> None:
    name = "qwen3-0.6b"
    held = described(name)
    twice = {**held, "lm_head.weight": held["model.embed_tokens.weight"]}
    assert size(own(tmp_path, twice, name)) == size(subject(name))


def test_experts_of_a_file_are_added_up(tmp_path: Path) -> None:
    name = "olmoe-1b-7b"
    asked, plain = own(tmp_path, described(name), name), subject(name)
    shares = [Counter[str](), Counter[str]()]
    for counted, tensors in zip(shares, (of(asked), of(plain)), strict=True):
        for tensor in tensors:
            counted[tensor.share] += tensor.bytes
    assert shares[0] == shares[1]
    experts = [tensor for tensor in of(asked) if tensor.share == "experts"]
    assert len(experts) == 16
    assert {(tensor.copies, tensor.used) for tensor in experts} == {(64, 8)}


def test_a_file_in_32_bits_is_loaded_in_16(tmp_path: Path) -> None:
    name = "qwen3-0.6b"
    held: Tensors = {key: ("F32", shape) for key, (_, shape) in described(name).items()}
    assert size(own(tmp_path, held, name)) == size(subject(name))


def test_a_file_that_lacks_a_tensor_is_refused(tmp_path: Path) -> None:
    name, key = "qwen3-0.6b", "model.layers.0.mlp.up_proj.weight"
    held = described(name)
    del held[key]
    with pytest.raises(Refusal) as refused:
        of(own(tmp_path, held, name))
    assert str(refused.value) == (
        f'Qwen3 0.6B lacks "{key}", expected every tensor that its config describes; run llm-gallery check on it'
    )
