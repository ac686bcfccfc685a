"""Old names of families and files of the releases' own code are described as what they are, in their own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.cli import main
from llm_gallery.engines.weight_format import released_format
from llm_gallery.recognition import always_ignored, catalog_config, describe, known
from llm_gallery.running.proof import proof
from tests.odd_configs import within
from tests.recognition.first_files import AQUILA, LING, OLMO, ORION, QWEN, YI
from tests.sample import first

Json = Mapping[str, Any]
FALCON = {
    "alibi": False, "architectures": ["RWForCausalLM"], "bias": False, "hidden_dropout": 0.0, "layer_norm_epsilon": 1e-05,
    "apply_residual_connection_post_layernorm": False, "parallel_attn": True, "vocab_size": 65024, "use_cache": True,
}  # fmt: skip
MISTRAL = {
    "dim": 4096, "n_layers": 32, "head_dim": 128, "hidden_dim": 14336, "n_heads": 32, "n_kv_heads": 8, "norm_eps": 1e-05,
    "vocab_size": 32000,
}  # fmt: skip
META = {
    "dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8, "vocab_size": 128256, "multiple_of": 1024,
    "ffn_dim_multiplier": 1.3, "norm_eps": 1e-05, "rope_theta": 500000.0,
}  # fmt: skip
MAMBA = {
    "d_model": 2560, "n_layer": 64, "vocab_size": 50277, "ssm_cfg": {}, "rms_norm": True, "residual_in_fp32": True,
    "fused_add_norm": True, "pad_vocab_size_multiple": 8,
}  # fmt: skip
MINIMAX = {
    "attn_type_list": [0, 0, 0, 0, 0, 0, 0, 1] * 10, "head_dim": 128, "hidden_act": "silu", "hidden_size": 6144,
    "intermediate_size": 9216, "layernorm_full_attention_alpha": 3.5565588200778455, "layernorm_full_attention_beta": 1.0,
    "layernorm_linear_attention_alpha": 3.5565588200778455, "layernorm_linear_attention_beta": 1.0,
    "layernorm_mlp_alpha": 3.5565588200778455, "layernorm_mlp_beta": 1.0, "max_position_embeddings": 10240000,
    "num_attention_heads": 64, "num_experts_per_tok": 2, "num_hidden_layers": 80, "num_key_value_heads": 8,
    "num_local_experts": 32, "output_router_logits": False, "postnorm": True, "rms_norm_eps": 1e-05, "rope_theta": 10000000,
    "rotary_dim": 64, "router_aux_loss_coef": 0.001, "router_jitter_noise": 0.0, "shared_intermediate_size": 0,
    "shared_moe_mode": "sigmoid", "sliding_window": None, "tie_word_embeddings": False, "vocab_size": 200064,
}  # fmt: skip
FILES: Mapping[str, Json] = {
    "Yi 6B": YI,
    "Aquila 7B": AQUILA,
    "Orion 14B": ORION,
    "OLMo 7B": OLMO,
    "OLMo 1B": OLMO | {"d_model": 2048, "mlp_hidden_size": None, "mlp_ratio": 8, "n_heads": 16, "n_layers": 16, "weight_tying": True},
    "Qwen 7B": QWEN,
    "Ling Lite": LING,
    "MiniMax M1": MINIMAX | {"architectures": ["MiniMaxM1ForCausalLM"], "model_type": "minimax_m1"},
    "MiniMax Text 01": MINIMAX | {"architectures": ["MiniMaxText01ForCausalLM"], "shared_intermediate_size": [0]},
    "Falcon 40B": FALCON
    | {"model_type": "RefinedWeb", "hidden_size": 8192, "n_head": 128, "n_head_kv": 8, "n_layer": 60},
    "Falcon 7B": FALCON
    | {"model_type": "RefinedWebModel", "hidden_size": 4544, "multi_query": True, "n_head": 71, "n_layer": 32},
    "Falcon RW 1B": FALCON
    | {"model_type": "RefinedWebModel", "hidden_size": 2048, "multi_query": False, "n_head": 32, "n_layer": 24,
       "alibi": True, "bias": True, "parallel_attn": False, "vocab_size": 50304},
    "Phi-2": {
        "activation_function": "gelu_new", "architectures": ["PhiForCausalLM"], "flash_attn": False, "flash_rotary": False,
        "fused_dense": False, "img_processor": None, "layer_norm_epsilon": 1e-05, "model_type": "phi-msft", "n_embd": 2560,
        "n_head": 32, "n_head_kv": None, "n_inner": None, "n_layer": 32, "n_positions": 2048, "resid_pdrop": 0.1,
        "rotary_dim": 32, "tie_word_embeddings": False, "vocab_size": 51200,
    },
    "StableLM 3B": {
        "architectures": ["StableLMEpochForCausalLM"], "hidden_act": "silu", "hidden_size": 2560, "intermediate_size": 6912,
        "max_position_embeddings": 4096, "model_type": "stablelm_epoch", "norm_eps": 1e-05, "num_attention_heads": 32,
        "num_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "rope_pct": 0.25, "rope_theta": 10000,
        "rotary_scaling_factor": 1.0, "tie_word_embeddings": False, "vocab_size": 50304,
    },
    "Mistral 7B": MISTRAL | {"sliding_window": 4096},
    "Mixtral 8x7B": MISTRAL | {"moe": {"num_experts_per_tok": 2, "num_experts": 8}},
    "Llama 3 8B": META,
    "Llama 3.1 405B": META
    | {"dim": 16384, "n_layers": 126, "n_heads": 128, "multiple_of": 4096, "ffn_dim_multiplier": 1.2, "use_scaled_rope": True},
    "Llama 2 7B": {"dim": 4096, "multiple_of": 256, "n_heads": 32, "n_layers": 32, "norm_eps": 1e-05, "vocab_size": 32000},
    "Mamba 2.8B": MAMBA,
    "Mamba-2 2.7B": MAMBA
    | {"d_intermediate": 0, "ssm_cfg": {"layer": "Mamba2"}, "attn_layer_idx": [], "attn_cfg": {},
       "pad_vocab_size_multiple": 16, "tie_embeddings": True},
}  # fmt: skip
PUBLISHED = {
    "Yi 6B": 6_061_035_520,
    "Aquila 7B": 7_295_537_152,
    "Orion 14B": 14_498_703_360,
    "OLMo 7B": 6_888_095_744,
    "OLMo 1B": 1_176_764_416,
    "Qwen 7B": 7_721_324_544,
    "Ling Lite": 16_801_974_272,
    "MiniMax M1": 456_089_655_296,
    "MiniMax Text 01": 456_089_655_296,
    "Falcon 40B": 41_303_293_952,
    "Falcon 7B": 6_921_720_704,
    "Falcon RW 1B": 1_311_625_216,
    "Phi-2": 2_779_683_840,
    "StableLM 3B": 2_795_443_200,
    "Mistral 7B": 7_241_732_096,
    "Mixtral 8x7B": 46_702_792_704,
    "Llama 3 8B": 8_030_261_248,
    "Llama 3.1 405B": 405_853_388_800,
    "Llama 2 7B": 6_738_415_616,
    "Mamba 2.8B": 2_768_345_600,
    "Mamba-2 2.7B": 2_702_599_680,
}
"""What checkpoints of the same models hold; of Mamba-2 2.7B, Ling Lite, Aquila and Orion none was read to the last digit, these are ours."""
OF_CATALOG = {
    "OLMo 7B": "olmo-7b",
    "MiniMax Text 01": "minimax-text-01",
    "Falcon 7B": "falcon-7b",
    "Mistral 7B": "mistral-7b-v0.1",
    "Mixtral 8x7B": "mixtral-8x7b",
    "Llama 3 8B": "llama-3-8b",
    "Llama 3.1 405B": "llama-3.1-405b",
}
TODAY: Mapping[str, Json] = {
    "Qwen 7B": {
        "model_type": "qwen", "hidden_size": 4096, "intermediate_size": 22016, "kv_channels": 128, "num_attention_heads": 32,
        "num_hidden_layers": 32, "max_position_embeddings": 6144, "seq_length": 2048, "vocab_size": 151936,
        "tie_word_embeddings": False,
    },
    "Falcon 40B": {
        "model_type": "falcon", "hidden_size": 8192, "num_attention_heads": 128, "num_kv_heads": 8, "num_hidden_layers": 60,
        "new_decoder_architecture": True, "parallel_attn": True, "bias": False, "alibi": False, "vocab_size": 65024,
    },
    "Phi-2": {
        "model_type": "phi", "hidden_size": 2560, "intermediate_size": 10240, "num_attention_heads": 32,
        "num_hidden_layers": 32, "max_position_embeddings": 2048, "partial_rotary_factor": 0.4, "vocab_size": 51200,
        "hidden_act": "gelu_new", "tie_word_embeddings": False,
    },
    "StableLM 3B": {
        "model_type": "stablelm", "hidden_size": 2560, "intermediate_size": 6912, "num_attention_heads": 32,
        "num_hidden_layers": 32, "max_position_embeddings": 4096, "partial_rotary_factor": 0.25, "vocab_size": 50304,
        "num_key_value_heads": 32, "tie_word_embeddings": False,
    },
}  # fmt: skip
"""The same models as transformers saves their configs today."""


def shapes(root: Block) -> list[tuple[int, ...]]:
    return sorted(tensor.shape for tensor in tensors(root))


def settled(root: Block) -> set[tuple[str, str, Any]]:
    """What the sheet says of each kind of part, without where it stands and without the context."""
    return {
        (part.title, row.label, row.value)
        for part in sheet(Architecture("any", root))
        for row in part.rows
        if not row.label.startswith("Context length")
    }


@pytest.mark.parametrize("name", FILES)
def test_totals_are_those_of_the_same_checkpoints(name: str) -> None:
    described = describe(FILES[name])
    assert parameters(described.root).total == PUBLISHED[name]
    assert described.unread == ()
    assert known(FILES[name])


@pytest.mark.parametrize("name", OF_CATALOG)
def test_is_what_the_same_models_config_of_today_is(name: str) -> None:
    ours, theirs = describe(FILES[name]).root, find(OF_CATALOG[name]).architecture.root
    assert shapes(ours) == shapes(theirs)
    assert settled(ours) == settled(theirs)


@pytest.mark.parametrize("name", TODAY)
def test_is_what_transformers_config_of_today_says(name: str) -> None:
    ours, theirs = describe(FILES[name]).root, describe(TODAY[name]).root
    assert [*tensors(ours)] == [*tensors(theirs)]
    assert settled(ours) == settled(theirs)


ODD: tuple[Any, ...] = (2**24, 2**70, 0, -1, 0.5, "x", None, True, [], {}, [2**24])
RUN = (
    "Orion 14B",
    "Ling Lite",
    "Falcon 40B",
    "Phi-2",
    "Mistral 7B",
    "Mixtral 8x7B",
    "Llama 3 8B",
    "Llama 3.1 405B",
)


@pytest.mark.parametrize("name", RUN)
def test_a_miniature_of_it_runs(name: str) -> None:
    """Its tensors suffice, and running token by token gives what running all at once does."""
    assert proof(FILES[name]).run.holds


@pytest.mark.parametrize("name", FILES)
def test_what_a_catalog_keeps_says_the_same(name: str) -> None:
    held = catalog_config(FILES[name])
    assert held.keys() <= FILES[name].keys()
    assert describe(held).root == describe(FILES[name]).root
    assert not always_ignored() & held.keys()


@pytest.mark.parametrize("name", FILES)
def test_evidence_names_keys_of_the_file(name: str) -> None:
    """Stated values name a key that stands in the file, whole or inside its object."""
    raw = FILES[name]
    for part in sheet(describe(raw)):
        for row in part.rows:
            if row.evidence == "stated":
                holder, _, inner = row.source.partition(".")
                assert holder in raw, row
                assert not inner or inner in raw[holder], row


def test_tensors_have_the_names_of_their_own_checkpoints() -> None:
    def named(name: str) -> set[str]:
        return {tensor.name for tensor in tensors(describe(FILES[name]).root)}

    for name in ("Mistral 7B", "Llama 3 8B"):
        assert named(name) > {
            "tok_embeddings.weight", "norm.weight", "output.weight", "layers.31.attention.wq.weight",
            "layers.0.attention.wo.weight", "layers.0.attention_norm.weight", "layers.0.ffn_norm.weight",
            "layers.0.feed_forward.w1.weight",
        }  # fmt: skip
    assert named("Mixtral 8x7B") > {
        "layers.0.feed_forward.gate.weight",
        "layers.0.feed_forward.experts.7.w2.weight",
    }
    assert "backbone.embedding.weight" in named("Mamba 2.8B")
    heads = [t for t in tensors(describe(FILES["Mamba 2.8B"]).root) if t.tied_to]
    assert [t.tied_to for t in heads] == ["backbone.embedding.weight"]


@pytest.mark.parametrize("name", ["Mistral 7B", "Llama 3 8B"])
def test_own_code_rotates_neighbouring_channels(name: str) -> None:
    attention = next(b for b in _all(describe(FILES[name]).root) if b.kind == "attention")
    as_today = next(
        b for b in _all(find(OF_CATALOG[name]).architecture.root) if b.kind == "attention"
    )
    assert attention.settings != as_today.settings


def _all(block: Block) -> list[Block]:
    return [block, *(inner for part in block.inside for inner in _all(part))]


def test_the_base_of_a_rotation_follows_from_the_window() -> None:
    bases = {
        row.value
        for name in ("Mistral 7B", "Mixtral 8x7B")
        for part in sheet(describe(FILES[name]))
        for row in part.rows
        if row.label == "Rotary base"
    }
    assert bases == {"10,000", "1,000,000"}


@pytest.mark.parametrize("key", ["max_seq_len", "max_position_embeddings"])
def test_the_context_is_what_mistrals_file_states(key: str) -> None:
    assert describe(FILES["Mistral 7B"]).root.value("context") is None
    stated = describe({**FILES["Mistral 7B"], key: 32768}).root
    assert stated.value("context") == 32768
    assert stated.facts["context"].source == key
    assert describe({**FILES["Llama 3 8B"], "max_seq_len": 2048}).root.value("context") is None


def test_an_old_name_is_told() -> None:
    told = describe(FILES["Falcon 7B"])
    assert told.model_type == "falcon"
    assert told.warnings == ("RefinedWebModel is another name of falcon, which is described",)


@pytest.mark.parametrize(
    ("name", "family"),
    [("Falcon 40B", "falcon"), ("Falcon 7B", "falcon"), ("Phi-2", "phi"), ("StableLM 3B", "stablelm")],
)  # fmt: skip
def test_without_a_type_the_class_says_it(name: str, family: str) -> None:
    raw = {key: value for key, value in FILES[name].items() if key != "model_type"}
    told = describe(raw)
    assert (told.model_type, told.root) == (family, describe(FILES[name]).root)
    assert any("no model_type" in line for line in told.warnings)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("GPT2LMHeadModel", "gpt2"), ("GPTNeoXForCausalLM", "gpt_neox"), ("OPTForCausalLM", "opt"),
        ("MPTForCausalLM", "mpt"), ("MptForCausalLM", "mpt"), ("GPTBigCodeForCausalLM", "gpt_bigcode"),
        ("LlamaForCausalLM", "llama"), ("DeepseekV3ForCausalLM", "deepseek_v3"), ("Glm4ForCausalLM", "glm4"),
        ("OlmoeForCausalLM", "olmoe"), ("BloomForCausalLM", "bloom"),
    ],
)  # fmt: skip
def test_classes_of_the_reference_name_their_type(name: str, family: str) -> None:
    assert describe({"architectures": [name]}).model_type == family


@pytest.mark.parametrize("name", ["XForCausalLM", "BertForMaskedLM", "A" * 200, "GPT2"])
def test_other_classes_name_none(name: str) -> None:
    with pytest.raises(Refusal, match="no model_type"):
        describe({"architectures": [name]})


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("Llama 3 8B", {"vocab_size": -1}, "vocab_size is -1, which leaves it to the tokenizer, expected a number; write 32000"),
        ("Llama 3 8B", {"multiple_of": 0}, "multiple_of is 0, expected a whole number from 1"),
        ("Llama 3 8B", {"ffn_dim_multiplier": "1"}, 'ffn_dim_multiplier is "1", expected a positive number'),
        ("Llama 3 8B", {"use_scaled_rope": "yes"}, 'use_scaled_rope is "yes", expected true or false'),
        ("Llama 3 8B", {"moe_args": {}}, "moe_args is a key that isn't described in a file of this kind"),
        ("Llama 3 8B", {"n_heads": 33}, "dim is 4096, expected a multiple of n_heads"),
        ("Mistral 7B", {"n_layers": "32"}, "n_layers is "),
        ("Mistral 7B", {"n_kv_heads": 5}, "n_heads is 32, expected a multiple of n_kv_heads"),
        ("Mistral 7B", {"moe": 8}, "moe is 8, expected an object"),
        ("Mistral 7B", {"moe": {"num_experts": 8}}, "moe.num_experts_per_tok is missing"),
        ("Mistral 7B", {"q_lora_rank": 512}, "q_lora_rank is 512, expected null"),
        ("Mistral 7B", {"use_biases": True}, "use_biases is true, expected false"),
        ("Mistral 7B", {"max_seq_len": 0}, "max_seq_len is 0"),
        ("Mistral 7B", {"norm_eps": None}, "norm_eps is null"),
        ("Mamba 2.8B", {"rms_norm": False}, "rms_norm is false, expected true"),
        ("Mamba 2.8B", {"attn_layer_idx": [9]}, "attn_layer_idx is "),
        ("Mamba 2.8B", {"ssm_cfg": {"layer": "Mamba3"}}, 'ssm_cfg.layer is "Mamba3"'),
        ("Mamba 2.8B", {"ssm_cfg": 1}, "ssm_cfg is 1, expected an object"),
        ("Mamba 2.8B", {"ssm_cfg": {"d_state": 0}}, "ssm_cfg.d_state is 0"),
        ("Mamba-2 2.7B", {"ssm_cfg": {"layer": "Mamba2", "headdim": 3}}, "d_model"),
        ("Falcon 40B", {"n_head_kv": None}, "n_head_kv is null, expected its value"),
        ("Falcon 40B", {"new_decoder_architecture": False}, "new_decoder_architecture is false, expected true"),
        ("Falcon 40B", {"num_kv_heads": 4}, "n_head_kv is 8, expected num_kv_heads (4)"),
        ("Falcon 7B", {"n_head_kv": 8}, "n_head_kv is 8, expected null"),
        ("Phi-2", {"num_local_experts": 4}, "num_local_experts is 4, expected null"),
        ("Phi-2", {"rotary_dim": 81}, "rotary_dim is 81, expected a part of a head (80 channels)"),
        ("StableLM 3B", {"num_heads": 16}, "num_heads is 16, expected num_attention_heads (32)"),
        ("StableLM 3B", {"rotary_scaling_factor": 2.0}, "rotary_scaling_factor is 2.0"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_by_its_key(name: str, changed: Json, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        describe({**FILES[name], **changed})
    assert says in str(refused.value)


def holds_whatever_a_key_says(file: Json) -> None:
    """Each key once with anything: a description or a Refusal, in a second; all else fails here."""
    for key in file:
        for odd in ODD:
            with within(1.0):
                try:
                    facts(describe({**file, key: odd}))
                except Refusal:
                    continue


@pytest.mark.parametrize("name", first(FILES, [*FILES][::3]))
def test_no_value_makes_parts_without_end_or_a_traceback(name: str) -> None:
    holds_whatever_a_key_says(FILES[name])


def test_a_folder_with_params_json_is_described(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "params.json").write_text(json.dumps(FILES["Mixtral 8x7B"]), "utf-8")
    assert main(["facts", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "46,702,792,704" in said.out + said.err


def test_mlx_says_how_its_weights_are_stored() -> None:
    raw = dict(find("llama-3-8b").config)
    stored = {"group_size": 64, "bits": 4}
    told = describe({**raw, "quantization": stored})
    assert told.unread == describe(raw).unread
    assert any("stored quantized" in line for line in told.warnings)
    assert released_format({**raw, "quantization": stored}) == "int4"
    assert released_format({**raw, "quantization": {**stored, "mode": "mxfp4"}}) == "mxfp4"


def test_ling_2_is_one_family_under_both_of_its_types() -> None:
    raw = find("ling-mini-2.0").config
    told = describe({**raw, "model_type": "bailing_moe_v2"})
    assert [*tensors(told.root)] == [*tensors(describe(raw).root)]
    assert told.warnings == ("bailing_moe_v2 is another name of bailing_moe, which is described",)
