"""Pages by several processes: each is written, and once, though those not begun change hands midway."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from llm_gallery.site.page import Page
from llm_gallery.site.workers import FEW, render

FIRST = [Page(f"first-{number}", bytes) for number in range(4 * FEW)]
OTHERS = [Page(f"other-{number}", bytes) for number in range(5)]


def written(folder: Path) -> None:
    """Writes them so slowly that the first are not done when the others are there."""

    def write(page: Page) -> None:
        time.sleep(0.01)
        with (folder / page.path).open("x") as file:  # refuses what is there already
            file.write(str(os.getpid()))

    render(FIRST, lambda: OTHERS, [], write, lambda work: None)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core starts no processes")
def test_each_page_is_written_once(tmp_path: Path) -> None:
    """In a process of its own: that of a test may have threads, and then one process writes all."""
    process = get_context("spawn").Process(target=written, args=(tmp_path,))
    process.start()
    process.join(60)
    if process.is_alive():
        process.kill()
    assert process.exitcode == 0
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(made) == {page.path for page in (*FIRST, *OTHERS)}
    assert len(set(made.values())) > 2, "the first and all are written by several processes each"


BEGUN = """
import os, sys
from pathlib import Path
from llm_gallery.site import build, workers
def render(*asked): print(workers._may_fork(), "numpy" in sys.modules, *(name for name in os.environ if "THREADS" in name))
workers.render = render
build.build(Path(sys.argv[1]) / "site")
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted by Linux")
def test_numpy_starts_no_threads_that_would_keep_a_build_to_one_process(tmp_path: Path) -> None:
    """As somebody's own command, whose environment says nothing of threads; it says as little afterwards."""
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    command = [sys.executable, "-c", BEGUN, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_of_each_work_is_told_once_all_its_pages_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So what its pages had in common can go: of all models it would be more than a small machine has."""
    monkeypatch.setattr("llm_gallery.site.workers._may_fork", lambda: False)
    told: list[str] = []
    first = [Page("alone", bytes), Page("a/1", bytes, "a"), Page("b/1", bytes, "b")]
    others = [Page("c/1", bytes, "c"), Page("c/2", bytes, "c")]
    render(first, lambda: others, [], lambda page: told.append(page.path), told.append)
    assert told == ["a/1", "a", "b/1", "b", "alone", "", "c/1", "c/2", "c"]
