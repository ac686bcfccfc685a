"""What transformers lacks, and no type of its own computes, runs as a second, naive writing of the published code does."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.recognition import describe
from llm_gallery.recognition.epsilon import KEYS
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE, compared, some
from llm_gallery.running.random_weights import RandomWeights
from llm_gallery.running.run import run as executed
from tests.sample import first
from tests.truth.naive import mamba2
from tests.truth.naive.models import NAIVE
from tests.truth.naive.parts import Config
from tests.truth.released import CONFIGS
from tools.generate_running import beside, unseen
from tools.reference_run import Answer

pytestmark = pytest.mark.whole
EPSILON = 1e-3
"""Of norms: large enough that a wrong one is seen."""
MAMBA_2 = {
    "model_type": "mamba2", "conv_kernel": 3, "expand": 2, "head_dim": 8, "hidden_act": "silu", "hidden_size": 16,
    "norm_eps": EPSILON, "num_heads": 4, "num_hidden_layers": 2, "rmsnorm": True, "state_size": 6,
    "tie_word_embeddings": False, "use_bias": False, "use_conv_bias": True, "vocab_size": 96,
}  # fmt: skip
KEYS_OF_MINICPM = {
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
    "hidden_act", "max_position_embeddings", "rms_norm_eps", "rope_theta", "scale_emb", "scale_depth", "dim_model_base",
    "tie_word_embeddings", "sparse_config",
}  # fmt: skip
CASES = [
    pytest.param(family, also, id=f"{family}: {name}")
    for family, naive in NAIVE.items()
    for name, also in {"as released": {}, **naive.variants}.items()
]


def small(family: str, also: Config) -> dict[str, Any]:
    """The miniature of a family's model, with an epsilon that is seen."""
    raw = miniature(CONFIGS[NAIVE[family].model])
    eps = next((key for key in KEYS if key in raw), "rms_norm_eps")
    for key, value in {eps: EPSILON, **NAIVE[family].config, **also}.items():
        inner = raw if key in raw or "text_config" not in raw else raw["text_config"]
        inner[key] = value
    return raw


def answer(raw: Config, family: str) -> Answer:
    """What the second writing makes of a small config."""
    architecture = describe(raw)
    drawn, tokens = RandomWeights(architecture.root), some(architecture.root)
    # Of noise a share that is e to the power of sums: as drawn it would drown what it is taken from.
    weights = {name: drawn[name] * (0.2 if "lambda_" in name else 1) for name in drawn}
    return Answer(architecture, weights, tokens, NAIVE[family].scores(raw, weights, tokens))


@pytest.mark.parametrize(("family", "also"), CASES)
def test_runs_as_its_second_writing_does(family: str, also: Config) -> None:
    wanted = answer(small(family, also), family)
    run = compared(wanted.architecture, wanted.weights, wanted.tokens)
    assert wanted.error(run.scores) < CLOSE
    assert wanted.scores.std() > 0.01 * abs(wanted.scores).max()
    assert run.kept.done == run.kept.stated
    assert run.work.done == run.work.stated
    assert run.holds


@pytest.mark.parametrize("family", first(NAIVE, (), [*NAIVE][1::2]))
def test_without_any_wired_fact_the_scores_are_others(family: str) -> None:
    assert [*unseen({family: beside(answer(small(family, {}), family))})] == []


def test_what_motif_bounds_is_reached() -> None:
    """With numbers a hundred times as large, each bound of its connections is."""
    raw = small("motif", {})
    architecture = describe(raw)
    drawn, tokens = RandomWeights(architecture.root), some(architecture.root)
    weights = {name: drawn[name] * (100 if "alpha" in name else 1) for name in drawn}
    wanted = NAIVE["motif"].scores(raw, weights, tokens)
    error = Answer(architecture, weights, tokens, wanted).error(
        executed(architecture, weights, tokens)[0]
    )
    assert error < CLOSE


def test_minicpm4_runs_as_the_sparse_layers_of_sala() -> None:
    """The same attention, turned and without a gate, in every layer of MiniCPM."""
    sala = small("minicpm_sala", {"num_key_value_heads": 1})
    raw = {key: value for key, value in sala.items() if key in KEYS_OF_MINICPM}
    wanted = answer({**raw, "model_type": "minicpm"}, "minicpm_sala")
    run = compared(wanted.architecture, wanted.weights, wanted.tokens)
    assert wanted.error(run.scores) < CLOSE
    assert run.holds


@pytest.mark.parametrize("tokens", [63, 71])
def test_a_text_one_short_of_a_stride_scores_one_mean_less(tokens: int) -> None:
    """As the kernel's mask does where it is given whole; its last token alone sees them all."""
    raw = small("minicpm_sala", {})
    architecture = describe(raw)
    weights = RandomWeights(architecture.root)
    text = [(7 * number) % 96 for number in range(tokens)]
    wanted = NAIVE["minicpm_sala"].scores(raw, weights, text)
    given = Answer(architecture, weights, text, wanted)
    scores, _ = executed(architecture, weights, text)
    assert given.error(scores) < CLOSE
    _, past = executed(architecture, weights, text[:-1])
    alone, _ = executed(architecture, weights, text[-1:], past)
    assert abs(alone[0] - scores[-1]).max() > CLOSE


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("first", [False, True], ids=["gated, normed", "normed, gated"])
def test_mamba_2_of_fla_runs_as_its_second_writing_does(first: bool, groups: int) -> None:
    raw = {**MAMBA_2, "n_groups": groups, "norm_before_gate": first}
    architecture = describe(raw)
    drawn, tokens = RandomWeights(architecture.root), some(architecture.root)
    weights = {name: drawn[name] for name in drawn}
    wanted = Answer(architecture, weights, tokens, mamba2.scores(raw, weights, tokens))
    run = compared(architecture, weights, tokens)
    assert wanted.error(run.scores) < CLOSE
    assert run.holds
