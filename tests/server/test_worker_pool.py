"""Workers: quick questions pass long ones, the long are few, and what dies or grows is replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.server import worker_pool
from llm_gallery.server.worker_pool import QUICK, Busy, Lane, TooLarge, TooLong

PATIENCE = 6.0
"""Seconds that a question may take in these tests."""
SPARES = 2
ROOT = Path(__file__).parents[2]


def work(wanted: str) -> dict[str, Any]:
    """What a stranger may ask for."""
    if wanted == "long":
        time.sleep(60)
    elif wanted == "later":
        time.sleep(QUICK + 1)
    elif wanted == "large":
        bytearray(2 * worker_pool.MEMORY)
    elif wanted == "deadly":
        os._exit(1)
    elif wanted == "bad":
        raise Refusal("not like this")
    return {"said": wanted}


def prepared() -> None:
    """Nothing has to be read."""


def unprepared() -> None:
    raise Refusal("the catalog has a fault")


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    made = Lane(work, prepared, size=2, spares=SPARES)
    made.answer(("quick",), 60)  # the processes are started
    for worker in made._all:
        worker.ready.result(60)  # and prepared
    yield made
    made.close()


def outcome(lane: Lane, wanted: str) -> tuple[str, float]:
    """How a question ended, and after how many seconds."""
    start = time.perf_counter()
    try:
        end = str(lane.answer((wanted,), PATIENCE)["said"])
    except (Busy, TooLong, TooLarge) as error:
        end = type(error).__name__
    return end, time.perf_counter() - start


@pytest.mark.whole
def test_quick_questions_do_not_wait_for_a_strangers_long_one(lane: Lane) -> None:
    with ThreadPoolExecutor(SPARES + 21) as clients:
        strangers = [clients.submit(outcome, lane, "long") for _ in range(SPARES + 1)]
        time.sleep(0.2)  # all workers are at the strangers' questions
        quick = [clients.submit(outcome, lane, "quick") for _ in range(20)]
        ends = [asked.result() for asked in quick]
        long_ends = sorted(asked.result()[0] for asked in strangers)
    assert {end for end, _ in ends} == {"quick"}
    assert max(seconds for _, seconds in ends) < PATIENCE / 2  # none stood behind a long one
    assert long_ends == [
        "Busy",
        *["TooLong"] * SPARES,
    ]  # no more than so many are worked on at once


@pytest.mark.whole
def test_a_long_question_is_answered_in_its_time(lane: Lane) -> None:
    assert outcome(lane, "later")[0] == "later"
    assert outcome(lane, "quick")[0] == "quick"


@pytest.mark.parametrize(("wanted", "end"), [("large", "TooLarge"), ("deadly", "Busy")])
def test_what_ends_a_process_ends_nothing_else(lane: Lane, wanted: str, end: str) -> None:
    for _ in range(3):  # more often than there are workers
        assert outcome(lane, wanted)[0] == end
    assert outcome(lane, "quick")[0] == "quick"


def test_a_refusal_is_passed_on(lane: Lane) -> None:
    with pytest.raises(Refusal, match="not like this"):
        lane.answer(("bad",), PATIENCE)


@pytest.mark.whole
def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "WAITING", 3)
    lane = Lane(work, prepared, size=1, spares=1)
    lane.answer(("quick",), 60)
    with ThreadPoolExecutor(12) as clients:
        asked = [clients.submit(outcome, lane, "later") for _ in range(12)]
        ends = [one.result() for one in asked]
    lane.close()
    at_once = [end for end, seconds in ends if end == "Busy" and seconds < 0.5]
    assert len(at_once) >= 12 - 3 - 2


def test_a_fault_in_preparing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Lane(work, unprepared, size=1, spares=1)
    with pytest.raises(Refusal, match="the catalog has a fault"):
        lane.answer(("quick",), PATIENCE)
    lane.close()


def test_nothing_is_left_running() -> None:
    lane = Lane(work, prepared, size=2, spares=SPARES)
    lane.answer(("quick",), 60)
    numbers = {worker._process.result() for worker in lane._all}
    assert len(numbers) == 2 + SPARES
    lane.close()
    assert not numbers & {process.pid for process in multiprocessing.active_children()}
    with pytest.raises(Busy):
        lane.answer(("quick",), PATIENCE)


def test_a_process_that_answers_goes_on(lane: Lane) -> None:
    before = set(lane._all)
    for _ in range(2 * len(before)):
        with pytest.raises(Refusal):
            lane.answer(("bad",), PATIENCE)
        assert outcome(lane, "quick")[0] == "quick"
    assert lane._all == before


@pytest.mark.whole
def test_a_killed_server_leaves_no_process() -> None:
    """Each would wait for its next question for ever."""
    code = (
        "import os, time; from tests.server.test_worker_pool import *\n"
        "if __name__ == '__main__':\n"
        "    lane = Lane(work, prepared, size=1, spares=0); lane.answer(('quick',), 60)\n"
        "    print(*[worker._process.result() for worker in lane._all], flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    (number,) = map(int, ran.stdout.split())
    for _ in range(100):
        if not Path(f"/proc/{number}/cmdline").exists():
            return
        time.sleep(0.1)
    os.kill(number, signal.SIGKILL)
    pytest.fail(f"process {number} outlived the server")
