"""Strangers with a published modeling file: transformers' own files, renamed, beside configs of a type nobody knows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._registry import module_name
from llm_gallery.recognition import describe, guess
from llm_gallery.recognition.nearest import language_model
from tests.truth.changed_configs import of_catalog
from tests.truth.changes import smaller
from tests.truth.test_random_configs import FAMILIES, mutated
from tools import reference
from tools.digests import described

RIGHT_WITH, RIGHT_WITHOUT, STRANGERS = 111, 94, 124
"""How many come out with the names and shapes of every tensor, with their file and without it, of how many."""


def config(family: str) -> Mapping[str, Any]:
    """A real config of the family, or one that the reference saved."""
    if held := of_catalog().get(module_name(family)):
        return smaller({"model_type": family, **held[0][1]})
    saved = reference.config(mutated(family, 1)).to_json_string(use_diff=False)
    made: Mapping[str, Any] = json.loads(saved)
    return made


def renamed(family: str) -> str:
    """The family's modeling file with another's name; empty where it has none of its own."""
    import transformers

    name = module_name(family)
    file = Path(transformers.__file__).parent / "models" / name / f"modeling_{name}.py"
    if not file.exists():
        return ""

    def strange(found: re.Match[str]) -> str:
        return "Stranger" if found[0][0].isupper() else "stranger"

    spellings = f"{name}|{name.replace('_', '')}"
    return re.sub(spellings, strange, file.read_text("utf-8"), flags=re.IGNORECASE)


def recovered(raw: Mapping[str, Any], text: str) -> bool:
    """Whether the guess at a nameless config has every tensor of the family's description."""
    kept = {key: value for key, value in raw.items() if key != "architectures"}
    try:
        made = guess({**kept, "model_type": "stranger"}, text)
    except Refusal:
        return False
    return described(made.root) == described(describe(raw).root)


@pytest.mark.truth
def test_a_modeling_file_finds_more_families() -> None:
    """How often the names of parts find the family; models of several parts are left out, as no guess describes those."""
    found = []
    for family in FAMILIES:
        raw, text = config(family), renamed(family)
        if text and not language_model(raw)[1]:
            assert "stranger" in text
            found.append((recovered(raw, text), recovered(raw, "")))
    right = [sum(column) for column in zip(*found, strict=True)]
    assert [*right, len(found)] == [RIGHT_WITH, RIGHT_WITHOUT, STRANGERS]
