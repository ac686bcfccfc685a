"""How the tests run: on the same values whatever came before, at random in a search, and without a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[1]
DRAWN = """
import pathlib, sys
from hypothesis import given, strategies as st
sys.path.insert(0, str(pathlib.Path(__file__).parent))
{more}
@given(st.lists(st.integers()), st.text(), st.floats(), st.sampled_from(range(9)))
def test_drawn(numbers, text, real, choice):
    with open(__file__ + ".drawn", "a") as file:
        print(*map(ascii, (numbers, text, real, choice)), file=file)
"""
LOOKING = """
def test_one(browser):
    browser.new_page()
def test_other(browser):
    browser.new_page()
"""
PLANTED = """
from hypothesis import given, strategies as st
@given(st.integers(), st.none())
def test_planted(number, nothing):
    assert number < 10_000
@given(st.none())
def test_right(nothing):
    pass
"""
NOWHERE = {"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": "/nowhere"}
SHARED = {"PYTEST_ADDOPTS": "-p tests.conftest", "PYTEST_XDIST_AUTO_NUM_WORKERS": "1"}


def ran(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A module of Python's with what all tests of this project share."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **SHARED, **environment},
        capture_output=True,
        text=True,
    )


def drawn(folder: Path, more: str = "", *options: str, **environment: str) -> str:
    """All values that a test is given."""
    folder.mkdir()
    (folder / "constants.py").write_text(f"NUMBERS = {[7**k for k in range(60)]}\nNAME = 'nobody'")
    file = folder / "test_it.py"
    file.write_text(DRAWN.format(more=more))
    done = ran("pytest", "-p", "no:cacheprovider", str(file), *options, **environment)
    assert done.returncode == 0, done.stdout
    return Path(f"{file}.drawn").read_text()


def test_seeds_are_fixed(tmp_path: Path) -> None:
    one = drawn(tmp_path / "one", PYTHONHASHSEED="1", CI="")
    assert one.count("\n") == 100
    assert one == drawn(tmp_path / "other", "import constants", PYTHONHASHSEED="2", CI="true")


def test_a_search_draws_at_random(tmp_path: Path) -> None:
    search = ("", "--hypothesis-profile", "search")
    assert drawn(tmp_path / "one", *search) != drawn(tmp_path / "other", *search)


def test_a_search_says_what_it_found(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(PLANTED)
    done = ran("tests.search", "0", str(file))
    assert done.returncode == 1, done.stderr
    assert "\n@example(\n    number=10000,\n    nothing=None,\n)\n" in done.stdout
    assert ": 2 tests, 1 failed; 0 s left\n1 tests failed in 1 rounds\n" in done.stdout
    file.write_text(PLANTED.replace("10_000", "float('inf')"))
    assert ran("tests.search", "0", str(file)).returncode == 0


def test_a_search_that_can_run_no_test_fails(tmp_path: Path) -> None:
    done = ran("tests.search", "0", str(tmp_path))
    assert done.returncode == 5
    assert "no tests ran" in done.stderr


def test_without_a_browser_one_line_says_so(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(LOOKING)
    done = ran("pytest", "-rs", "-p", "no:cacheprovider", str(file), CI="", **NOWHERE)
    assert done.returncode == 0, done.stdout
    (line,) = (line for line in done.stdout.splitlines() if "Chromium" in line)
    assert line.startswith("SKIPPED [2] ")
    assert line.endswith(
        "Chromium is not installed: "
        "apt-get install chromium, or .venv/bin/playwright install chromium"
    )


def test_without_a_browser_ci_fails(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(LOOKING)
    done = ran("pytest", "-p", "no:cacheprovider", str(file), CI="true", **NOWHERE)
    assert done.returncode == 1
    assert "Failed: Chromium is not installed" in done.stdout
