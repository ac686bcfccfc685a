"""A census on two nodes: the same bytes as without a cluster, also where one of them is killed at work."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from ray.exceptions import WorkerCrashedError

import llm_gallery
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census.cluster import Needed, _pass_on, node_outcome
from llm_gallery.census.program import program
from llm_gallery.cli import main
from tests.census.conftest import contents, run
from tests.census.test_census import CONFIGS, hub_rows
from tests.cli.test_census import children, gone

pytestmark = pytest.mark.whole
RAY = Path(sys.executable).with_name("ray")
GATE = Path(__file__).with_name("gate")
"""A folder with what the nodes run before anything else: a node that is held ends no file, and the others wait for that."""
QUIET = {
    **os.environ,
    "RAY_USAGE_STATS_ENABLED": "0",
    "HOME": tempfile.mkdtemp(prefix="home-"),
    "PYTHONPATH": str(Path(llm_gallery.__file__).parents[1]),
}
"""A home of its own: a token that another Ray left in the user's would keep nodes apart. The package that is tested, from any folder."""


@contextmanager
def node(until: str, *arguments: str, **own: str) -> Iterator[tuple[int, str]]:
    """A node of one core, begun as it is documented, and what it says up to a word; ended with all that it started.

    `own` is what it has in its environment besides.
    """
    command = [
        *(str(RAY), "start", "--block", "--num-cpus", "1", "--object-store-memory", "80000000"),
        *arguments,
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=QUIET | own
    ) as ray:
        assert ray.stdout is not None
        told = ""
        while until not in told:
            told += (line := ray.stdout.readline())
            assert line, told
        try:
            yield ray.pid, told
        finally:
            ended(ray.pid)


def ended(pid: int) -> None:
    """Kills a process with those that it started, and theirs."""
    found = [pid]
    for one in found:
        with suppress(FileNotFoundError):
            found += children(one)
    for one in found:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    gone(found[1:])


@pytest.fixture
def gated(tmp_path: Path) -> dict[str, str]:
    """The environment of nodes of which one is held, and the file that says that it is."""
    path = os.pathsep.join((str(GATE), QUIET["PYTHONPATH"]))
    return {"PYTHONPATH": path, "GATE": str(tmp_path / "held")}


@pytest.fixture
def address(gated: dict[str, str]) -> Iterator[str]:
    """A cluster of one node."""
    place = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # sockets' paths may not be long
    with ExitStack() as left:
        left.callback(shutil.rmtree, place, ignore_errors=True)
        head = ("--head", "--include-dashboard", "false", "--temp-dir", place)
        _, told = left.enter_context(node("--address=", *head, "--port", "0", **gated))
        yield re.findall(r"--address='([^']+:\d+)'", told)[0]


@pytest.mark.every
def test_a_node_is_killed_at_work_and_nothing_is_lost(
    tmp_path: Path, out: Path, address: str, gated: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While both describe configs; relative paths are those of the command's folder."""
    hub_rows(tmp_path / "rows.parquet", 1_000, group=250)
    config = CONFIGS["llama-3-8b"]
    sizes = [json.dumps(config | {"vocab_size": 32_000 + size}) for size in range(600)]
    lines = [json.dumps({"repository": f"a/{i}", "config": size}) for i, size in enumerate(sizes)]
    (tmp_path / "more.jsonl").write_text(
        "\n".join(lines)
    )  # groups of 512 configs, at least one a node
    given = ("rows.parquet", "more.jsonl")
    command = [sys.executable, "-m", "llm_gallery.cli", "census", *given, "-o", out.name]
    with node("Ray runtime started", "--address", address, **gated, HELD="1") as (second, _), subprocess.Popen(
        [*command, "--cluster", address],
        cwd=tmp_path, env=QUIET, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as census:  # fmt: skip
        while not (held := Path(gated["GATE"])).exists():
            assert census.poll() is None, census.communicate()
            time.sleep(0.01)
        lost = Path(held.read_text())
        assert lost.suffix == ".half"
        assert lost.exists()
        ended(second)
        printed, error = census.communicate(timeout=600)
    assert census.returncode == 0, error
    assert printed.startswith("read 1,600 rows: described ")
    monkeypatch.chdir(tmp_path)
    run(tmp_path / "alone", *given)
    assert contents(out) == contents(tmp_path / "alone")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1", "ray://127.0.0.1:x", "auto"])
def test_no_cluster_is_said_in_one_line(
    address: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    (tmp_path / "a.jsonl").write_text("{}\n")
    given = ["census", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"), "--cluster", address]
    assert main(given) == 3
    error = capsys.readouterr().err
    assert error.startswith(f"llm-gallery: no Ray cluster answers at {address} (")
    assert error.endswith("auto on one of its machines; begin one\n")


@pytest.fixture
def needed(tmp_path: Path) -> Needed:
    plan = tmp_path / "out" / "working" / "plan.json"
    plan.parent.mkdir(parents=True)
    plan.write_text(program())
    (tmp_path / "rows.jsonl").touch()
    return Needed(plan.read_bytes(), "/nowhere", plan, (str(tmp_path / "rows.jsonl"),))


def test_a_node_does_what_it_is_asked(needed: Needed) -> None:
    assert node_outcome(needed, divmod, (7, 2), {}) == (3, 1)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"inputs": ("/nowhere/rows.jsonl",)}, "doesn't see /nowhere/rows.jsonl, expected inputs"),
        ({"file": Path("/nowhere/out/working/plan.json")}, "doesn't see /nowhere/out, expected an"),
        ({"plan": b"another"}, "expected an output that all nodes share under the same path"),
    ],
)
def test_a_node_that_sees_something_else_says_so(
    needed: Needed, other: dict[str, Any], said: str
) -> None:
    refused = node_outcome(needed._replace(**other), divmod, (7, 2), {})
    assert isinstance(refused, Refusal)
    assert str(refused).startswith(f"the node {os.uname().nodename} ")
    assert said in str(refused)


def test_a_node_of_another_version_says_so(needed: Needed) -> None:
    needed.file.write_text("another")
    refused = node_outcome(needed._replace(plan=b"another"), divmod, (7, 2), {})
    assert "has another version of llm-gallery, DuckDB or Arrow, expected" in str(refused)


def test_a_task_that_every_node_loses_ends_the_census() -> None:
    lost: Future[int] = Future()
    lost.set_exception(WorkerCrashedError())
    told: Future[int] = Future()
    _pass_on(lost, told)
    with pytest.raises(Refusal, match="lost a task 11 times .WorkerCrashedError., expected"):
        told.result()
