"""Types that are no decoder-only language models: each is said to be what it is, and none of them is described."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families import names
from llm_gallery.families._config import other_types
from llm_gallery.families._registry import module_name
from llm_gallery.recognition import describe
from llm_gallery.recognition.other_types import BY_NAME, BY_TASK, OF_ITS_OWN, WITH_TEXT
from llm_gallery.recognition.wrapper_rows import ROWS

TYPES = sorted({*BY_NAME, *OF_ITS_OWN}.union(*other_types().values()))


def test_no_type_is_there_twice_or_described() -> None:
    assert len(TYPES) == len(BY_NAME) + len(OF_ITS_OWN) + sum(map(len, other_types().values()))
    assert not {*map(module_name, TYPES)} & {*names(), *ROWS}
    by_task = [*WITH_TEXT, *BY_TASK]
    assert [*other_types()][: len(by_task)] == by_task
    assert all(words.startswith("a part of ") for words in [*other_types()][len(by_task) :])
    assert all(other_types().values())


@pytest.mark.parametrize(
    ("model_type", "word"),
    [("bark", "sound"), ("whisper", "speech"), ("t5", "decoder"), ("xlm", "masked"), ("vit", "pictures"),
     ("siglip", "pair"), ("owlvit", "words"), ("clip_text_model", "part")],
)  # fmt: skip
def test_a_type_alone_says_what_it_is(model_type: str, word: str) -> None:
    with pytest.raises(Refusal, match=f'"{model_type}", an? [a-z ]*{word}'):
        describe({"model_type": model_type})


@pytest.mark.parametrize("model_type", TYPES)
def test_none_has_neighbours_among_families(model_type: str) -> None:
    with pytest.raises(Refusal) as refused:
        describe({"model_type": model_type})
    assert "nearest" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
