"""What pages are made from: drawn once while a model's pages are written, and let go when they are."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from llm_gallery.catalog.load import MODELS
from llm_gallery.site.contents import site


def test_what_a_models_pages_share_is_let_go_with_them(tmp_path: Path) -> None:
    for model in ("gpt2-xl", "qwen3-0.6b"):
        copy(MODELS / f"{model}.toml", tmp_path)
    held = site(tmp_path)
    shown, other = held.models
    drawn, panels = shown.plate("phone"), shown.steps
    assert shown.plate("phone") is drawn
    assert shown.steps is panels
    kept = other.plate("phone")
    held.forget(shown.id)
    assert shown.plate("phone") is not drawn
    assert shown.plate("phone").inline() == drawn.inline()
    assert other.plate("phone") is kept
