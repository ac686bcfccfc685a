"""The command: what it prints, what it refuses, and that it goes on wherever it was killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from llm_gallery.cli import main
from llm_gallery.cli.census_command import ProgressLine
from tests.census.conftest import contents, run
from tests.census.test_census import hub_rows
from tests.sample import first


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["census", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_totals_and_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        '{"repository": "a/b", "config": {"model_type": "bert"}}',
        '{"repository": "a/c"}',
        "{",
    )
    (tmp_path / "rows.jsonl").write_text("\n".join(lines))
    out = tmp_path / "out"
    code, printed, progress = said(capsys, tmp_path / "rows.jsonl", "-o", out, "--workers", 1)
    assert code == 0
    assert printed == (
        "read 3 rows: described 0, refused 1, unreadable 2\n"
        f"1 different config, 0 architectures, 0 designs\nwritten to {out}\n"
    )
    told = [line.strip() for line in progress.splitlines()]
    assert told[0] == "reading: 0% done"
    assert re.fullmatch(r"writing: 100% done, 3 rows at [\d,]+ a second, 0:00 left", told[-1])
    assert json.loads((out / "census.json").read_text())["read"] == 3


def test_rate_and_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what this run has done; a line that comes soon after another is left out, but not the last."""
    clock = iter((0.0, 20.0, 21.0, 60.0, 61.0, 7_300.0))
    monkeypatch.setattr("llm_gallery.cli.census_command.monotonic", lambda: next(clock))
    told = ProgressLine()
    told("read", 0, 0.25)
    told("read", 1_000, 0.5)
    told("read", 1_100, 0.6)
    told("read", 3_000, 1.0)
    told("describe", 0, 0.0)
    told("describe", 10, 0.5)
    told.end()
    assert [line.strip() for line in capsys.readouterr().err.splitlines()] == [
        "reading: 25% done",
        "reading: 50% done, 1,000 rows at 50 a second, 0:40 left",
        "reading: 100% done, 3,000 rows at 50 a second, 0:00 left",
        "describing: 0% done",
        "describing: 50% done, 10 configs at 0 a second, 2 h 0 min left",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("-o", "out"), 2, "A census needs something to read: folders, files or patterns."),
        (
            ("none.parquet", "-o", "out"),
            3,
            "none.parquet names nothing, expected folders of configs",
        ),
        (("rows.jsonl", "-o", "out", "--workers", "0"), 2, "--workers is 0, expected at least 1."),
        (("rows.jsonl", "-o", "rows.jsonl/out"), 2, "rows.jsonl/out"),
        (("rows.jsonl",), 2, "--output"),
    ],
)
def test_what_cant_be_done_is_said_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text("{}\n")
    ended, printed, error = said(capsys, *arguments)
    assert (ended, printed) == (code, "")
    assert error.startswith("llm-gallery: ")
    assert line in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("seed", first(range(12), (), range(1, 12)))
def test_killed_at_any_moment_it_goes_on(tmp_path: Path, seed: int) -> None:
    """Killed twice, with no chance to tidy up; its processes end with it."""
    rows = hub_rows(tmp_path / "rows.parquet", 800, group=100)
    command = [
        sys.executable,
        "-m",
        "llm_gallery.cli",
        "census",
        str(rows),
        "-o",
        str(tmp_path / "out"),
    ]
    random = Random(seed)
    for _ in range(2):
        with subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.DEVNULL) as child:
            time.sleep(random.uniform(0, 4))
            started = children(child.pid)
            child.kill()
        gone(started)
    subprocess.run([*command, "--workers", "2"], check=True, capture_output=True)
    run(tmp_path / "whole", rows)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_when_one_of_its_processes_is_killed_it_says_so(tmp_path: Path) -> None:
    rows = hub_rows(tmp_path / "rows.parquet", 300, group=50)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "llm_gallery.cli", "census", str(rows), "-o", str(out)]
    with subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.PIPE, text=True) as child:
        while not (started := [*filter(works, children(child.pid))]):
            assert child.poll() is None
            time.sleep(0.02)
        os.kill(started[0], signal.SIGKILL)
        _, error = child.communicate(timeout=120)
    assert child.returncode == 3
    assert "a process of the census was ended from outside" in error.splitlines()[-1]
    assert error.splitlines()[-1].endswith("it goes on where it stopped")
    assert main([*command[3:], "--workers", "1"]) == 0


def works(pid: int) -> bool:
    """Whether it is a process of the pool."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    """Processes that a process started, as Linux tells them."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [*map(int, told.read_text().split())] if told.exists() else []


def gone(pids: list[int]) -> None:
    """Waits until they have ended; fails after a while."""
    ends = time.monotonic() + 30
    while any(map(alive, pids)):
        assert time.monotonic() < ends, f"{pids} outlive the process that started them"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
