"""Ctrl+C while DuckDB works."""

from __future__ import annotations

import signal
from threading import Event, Thread, main_thread

import pytest

from llm_gallery.census.database import database

ENDLESS = "SELECT a FROM range(1000000000000) t(a) WHERE a % 1000000000007 = 3"


@pytest.mark.parametrize("read", ["fetchall", "to_arrow_table"])
def test_a_query_ends_as_all_else_does(read: str) -> None:
    """DuckDB makes an error of its own of it, which would end a census with a traceback."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            _answered(read)
    finally:
        signal.signal(signal.SIGINT, before)


def _answered(read: str) -> None:
    ended = Event()

    def again_and_again() -> None:
        while not ended.wait(0.2):
            signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)

    pressing = Thread(target=again_and_again)
    with database(threads=1) as connection:
        pressing.start()
        try:
            getattr(connection.sql(ENDLESS), read)()
        finally:
            ended.set()
            pressing.join()


def test_an_error_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match=r"^all is lost$"), database():
        raise RuntimeError("all is lost")
