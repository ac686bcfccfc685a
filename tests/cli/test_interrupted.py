"""Ctrl+C at any moment, while modules load as later: exit code 130, no traceback, and no process outlives it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_gallery.catalog.load import MODELS
from llm_gallery.cli import FAULT, INTERRUPTED, main
from tests.census.test_census import hub_rows
from tests.sample import first

PROGRAM = """
import sys
from llm_gallery.cli import main
class Seen:
    def find_spec(self, name, *_):
        if name == "llm_gallery.cli.command":
            print(flush=True)
sys.meta_path.insert(0, Seen())
sys.exit(main())
"""
"""As the program that an installation makes, which says when it begins to load; what comes before is Python's own."""


BUT_EVERY_FOURTH = [moment for moment in range(40) if moment % 4]
"""Moments that `make every` takes."""


def interrupted(command: list[str], after: float, folder: Path) -> tuple[int, str]:
    """The exit code as a shell has it, and what is said where Ctrl+C reaches the program, and all that it started, so many seconds after its begin."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Begun in the background of a shell, tests and what they start ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            # At its very end Python has put the signal's own effect back: a shell counts 130 for that, too.
            return process.returncode if process.returncode >= 0 else 128 - process.returncode, said
        time.sleep(0.05)
    raise AssertionError(f"something outlives {command}")


@pytest.mark.parametrize("after", first(range(40), (1,), BUT_EVERY_FOURTH))
def test_while_it_begins(after: int, tmp_path: Path) -> None:
    code, said = interrupted(["facts", "deepseek-v3", "--prove"], after * 0.025, tmp_path)
    assert (code, said) in ((0, ""), (INTERRUPTED, ""))


@pytest.mark.parametrize("after", first(range(12), (), BUT_EVERY_FOURTH))
def test_while_processes_write_a_site(after: int, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    for file in sorted(MODELS.glob("[gl]*.toml"))[:24]:
        shutil.copy(file, tmp_path / "some")
    code, said = interrupted(["build", "site", "--catalog", "some"], 2 + after, tmp_path)
    assert (code, said) in ((0, ""), (INTERRUPTED, ""))
    assert {path.name for path in tmp_path.iterdir()} <= {"some", "site"}


@pytest.mark.parametrize("after", first(range(12), (), BUT_EVERY_FOURTH))
def test_while_processes_take_a_census(after: int, tmp_path: Path) -> None:
    hub_rows(tmp_path / "rows.parquet", 800, group=100)
    command = ["census", "rows.parquet", "-o", "out", "--workers", "2"]
    code, said = interrupted(command, 0.5 + after / 3, tmp_path)
    assert "Traceback" not in said
    assert code in (0, INTERRUPTED)
    assert all(
        line.startswith(("reading: ", "describing: ", "writing: ")) for line in said.splitlines()
    )


def test_a_second_one_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def app(_: object) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("llm_gallery.cli.command.app", app)
    try:
        assert main(["list"]) == INTERRUPTED
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)


class Interrupted:
    def __set_name__(self, *_: object) -> None:
        raise KeyboardInterrupt


def making_a_class(_: object) -> None:
    type("Made", (), {"member": Interrupted()})


def cleaning_up(_: object) -> None:
    try:
        raise KeyboardInterrupt
    finally:
        raise ArithmeticError


@pytest.mark.parametrize("app", [making_a_class, cleaning_up])
def test_what_another_error_hides(
    app: Callable[[object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("llm_gallery.cli.command.app", app)
    try:
        assert main(["list"]) == INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_error_is_no_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    def app(_: object) -> None:
        raise ArithmeticError from ValueError()

    monkeypatch.setattr("llm_gallery.cli.command.app", app)
    assert main(["list"]) == FAULT


CALLBACK = """
import signal, sys, weakref
from llm_gallery import cli
from llm_gallery.cli import command, main
signal.signal(signal.SIGINT, signal.default_int_handler)  # begun in the background of a shell, it ignores it
class Thing: pass
def app(_):
    thing = Thing()
    held = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
    del thing  # its callback raises, and Python prints and forgets that
    import time
    time.sleep(30)
command.app = app
sys.exit(main(["list"]))
"""


def test_what_falls_into_a_callback_comes_again() -> None:
    began = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", CALLBACK], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (INTERRUPTED, "")
    assert time.monotonic() - began < 25
