"""What pages are made from: drawn once while a model's pages are written, and let go when they are."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from llm_gallery.catalog.load import MODELS, find
from llm_gallery.catalog.model_code import code
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.listing import file
from llm_gallery.site import concept_page, model_page
from llm_gallery.site.contents import site
from llm_gallery.site.page import Page


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


def test_a_tokens_way_is_of_no_work_and_not_kept(tmp_path: Path) -> None:
    """It is written while the family tree is worked out, for all models by one process."""
    copy(MODELS / "gpt2-xl.toml", tmp_path)
    held = site(tmp_path)
    (shown,) = held.models
    pages = {page.path: page for page in model_page.pages(held)}
    page = pages["drawings/gpt2-xl-steps.js"]
    assert isinstance(page, Page)
    assert not page.work
    assert page.render()
    assert not shown._cache


def test_a_lessons_pages_are_of_the_work_of_its_model(tmp_path: Path) -> None:
    """Whoever writes that model's pages has printed the file that the lesson shows."""
    copy(MODELS / "gpt2-xl.toml", tmp_path)
    works = {page.path: page.work for page in concept_page.pages(site(tmp_path))}
    assert works["concepts/layer-norm/index.html"] == lessons()["layer-norm"].on
    assert works["concepts/layer-norm/run.json"] == lessons()["layer-norm"].on


def test_the_file_of_a_model_of_the_package_is_printed_once() -> None:
    """For its own pages and for those of lessons and courses."""
    file.cache_clear()  # another test may have asked when it was printed for the first time
    assert code(find("gpt2-xl")) is file("gpt2-xl")
