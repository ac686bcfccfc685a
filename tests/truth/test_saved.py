"""Small random models of every family, saved by the reference and checked: whole, whatever its saving does otherwise than a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery import check
from llm_gallery.checking.saved import saved_otherwise
from llm_gallery.families import saved
from tools.digests import DIFFERENCES
from tools.saved import TYPES, save, small_model


@pytest.mark.truth
@pytest.mark.parametrize("family", TYPES)
def test_what_the_reference_saves_is_whole(family: str, tmp_path: Path) -> None:
    save(small_model(family), tmp_path)
    report = check(tmp_path)
    assert report.verdict == "whole", report.text()
    assert report.missing == report.surplus == report.reshaped == ()


OTHERWISE = {
    "paired": lambda model_type: saved(model_type).halves,
    "transposed": lambda model_type: saved(model_type).turned,
    "recut": lambda model_type: saved_otherwise(model_type).recut,
    "recomputed": lambda model_type: saved(model_type).recomputed,
}


@pytest.mark.parametrize("key", OTHERWISE)
def test_what_is_saved_otherwise_has_its_reason(key: str) -> None:
    listed = DIFFERENCES[key]
    lines = listed if isinstance(listed, list) else [listed]
    types = {name for line in lines for name in line.get("model_types", [line.get("model_type")])}
    assert types
    assert all(OTHERWISE[key](model_type) for model_type in types)
