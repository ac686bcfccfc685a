"""A printed file reads what the reference writes: sharded, in bfloat16, tied or not, and gives its scores and its text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.code.file import printed
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from tests.sample import first

pytestmark = pytest.mark.truth
CONFIGS = {entry.id: entry.config for entry in entries()}
TOKENS = [3, 14, 15, 92, 65, 35, 89, 79]
MODELS = (
    "llama-3-8b", "qwen3-0.6b", "gemma-3-270m", "gemma-2-9b", "deepseek-v3", "mixtral-8x7b", "falcon-7b",
    "gpt-oss-20b", "qwen3-next-80b-a3b", "lfm2-1.2b", "inkling", "gemma-4-e2b", "glm-5.2", "zaya1-8b",
    "qwen3.8-flash-next-125b-a6b", "mistral-small-4-119b", "deepseek-v4-flash", "kimi-k2.5", "kimi-linear-48b-a3b",
)  # fmt: skip
"""Untied and tied, dense and with experts one by one and in a stack, packed, with a state, with borrowed keys and choices, with
whole numbers and shards of a table, in a wrapper around another family's model; and the three that are saved under other names."""
OTHER_SHAPES = ("olmo-hybrid-7b", "qwen3-vl-235b-a22b")
"""Of which transformers saves matrices in other shapes than the releases have: cut at other rows, or turned."""
SLOW = {"kimi-k2.5"}
"""The reference takes half a minute to make it: it waits for `make every`."""


@pytest.mark.parametrize("model", first(MODELS, {*MODELS} - SLOW, SLOW))
def test_it_reads_what_save_pretrained_writes(model: str, tmp_path: Path) -> None:
    import numpy as np
    import torch

    from tests.code.executed import Printed
    from tools import reference_run

    config = reference_run.with_epsilon(miniature(CONFIGS[model]))
    with reference_run.doubles():
        made = reference_run.built(config, 1)
        halved(made)
        wanted = reference_run.scores(made, TOKENS)
        text = greedy(made, TOKENS, 5)
    made.to(torch.bfloat16).save_pretrained(tmp_path, max_shard_size="50KB")
    assert len([*tmp_path.glob("*.safetensors")]) > 1
    file = Printed(printed(describe(config), model))
    weights = file.weights(tmp_path)
    scores = file.scores(weights, TOKENS)
    assert scores.dtype == np.float32
    assert np.abs(scores - wanted).max() < 1e-5 * np.abs(wanted).max()  # float32, over a few layers
    assert file.generated(weights, TOKENS, 5) == text


@pytest.mark.parametrize("model", OTHER_SHAPES)
def test_other_shapes_end_the_program_in_a_line(model: str, tmp_path: Path) -> None:
    import subprocess

    from tests.code.executed import isolated
    from tools import reference_run

    config = reference_run.with_epsilon(miniature(CONFIGS[model]))
    with reference_run.doubles():
        made = reference_run.built(config, 1)
    made.save_pretrained(tmp_path)
    program = tmp_path / "printed.py"
    program.write_text(printed(describe(config), model))
    ran = subprocess.run(isolated(program, tmp_path, TOKENS), capture_output=True, text=True)
    (line,) = ran.stderr.splitlines()
    assert line.endswith("; give the checkpoint of this model's release")


def halved(model: Any) -> None:
    """Rounds every weight to bfloat16, in which it will be saved."""
    import torch

    with torch.no_grad():
        for value in model.state_dict().values():
            if value.is_floating_point():
                value.copy_(value.to(torch.bfloat16).to(value.dtype))


def greedy(model: Any, tokens: list[int], count: int) -> list[int]:
    """The likeliest tokens, all of the text anew for each."""
    from tools import reference_run

    text = list(tokens)
    for _ in range(count):
        text.append(int(reference_run.scores(model, text)[-1].argmax()))
    return text[len(tokens) :]
