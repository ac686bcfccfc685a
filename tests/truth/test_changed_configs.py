"""A fixed share of what `make changes` looks for: no change of a real config is silently wrong, and none ends in an error."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from llm_gallery.recognition.wrapper_rows import ROWS
from tests.odd_configs import DROPPED
from tests.truth.changed_configs import (
    FAULTS,
    Base,
    Verdict,
    drawn,
    families,
    first_base,
    judged,
    verdict,
)
from tests.truth.changes import LAYERS, Change, applied, smaller
from tools.digests import DIFFERENCES

EACH = 1
"""Changes of each family."""


SHARE = 6
"""Of so many wrappers one is changed here: `make changes` changes them all."""
CHANGED = [family for i, family in enumerate(families()) if family not in ROWS or i % SHARE == 0]


@pytest.mark.truth
@pytest.mark.parametrize("family", CHANGED)
def test_no_change_is_silently_wrong(family: str) -> None:
    base, rng = first_base(family), Random(f"changes of {family}")
    assert base is not None
    for _ in range(EACH):
        made = drawn(base, rng)
        found = verdict(base, made)
        assert found.kind not in FAULTS, (base.name, made, found.said)


@pytest.mark.truth
@pytest.mark.parametrize("line", DIFFERENCES["changed"], ids=lambda line: str(line["keys"]))
def test_a_listed_difference_is_one(line: dict[str, Any]) -> None:
    assert {key.split(".")[-1] for key in line["example"]} <= {*line["keys"]}
    for family in line["model_types"]:
        base = first_base(family)
        assert base is not None
        words = {"dropped": DROPPED, "null": None}  # what TOML can't say
        values = {
            k: words.get(v, v) if isinstance(v, str) else v for k, v in line["example"].items()
        }
        changes: list[Change] = [(tuple(key.split(".")), value) for key, value in values.items()]
        made = applied(base.config, changes)
        assert judged(made, base.doubts, cached=True).kind in FAULTS
        assert verdict(base, changes).kind == "otherwise, with a reason"


BOTH = "refused, and by the reference"
FOUND: tuple[tuple[str, str, Any, str], ...] = (
    ("apertus1p5_text", "hidden_act", DROPPED, "exact"),
    ("bamba", "hidden_size", 2048, BOTH),
    ("cosmos3_edge", "tie_word_embeddings", True, "exact"),
    ("cwm", "rope_scaling.factor", DROPPED, BOTH),
    ("dots3_note_text", "use_dsa", None, "exact"),
    ("gemma2", "rope_scaling", {"full_attention": {"rope_theta": 1e4}}, BOTH),
    ("glm4v_moe", "text_config.use_qk_norm", True, "exact"),
    ("jamba", "attn_layer_period", 2, BOTH),
    ("lfm2", "rope_parameters.rope_theta", None, BOTH),
    ("llama", "rope_theta", None, BOTH),
    ("longcat_flash", "num_hidden_layers", 6, "refused"),
    ("mellum", "rope_parameters.full_attention", DROPPED, BOTH),
    ("minimax", "sliding_window", 64, "otherwise, with a reason"),
    ("ministral3", "rope_theta", None, "exact"),
    ("mistral4", "sliding_window", 64, "refused"),
    ("modernbert_decoder", "sliding_window", 3, "exact"),
    ("step3p7", "text_config.head_dim", 256, "refused"),
)
"""What a search found silently wrong once, or described though the reference refuses it: the family, the key, what it
was changed to, and what is right."""


@pytest.mark.truth
@pytest.mark.parametrize(("family", "key", "value", "kind"), FOUND)
def test_what_was_silent_is_so_no_more(family: str, key: str, value: Any, kind: str) -> None:
    base = first_base(family)
    assert base is not None
    assert verdict(base, [(tuple(key.split(".")), value)]).kind == kind


def llama() -> Base:
    base = first_base("llama")
    assert base is not None
    return base


@pytest.mark.truth
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, "exact"),
        (
            {
                "hidden_size": 2560,
                "head_dim": 64,
                "num_attention_heads": 40,
                "num_key_value_heads": 8,
            },
            "exact",
        ),
        ({"num_key_value_heads": 7}, "refused"),
        ({"hidden_act": "no such function"}, "described, refused by the reference"),
        ({"hidden_size": 0}, "refused, and by the reference"),
    ],
)
def test_verdicts(change: dict[str, Any], kind: str) -> None:
    base = llama()
    assert judged({**base.config, **change}, base.doubts, cached=True).kind == kind


@pytest.mark.truth
def test_a_wrong_number_is_silent_unless_a_doubt_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    base = llama()
    unknown = {**base.config, "head_dim_of_another": 96}
    seen = judged(unknown, base.doubts)
    monkeypatch.setattr("tests.truth.changed_configs.spelled", lambda family, shapes: {"x": (1,)})
    assert seen == Verdict("exact")
    assert judged(base.config, base.doubts).kind == "SILENT"
    assert judged(unknown, base.doubts).kind == "wrong, warned"
    assert judged(unknown, frozenset({"head_dim_of_another"})).kind == "wrong, warned"


def test_a_smaller_config_is_cut_in_all_its_lists() -> None:
    config = {
        "n_layer": 12,
        "sliding_window": 4096,
        "layer_types": ["a", "b"] * 6,
        "attn_layer_indices": [1, 5, 6, 11],
        "hybrid_override_pattern": "M*" * 6,
        "head_dims": [1, 2],
        "rope": {"types": list(range(13))},
    }
    assert smaller(config) == {
        "n_layer": LAYERS,
        "sliding_window": 128,
        "layer_types": ["a", "b"] * 3,
        "attn_layer_indices": [1, 5],
        "hybrid_override_pattern": "M*" * 3,
        "head_dims": [1, 2],
        "rope": {"types": [0, 1, 2, 3, 4, 5, 12]},
    }
    assert smaller(smaller(config)) == smaller(config)
