"""MPT as Replit's code model has it: queries share keys, which the reference doesn't build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE, compared, proof

Json = Mapping[str, Any]

# https://github.com/oldjar07/replit-hiddensize/blob/main/config.json, of replit/replit-code-v1_5-3b
REPLIT: Json = {
    "architectures": ["MPTForCausalLM"], "d_model": 3072, "embedding_fraction": 1.0, "expansion_ratio": 4, "fc_type": "torch",
    "attn_config": {
        "alibi": True, "alibi_bias_max": 8, "attn_impl": "torch", "attn_type": "grouped_query_attention", "clip_qkv": None,
        "kv_n_heads": 8, "prefix_lm": False, "qk_ln": False, "softmax_scale": None,
    },
    "ffn_config": {"fc_type": "torch", "ffn_type": "mptmlp"}, "learned_pos_emb": False, "logit_scale": None,
    "max_seq_len": 4096, "model_type": "mpt", "n_heads": 24, "n_layers": 32, "no_bias": True,
    "norm_type": "low_precision_layernorm", "vocab_size": 32768,
}  # fmt: skip


def changed(**own: object) -> Json:
    return {**REPLIT, "attn_config": {**REPLIT["attn_config"], **own}}


def test_eight_heads_of_keys_are_kept() -> None:
    made = describe(REPLIT)
    assert made.unread == ()
    assert parameters(made.root).total == 3_322_088_448  # the published 3.3B
    assert sum(row.bytes_per_token for row in cache(made.root).rows) == 32 * 2 * 8 * 128 * 2
    assert proof(REPLIT).run.holds


def test_shared_keys_run_as_the_same_keys_for_each_query() -> None:
    """Multi-head MPT is held against the reference: with each key's rows repeated it gives the same scores."""
    small = miniature(REPLIT)
    own = small["attn_config"]
    shared = describe(small)
    alone = describe({**small, "attn_config": {**own, "attn_type": "multihead_attention"}})
    rng = np.random.default_rng(1)
    weights = {t.name: rng.normal(size=t.shape) for t in tensors(shared.root) if not t.tied_to}
    tokens = [int(one) for one in rng.integers(0, small["vocab_size"], 9)]
    queries, keys = small["n_heads"], own["kv_n_heads"]
    width = small["d_model"] // queries

    def repeated(name: str, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if not name.endswith("Wqkv.weight"):
            return array
        parts = np.split(array, [queries * width, (queries + keys) * width])
        heads = (part.reshape(keys, width, -1) for part in parts[1:])
        many = (part.repeat(queries // keys, axis=0).reshape(queries * width, -1) for part in heads)
        return np.concatenate([parts[0], *many])

    expanded = {name: repeated(name, array) for name, array in weights.items()}
    ours, theirs = (
        compared(one, held, tokens).scores for one, held in ((shared, weights), (alone, expanded))
    )
    assert np.abs(ours - theirs).max() <= CLOSE * np.abs(theirs).max()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (changed(kv_n_heads=None), "attn_config.kv_n_heads is missing"),
        (changed(kv_n_heads=7), "n_heads is 24, expected a multiple of attn_config.kv_n_heads"),
        (changed(attn_type="multiquery_attention"), "attn_config.attn_type is "),
        ({**REPLIT, "ffn_config": {"ffn_type": "mptgeglu"}}, "ffn_config.ffn_type is "),
    ],
)
def test_what_nobody_looked_up_is_refused(config: Json, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        describe(config)
