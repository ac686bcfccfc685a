"""What a killed build leaves beside its site: the next one removes it, and nothing that is alive or somebody's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.site import build as built
from llm_gallery.site.building import MARKER, building
from llm_gallery.site.page import Page
from tests.site.test_build import short

__all__ = ["short"]  # a fixture
HOLDS = """
import os, sys, time
from pathlib import Path
from llm_gallery.site.building import MARKER, building
with building(Path(sys.argv[1])) as folder:
    (folder / MARKER).write_text("")
    child = os.fork() if len(sys.argv) > 2 else None
    if child != 0:
        print(child or folder, flush=True)
    time.sleep(60)
"""


def begun(target: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """A build in a process of its own, which goes on for a minute; what it says first."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, target, *more], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def beside(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()} - {target.name}


def test_a_dead_build_is_cleared_away_and_a_living_one_is_not(
    short: list[Page], tmp_path: Path
) -> None:
    target = tmp_path / "site"
    process, folder = begun(target)
    try:
        built.build(target)
        assert beside(target) == {Path(folder).name}
    finally:
        process.kill()
        process.communicate()
    built.build(target)
    assert beside(target) == set()


def test_a_process_of_a_dead_build_that_still_writes_keeps_its_folder(
    short: list[Page], tmp_path: Path
) -> None:
    target = tmp_path / "site"
    process, child = begun(target, "forked")
    try:
        process.kill()
        process.wait()
        built.build(target)
        assert len(beside(target)) == 1
    finally:
        os.kill(int(child), signal.SIGKILL)
        process.communicate()
    ends = time.monotonic() + 10
    while beside(target) and time.monotonic() < ends:
        built.build(target)
    assert beside(target) == set()


def test_what_is_somebodys_own_stays(short: list[Page], tmp_path: Path) -> None:
    target = tmp_path / "site"
    own = [".site.new-abcdefgh", ".site.new-mine", ".other.new-abcdefgh"]
    for name in own:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.txt").write_text("mine")
    (tmp_path / ".other.new-abcdefgh" / MARKER).write_text("of another site")
    (tmp_path / ".site.new-linked00").symlink_to(tmp_path / ".other.new-abcdefgh")
    (tmp_path / ".site.new-emptyone").mkdir()  # as of a build that was killed at once
    built.build(target)
    assert beside(target) == {*own, ".site.new-linked00"}
    assert all((tmp_path / name / "file.txt").read_text() == "mine" for name in own)


def test_it_is_held_until_its_end(tmp_path: Path) -> None:
    with building(tmp_path / "site") as first:
        (first / MARKER).write_text("")
        with building(tmp_path / "site") as second:
            assert first.is_dir()
            assert second != first
        assert not second.exists()
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("place", ["/", "file", "file/in/it"])
def test_where_no_site_can_be(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="root of all folders|is a file, expected a folder"):
        built.build(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
