"""A described model runs: its scores are the reference's, and it keeps and computes what the fact sheet states.

Each model of the catalog is made small; both get the same random weights and compute in float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import pytest

from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.code.supported import refused
from llm_gallery.recognition import describe
from llm_gallery.running.compared import compared_models
from llm_gallery.running.miniature import miniature
from tests.sample import first
from tests.truth.full_configs import full_config, scored
from tests.truth.test_catalog import BUILT
from tests.truth.test_random_configs import FAMILIES, mutated

CONFIGS = {entry.id: entry.config for entry in entries()}
UNABLE = ("internlm3-8b",)
"""Models that the reference builds and `run` refuses; named, so that nothing is described before the first test."""
RUNNING = sorted({*BUILT} - {*UNABLE})
DRAWN = sorted(FAMILIES)
SEEDS = range(10)


def test_what_is_said_to_be_compared_is_what_tests_compare() -> None:
    from tools.generate_running import compared_types

    assert compared_models().types == compared_types()


@pytest.mark.parametrize("model", UNABLE)
def test_what_nothing_computes_is_refused(model: str) -> None:
    pytest.importorskip("numpy")
    from llm_gallery import run

    with pytest.raises(Refusal, match="can't run yet"):
        run(find(model).architecture, {}, [1, 2])


@pytest.mark.truth
@pytest.mark.parametrize("model", RUNNING)
def test_scores_and_cache_equal_the_references(model: str) -> None:
    wanted = same(miniature(CONFIGS[model]))
    assert wanted.std() > 0.01 * abs(wanted).max()


@pytest.mark.truth
@pytest.mark.parametrize("seed", first(SEEDS, SEEDS[:3], SEEDS[3:]))
@pytest.mark.parametrize("family", DRAWN)
def test_random_configs_run_as_the_reference_does(family: str, seed: int) -> None:
    made = scored(miniature(mutated(family, seed)))
    raw = full_config(made)
    assert raw is made or stated(raw) == stated(made)
    if raw.get("kv_lora_rank", 0) % 2:
        raw["kv_lora_rank"] += 1  # the reference turns pairs where they lie in memory
    for part in (raw, raw.get("text_config", {})):
        if "index_n_heads" in part and "index_block_size" not in part:
            part["index_n_heads"] = 16  # where all heads give two tokens 0, either may be chosen
    expected = pytest.raises(Refusal, match="nothing computes") if beyond(raw) else nullcontext()
    with expected:
        same(raw, seed)


def stated(raw: Mapping[str, Any]) -> list[Any]:
    """All that a description says of each block, whichever key says it."""
    return [
        (block.kind, {name: fact.value for name, fact in block.facts.items()}, block.settings)
        for _, block in walk(describe(raw).root)
    ]


def beyond(raw: Mapping[str, Any]) -> bool:
    """Whether a config of a proven family asks for what no release has and nobody has written."""
    held = [block.settings.keys() for _, block in walk(describe(raw).root)]
    return any("both_ways" in keys for keys in held)


def same(config: Mapping[str, Any], seed: int = 1) -> Any:
    """Runs a small config here and there; the reference's scores."""
    from llm_gallery.running.proof import CLOSE, compared
    from tools.reference_run import answer

    wanted = answer(config, seed)
    assert not refused(wanted.architecture)
    run = compared(wanted.architecture, wanted.weights, wanted.tokens)
    assert wanted.error(run.scores) < CLOSE
    if not run.most:
        assert run.kept.done == run.kept.stated
        assert run.work.done == run.work.stated
    assert run.holds
    return wanted.scores
