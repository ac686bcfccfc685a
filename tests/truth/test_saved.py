"""Small random models of every family, saved by the reference and checked: whole, whatever its saving does otherwise than a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery import check
from llm_gallery.checking.saved import saved_otherwise
from llm_gallery.families import names
from llm_gallery.recognition.wrapper_rows import ROWS
from tools.digests import DIFFERENCES
from tools.saved import TYPES, save, small_model

BUT_FOR = {
    "diffusion_gemma": {"model.decoder"},
    "llava_onevision1_5": {"visual"},
    "ovis2_5": {"visual_tokenizer", "vte"},
}
"""Parts that aren't described: what only writes a canvas, and towers."""


@pytest.mark.truth
@pytest.mark.parametrize("family", TYPES)
def test_what_the_reference_saves_is_whole(family: str, tmp_path: Path) -> None:
    save(small_model(family), tmp_path)
    report = check(tmp_path)
    assert report.whole, report.text()
    assert {part.name for part in report.but_for} == BUT_FOR.get(family, set())
    assert [*report.missing, *report.surplus, *report.reshaped] == []


OTHERWISE = {
    "saved": "names",
    "paired": "halves",
    "transposed": "turned",
    "recut": "recut",
    "recomputed": "recomputed",
}
"""What differences.toml gives reasons for, and where the package has it."""


@pytest.mark.parametrize("key", OTHERWISE)
def test_what_is_saved_otherwise_has_its_reason(key: str) -> None:
    listed = DIFFERENCES[key]
    lines = listed if isinstance(listed, list) else [listed]
    types = {name for line in lines for name in line.get("model_types", [line.get("model_type")])}
    here = {name for name in (*names(), *ROWS) if getattr(saved_otherwise(name), OTHERWISE[key])}
    inside = {name for name, row in ROWS.items() if row.saved is None}
    assert types == here - inside
