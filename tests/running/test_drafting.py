"""A prediction module's guess of the token after the next: a second, naive writing gives the same, and each half counts."""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from llm_gallery import catalog, describe, run
from llm_gallery.architecture.block import Architecture, layers
from llm_gallery.code.drafting import MODULE
from llm_gallery.code.file import printed
from llm_gallery.code.sources import source
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running import draws, given
from llm_gallery.running.miniature import miniature
from llm_gallery.running.program import Program, defined
from llm_gallery.running.proof import CLOSE, some
from llm_gallery.running.random_weights import RandomWeights
from tests.truth.naive.deepseek_mtp import scores

CONFIGS = {entry.id: entry.config for entry in catalog()}
EPSILON = 1e-3
"""Of norms: large enough that a wrong one is seen."""


@cache
def config() -> dict[str, Any]:
    """DeepSeek V3's miniature with nothing stretched, which the second writing doesn't know."""
    small = miniature(CONFIGS["deepseek-v3"])
    return {**small, "rope_scaling": None, "rms_norm_eps": EPSILON}


@cache
def model() -> tuple[Architecture, dict[str, Array], list[int]]:
    """It, with its weights and a text."""
    made = describe(config())
    drawn = RandomWeights(made.root)
    of_module = {t.name: draws.numbers(t.name, t.shape) for t in given.of_module(made.root)}
    return made, {**{name: drawn[name] for name in drawn}, **of_module}, some(made.root)


def program(made: Architecture, weights: dict[str, Array]) -> Program:
    file = printed(made, "")
    tree = next(node for node in ast.parse(file).body if defined(node) == MODULE)
    return Program(file, ast.unparse(tree), MODULE, weights, drafts=True)


def guessed(weights: dict[str, Array], text: list[int]) -> Array:
    """The scores of each token after the next, as the printed file drafts them."""
    scored: Array = program(model()[0], weights).scores(text)[0]
    return scored


def far(one: Array, other: Array) -> float:
    return float(np.abs(one - other).max() / np.abs(other).max())


def test_a_second_writing_gives_the_same() -> None:
    made, weights, text = model()
    after, second = scores(config(), weights, text[:-1], text[1:])
    assert second.std() > 0.01 * np.abs(second).max()
    assert far(run(made, weights, text[:-1])[0], after) < CLOSE
    assert far(guessed(weights, text), second) < CLOSE


def test_one_token_after_another_gives_the_same() -> None:
    made, weights, text = model()
    single, past = program(made, weights).scores(text, apart=True)
    assert far(single, guessed(weights, text)) < CLOSE
    assert len(past) == len(layers(made.root)) + 1  # the module keeps as one more layer


def name(part: str) -> str:
    """Of the module, which is stored as one more layer."""
    return f"model.layers.{config()['num_hidden_layers']}.{part}"


@pytest.mark.parametrize("at", [3, 7])
def test_a_guess_reads_the_next_token_and_none_after_it(at: int) -> None:
    """The guess at position i of the token at i + 2 changes with that at i + 1, and with none later."""
    _, weights, text = model()
    other = [*text]
    other[at] = (text[at] + 1) % 96
    moved = np.abs(guessed(weights, other) - guessed(weights, text)).max(axis=-1) > 0
    assert not moved[: at - 1].any()
    assert moved[at - 1 :].all()


@pytest.mark.parametrize("half", ["token", "stream"])
def test_each_half_of_the_matrix_takes_its_own(half: str) -> None:
    """With the token's half zero, another next token changes nothing where it isn't read otherwise; and so for the stream."""
    made, weights, text = model()
    matrix = weights[name("eh_proj.weight")].copy()
    width = made.root.number("width")
    matrix[:, :width] *= half != "token"
    matrix[:, width:] *= half != "stream"
    weights = {**weights, name("eh_proj.weight"): matrix}
    tokens, following = np.array(text[:-1]), np.array(text[1:])
    running = program(made, weights)

    def drafted(tokens: Array, following: Array) -> Array:
        past: list[dict[str, Array]] = [{} for _ in range(len(layers(made.root)) + 1)]
        y: Array = running.names["draft"](
            running.weights, tokens, following, past, np.arange(len(tokens))
        )
        return y

    y = drafted(tokens, following)
    assert np.abs(y).max() > 0
    others = {"token": (tokens, following[::-1]), "stream": (tokens[::-1], following)}
    assert far(drafted(*others[half]), y) == 0
    (other,) = {*others} - {half}
    assert far(drafted(*others[other]), y) > 0.01


def test_it_isnt_the_models_own_guess() -> None:
    made, weights, text = model()
    assert far(guessed(weights, text), run(made, weights, text[:-1])[0]) > 0.1


WRONG = {
    "a sign": "w.join(np.concatenate([-w.token_norm(embedded), w.stream_norm(x)], axis=-1))",
    "the other order": "w.join(np.concatenate([w.stream_norm(x), w.token_norm(embedded)], axis=-1))",
    "each other's norm": "w.join(np.concatenate([w.token_norm(x), w.stream_norm(embedded)], axis=-1))",
    "no norm of the stream": "w.join(np.concatenate([w.token_norm(embedded), 0 * w.stream_norm(x) + x], axis=-1))",
    "no norm of the token": "w.join(np.concatenate([0 * w.token_norm(embedded) + embedded, w.stream_norm(x)], axis=-1))",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_caught(wrong: str) -> None:
    _, weights, text = model()
    functions = source("multi_token_prediction").functions
    own = deepcopy(functions["forward"])
    *_, stream, embedded = (one.arg for one in own.args.args)
    said = re.sub(r"\bembedded\b", embedded, re.sub(r"\bx\b", stream, WRONG[wrong]))
    own.body = [ast.Return(ast.parse(said, mode="eval").body)]
    second = scores(config(), weights, text[:-1], text[1:])[1]
    with patch.dict(functions, {"forward": own}):
        assert far(guessed(weights, text), second) > 1e-3


@pytest.mark.parametrize("of", ["deepseek-v3", "deepseek-v3.2", "glm-4.5-air", "glm-4.7-flash"])
def test_it_drafts_one_by_one_as_all_at_once(of: str) -> None:
    made = given.small(CONFIGS[of])
    drawn, text = RandomWeights(made.root), some(made.root)
    weights = {name: drawn[name] for name in drawn}
    weights |= {t.name: draws.numbers(t.name, t.shape) for t in given.of_module(made.root)}
    running = program(made, weights)
    y = running.scores(text)[0]
    assert y.std() > 0.01 * np.abs(y).max()
    assert far(running.scores(text, apart=True)[0], y) < CLOSE
