"""The build: the same bytes each time, the old site whole until the new one is, nothing of others touched."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

import llm_gallery
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import MODELS
from llm_gallery.site import build as built
from llm_gallery.site.building import MARKER
from llm_gallery.site.page import Page
from llm_gallery.site.pages import Files, files
from tests.cli.test_bare_installation import installed
from tests.sample import catalog, sample


def digests(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[Page]:
    """A site of a few small pages; a test may put others in the list."""
    made = [Page("index.html", lambda: b"one"), Page("a/b.txt", lambda: b"two")]
    monkeypatch.setattr(
        "llm_gallery.site.pages.files",
        lambda *_: Files(tuple(made), tuple, {}, {}, {}, lambda work: None),
    )
    return made


@pytest.mark.parametrize(
    "models",
    [
        pytest.param(sample()[:8], id="some", marks=pytest.mark.every),
        pytest.param(catalog(), id="catalog", marks=pytest.mark.every),
    ],
)
def test_an_installation_with_the_extra_builds_the_same_bytes(
    models: tuple[str, ...], tmp_path: Path
) -> None:
    command = installed(tmp_path, "site")
    (packages,) = tmp_path.glob("venv/lib/python*/site-packages/llm_gallery")
    own = digests(Path(llm_gallery.__file__).parent)
    there = digests(packages)
    assert {
        path for path in own if "__pycache__" not in path and own[path] != there.get(path)
    } == set()
    (tmp_path / "catalog").mkdir()
    for model in models:
        shutil.copy(MODELS / f"{model}.toml", tmp_path / "catalog")
    ran = subprocess.run(
        [command, "build", "_site", "--catalog", "catalog"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    built.build(tmp_path / "here", tmp_path / "catalog")
    assert digests(tmp_path / "_site") == digests(tmp_path / "here")


def test_the_first_pages_are_made_without_the_family_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in ("gpt2-xl", "qwen3-0.6b"):
        shutil.copy(MODELS / f"{model}.toml", tmp_path)
    monkeypatch.delattr("llm_gallery.site.contents.lineage")
    made = files(tmp_path)
    assert all(page.render() for page in made.first)
    with pytest.raises(NameError, match="lineage"):
        made.others()


def test_replaces_a_former_site(short: list[Page], tmp_path: Path) -> None:
    built.build(tmp_path / "site")
    short[:] = [Page("index.html", lambda: b"new")]
    built.build(tmp_path / "site")
    assert set(digests(tmp_path / "site")) == {
        "index.html",
        "static/charts.css",
        "static/drawn.css",
        "static/gallery.css",
        "static/style.css",
        MARKER,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_interrupted_build_leaves_the_old_site(
    short: list[Page], tmp_path: Path, error: type[BaseException]
) -> None:
    built.build(tmp_path / "site")
    before = digests(tmp_path / "site")

    def fails() -> bytes:
        raise error

    short.append(Page("last.html", fails))
    with pytest.raises(error):
        built.build(tmp_path / "site")
    assert digests(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_interrupted_between_the_two_renames(
    short: list[Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.build(tmp_path / "site")
    before = digests(tmp_path / "site")
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if ".new-" in path.name:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(KeyboardInterrupt):
        built.build(tmp_path / "site")
    assert digests(tmp_path / "site") == before


def test_killed_between_the_two_renames_is_put_right(short: list[Page], tmp_path: Path) -> None:
    built.build(tmp_path / "site")
    before = digests(tmp_path / "site")
    (tmp_path / "site").rename(tmp_path / ".site.old")
    short.append(Page("bad.html", lambda: 1 // 0 * b""))
    with pytest.raises(ZeroDivisionError):
        built.build(tmp_path / "site")
    assert digests(tmp_path / "site") == before


def test_refuses_a_folder_of_somebody_else(short: list[Page], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(Refusal, match="holds files that the build didn't make"):
        built.build(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_refuses_a_file(short: list[Page], tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    with pytest.raises(Refusal, match="is a file, expected a folder"):
        built.build(tmp_path / "site")


def test_takes_an_empty_folder(short: list[Page], tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    built.build(tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_bytes() == b"one"
