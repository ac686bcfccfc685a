"""Random configs of the families that run: their printed files give what `run` gives, branches that no release takes included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from llm_gallery import Refusal, describe, miniature, run, tensors
from llm_gallery.architecture.block import Architecture
from llm_gallery.code.file import at_once, printed
from llm_gallery.running.proven import PROVEN
from tests.code.checkpoints import written
from tests.code.executed import Printed
from tests.code.test_printed import tokens, weights
from tests.sample import first
from tests.truth.equivalents import EQUIVALENTS
from tests.truth.naive.models import NAIVE
from tests.truth.released import CONFIGS, RELEASED
from tests.truth.test_random_configs import FAMILIES, mutated

LARGEST = 4_000_000
"""Weights of a config that is worth running here."""
RUN_ALONE = ("blt", "cpmant", "inkling2_loop_text")
"""Families that run and aren't printed: a file's layers have the tokens that it was given, and read the stream alone; a
text is read one way, or whole.
"""
DRAWN = sorted((PROVEN & {*FAMILIES}) - {*RUN_ALONE})
UNRELEASED = [
    *(
        (alike.model, {**alike.config, **also})
        for alike in EQUIVALENTS.values()
        for also in alike.also
    ),
    *((alike.model, alike.config) for alike in EQUIVALENTS.values() if alike.model in RELEASED),
    *(
        (naive.model, also)
        for naive in NAIVE.values()
        if naive.model in RELEASED
        for also in ({}, *naive.variants.values())
    ),
]
pytestmark = pytest.mark.whole


@pytest.mark.parametrize("most", first((1, 4), (), (4,)))
@pytest.mark.parametrize("family", DRAWN)
def test_a_random_config_is_printed_as_it_runs(family: str, most: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(4):
        try:
            architecture = describe(miniature(mutated(family, seed)))
            if sum(tensor.elements for tensor in tensors(architecture)) > LARGEST:
                continue
            same(architecture, family, tmp_path)
        except Refusal:  # two keys that don't go together, or what nothing computes or prints
            continue
        compared += 1
        if compared == most:
            break
    assert compared


@pytest.mark.parametrize("family", RUN_ALONE)
def test_what_runs_and_is_not_printed_is_refused(family: str) -> None:
    architecture = describe(miniature(mutated(family, 0)))
    assert run(architecture, weights(architecture), tokens(architecture))[0].size
    with pytest.raises(Refusal, match="can't print code yet"):
        printed(architecture, family)


@pytest.mark.parametrize("case", first(range(len(UNRELEASED)), (), range(1, len(UNRELEASED), 2)))
def test_what_no_release_in_the_catalog_states_is_printed_as_it_runs(
    case: int, tmp_path: Path
) -> None:
    model, also = UNRELEASED[case]
    raw = {**miniature(CONFIGS[model]), **also}
    architecture = describe(raw)
    same(architecture, architecture.model_type, tmp_path)


def same(architecture: Architecture, name: str, folder: Path) -> None:
    """Prints and runs a small model, one token after another where none sees later ones. Raises Refusal where it can't."""
    held = weights(architecture)
    given = tokens(architecture)[: int(architecture.root.value("context") or 8)]
    wanted = run(architecture, held, given)[0]
    file = Printed(printed(architecture, name))
    written(folder, held)
    texts = [given] if at_once(architecture.root) else [[one] for one in given]
    scores = file.scores(file.weights(folder), *texts)
    assert np.abs(scores - wanted).max() < 1e-12 * np.abs(wanted).max()
