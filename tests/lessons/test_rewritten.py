"""What a lesson writes in another way gives what the printed function gives, and takes the work that its text says."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from math import prod
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from llm_gallery.code.formatted import formatted
from llm_gallery.lessons.lesson import Lesson, lessons
from llm_gallery.lessons.numbers import model
from llm_gallery.lessons.taught import computed_lesson
from llm_gallery.running.edited import CLOSE, Session
from llm_gallery.running.program import Program
from llm_gallery.site.run_in_page import running

pytestmark = pytest.mark.whole

EACH = pytest.mark.parametrize(
    "lesson", [one for one in lessons().values() if one.rewritten], ids=lambda one: one.id
)
LATENT = "multi-head-latent-attention"


@cache
def session(lesson: Lesson) -> Session:
    return Session(json.loads(running(lesson.on, lesson.functions[0]).json))


def placed(lesson: Lesson) -> str:
    """The other way, as the page's editor takes it."""
    assert lesson.rewritten is not None
    return running(
        lesson.on, lesson.functions[0], other=lesson.rewritten.in_place_of(lesson.functions[0])
    ).other


@EACH
def test_it_gives_the_same_scores(lesson: Lesson) -> None:
    """But for what float64 loses where sums are taken in another order; kept is the same; and token by token too."""
    held = session(lesson)
    found = held.run(placed(lesson))
    assert "failed" not in found
    assert 0 < found["scores"]["moved"] < CLOSE * found["scores"]["largest"]
    assert found["output"]["moved"] < CLOSE * found["output"]["largest"]
    assert found["scores"]["likeliest"] == 0
    assert found["kept"]["printed"] == found["kept"]["yours"]
    assert held.check()["agree"]


def test_a_fault_in_it_is_noticed() -> None:
    """Were queries folded with another head's matrix, scores would be others."""
    lesson = lessons()[LATENT]
    wrong = placed(lesson).replace("q_nope, to_key)", "q_nope, to_key[::-1])")
    assert wrong != placed(lesson)
    found = session(lesson).run(wrong)
    assert found["scores"]["moved"] > CLOSE * found["scores"]["largest"]


@EACH
def test_it_is_formatted_as_what_is_printed(lesson: Lesson) -> None:
    assert lesson.rewritten is not None
    assert formatted(lesson.rewritten.code).strip() == lesson.rewritten.code


def test_folded_work_is_what_the_text_says() -> None:
    """Multiplications that each token of the past takes, counted as the code runs, for the miniature's own sizes."""
    lesson = lessons()[LATENT]
    held = session(lesson)
    sizes = SimpleNamespace(
        **{k: held.printed.names[k] for k in ("HEADS", "NOPE_DIM", "ROPE_DIM", "VALUE_DIM")}
    )
    rank = held.past[0]["latents"].shape[1]
    plain = sizes.HEADS * (sizes.NOPE_DIM + sizes.ROPE_DIM + sizes.VALUE_DIM)
    folded = sizes.HEADS * (2 * rank + sizes.ROPE_DIM)
    assert for_each_token(held, held.data["code"]) == plain
    assert for_each_token(held, placed(lesson)) == folded
    b = model(lesson.on, lesson.id).b
    whole = (
        b.heads * (2 * b.kv_rank + b.rope_dim),
        b.heads * (b.nope_dim + b.rope_dim + b.value_dim),
    )
    step = computed_lesson(lesson).steps[-1].text
    assert (
        f"{whole[0]:,} multiplications instead of {whole[1]:,}, {whole[0] / whole[1]:.1f} times"
        in step
    )


def for_each_token(held: Session, code: str) -> int:
    """Multiplications of the einsums of one layer that a token more of the past brings a step."""
    program = Program(held.data["file"], code, held.data["function"], held.arrays)
    layers: int = program.names["LAYERS"]
    counted: list[int] = []
    program.names["np"] = _counting(counted)
    taken = []
    past: list[dict[str, Any]] = [{} for _ in range(layers)]
    for place in range(3):
        counted.clear()
        program.names["model"](
            program.weights, np.array([held.tokens[place]]), past, np.array([place])
        )
        taken.append(sum(counted))
    more = taken[2] - taken[1]
    assert more == taken[1] - taken[0]
    assert more % layers == 0
    return more // layers


def _counting(counted: list[int]) -> Any:
    """numpy, whose einsum notes its multiplications."""

    def einsum(letters: str, *given: Any) -> Any:
        sizes = {
            letter: size
            for word, array in zip(letters.partition("->")[0].split(","), given, strict=True)
            for letter, size in zip(word, array.shape, strict=True)
        }
        counted.append(prod(sizes.values()))
        answer: Callable[..., Any] = np.einsum
        return answer(letters, *given)

    return SimpleNamespace(**{**vars(np), "einsum": einsum})
