"""A described model runs: its scores are the reference's, all tokens at once and one by one, and so is what it keeps.

Each model of the catalog is made small; both get the same random weights and compute in float64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from random import Random
from typing import Any

import pytest

from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.families import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proven import PROVEN, refused
from llm_gallery.running.walk import Past
from tests.running.kept import kept
from tests.truth.alike import ALIKE
from tests.truth.mutations_of_towers import TOWERS
from tests.truth.test_catalog import BUILT
from tests.truth.test_random_configs import FAMILIES, mutated

TOKENS = Random("tokens").sample(range(90), 14)
"""All different: of equal ones attention gives the same, whatever it attends to."""
CLOSE = 1e-12
"""Of the largest score. The two add up in another order, which float64 shows in its last digits."""
CONFIGS = {entry.id: entry.config for entry in entries()}
RUNNING = [model for model in BUILT if find(model).architecture.model_type in PROVEN]
UNDRAWN = {"minimax_m3_vl", "muse_glimmer", "olmo3", "rwkv", "xlstm"}
"""MiniMax M3's and Muse Glimmer's reference passes over `rotary_dim` and over the bases of `layer_rope_theta`, which their
releases repeat as other keys, and random configs don't. From a config that states one `rope_theta`, the reference takes
another for OLMo 3's windows; RWKV's and xLSTM's reference keeps states of other sizes than a random config's layers compute."""
DRAWN = sorted(PROVEN & {*FAMILIES} - UNDRAWN - {*TOWERS})


def test_the_tokens_differ() -> None:
    assert len({*TOKENS}) == len(TOKENS)


def test_every_proven_family_is_compared() -> None:
    assert {find(model).architecture.model_type for model in RUNNING} | {*DRAWN} | {
        *ALIKE
    } == PROVEN


@pytest.mark.parametrize("model", sorted({*BUILT} - {*RUNNING}))
def test_what_is_not_proven_is_refused(model: str) -> None:
    pytest.importorskip("numpy")
    from llm_gallery import run

    with pytest.raises(Refusal, match="can't run yet"):
        run(find(model).architecture, {}, TOKENS)


@pytest.mark.truth
@pytest.mark.parametrize("model", RUNNING)
def test_scores_and_cache_equal_the_references(model: str) -> None:
    wanted = same(miniature(CONFIGS[model]))
    assert wanted.std() > 0.01 * abs(wanted).max()


@pytest.mark.truth
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("family", DRAWN)
def test_random_configs_run_as_the_reference_does(family: str, seed: int) -> None:
    raw = miniature(mutated(family, seed))
    if raw.get("kv_lora_rank", 0) % 2:
        raw["kv_lora_rank"] += 1  # the reference turns pairs where they lie in memory
    for part in (raw, raw.get("text_config", {})):
        if "index_n_heads" in part and "index_block_size" not in part:
            part["index_n_heads"] = 16  # where all heads give two tokens 0, either may be chosen
    expected = pytest.raises(Refusal, match="nothing computes") if beyond(raw) else nullcontext()
    with expected:
        same(raw, seed)


def beyond(raw: Mapping[str, Any]) -> bool:
    """Whether a config of a proven family asks for what no release has and nobody has written."""
    held = [block.settings.keys() for _, block in walk(describe(raw).root)]
    return any("both_ways" in keys for keys in held)


def same(config: Mapping[str, Any], seed: int = 1) -> Any:
    """Runs a small config here and there; the reference's scores."""

    from tools import reference_run

    raw = reference_run.with_epsilon(config)
    architecture = describe(raw)
    assert not refused(architecture)
    tokens = readable(architecture.root)
    with reference_run.doubles():
        model = reference_run.built(raw, seed)
        weights = reference_run.weights(model, architecture.model_type)
        wanted = reference_run.scores(model, tokens)
    compared(architecture, weights, tokens, wanted)
    return wanted


def compared(
    architecture: Architecture, weights: Mapping[str, Any], tokens: Sequence[int], wanted: Any
) -> None:
    """All tokens at once and one by one give the wanted scores, and keep what `memory` states."""
    import numpy as np

    from llm_gallery.running.walk import walked

    scores, past = walked(architecture, weights, tokens)
    assert np.abs(scores - wanted).max() < CLOSE * np.abs(wanted).max()
    one_by_one, grown = [], None
    for token in tokens:
        score, grown = walked(architecture, weights, [token], grown)
        one_by_one.append(score[0])
    assert np.abs(np.stack(one_by_one) - wanted).max() < CLOSE * np.abs(wanted).max()
    assert grown is not None
    assert counted(past) == counted(grown) == 2 * kept(architecture.root, len(tokens))


def counted(past: Past) -> int:
    """Bytes of what is kept, without the tokens of open groups, which `memory` leaves out."""
    arrays = (held.items() for held in past.kept.values())
    return past.nbytes - sum(a.nbytes for pairs in arrays for name, a in pairs if "open_" in name)


def readable(root: Block) -> list[int]:
    """As many of the tokens as the model has places for, within its vocabulary; two full groups where it has any."""
    blocks = [block for _, block in walk(root)]
    groups = [block.number("ratio") for block in blocks if "ratio" in block.facts]
    places = [b.number("positions") for b in blocks if b.kind == "position_embedding"]
    count = min([2 * max(groups) if groups else len(TOKENS), *places])
    return [TOKENS[i % len(TOKENS)] % root.number("vocabulary") for i in range(count)]
