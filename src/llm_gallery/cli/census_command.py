"""The command that makes a census, and what it says meanwhile on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from datetime import date, datetime
from pathlib import Path
from time import monotonic

from llm_gallery.architecture.refusal import counted, reason
from llm_gallery.cli.options import Theme, Unusable
from llm_gallery.extras import need

EVERY = 1.0, 15.0
"""Seconds between two lines: on a terminal, where the next one takes its place, and elsewhere."""
DOING = {
    "read": ("reading", "rows"),
    "describe": ("describing", "configs"),
    "write": ("writing", "rows"),
}


def census(inputs: Sequence[str], output: Path, workers: int | None, cluster: str | None) -> None:
    """Makes the tables and prints the totals."""
    need("census", "A census")
    if cluster is not None:
        need("cluster", "A census on a cluster")
    from llm_gallery.census import census as made
    from llm_gallery.census.workers import cores

    if workers is not None and workers < 1:
        raise Unusable(f"--workers is {workers}, expected at least 1.")
    if workers is not None and cluster is not None:
        raise Unusable(
            "--workers counts processes of this machine; a cluster has its nodes' cores."
        )
    progress_line = ProgressLine()
    try:
        with redirect_stdout(sys.stderr):  # Ray prints what it has to say
            totals = made(
                inputs, output, workers=workers or cores(), progress=progress_line, cluster=cluster
            )
    except OSError as error:
        raise Unusable(
            f"{error.filename or output} can't be read or written ({reason(error)})."
        ) from None
    finally:
        progress_line.end()
    print(
        f"read {counted(totals['read'], 'row')}: described {totals['described']:,}, refused "
        f"{totals['refused']:,}, unreadable {totals['unreadable']:,}\n"
        f"{counted(totals['configs'], 'different config')}, "
        f"{counted(totals['architectures'], 'architecture')}, {counted(totals['designs'], 'design')}\n"
        f"written to {output}"
    )


def report(census: Path, month: str | None, form: str, theme: Theme, output: Path | None) -> None:
    """What a census says, printed or written."""
    need("census", "A report on a census")
    from llm_gallery.census.report import drawn, markdown, report, text, to_json
    from llm_gallery.cli.catalog_commands import json_text
    from llm_gallery.cli.outputs import write_output

    answers = report(census, None if month is None else _month(month))
    if form == "json":
        write_output(json_text(to_json(answers)), output)
    elif form == "svg":
        write_output(drawn(answers).alone(theme), output)
    else:
        write_output(markdown(answers) if form == "markdown" else text(answers), output)


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise Unusable(f"--month is {text}, expected a month such as 2026-10.") from None


class ProgressLine:
    """Progress as a line: what is done, how fast, and how long the step will take."""

    def __init__(self) -> None:
        self._step, self._began, self._before, self._last = "", 0.0, 0.0, 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, step: str, done: int, share: float) -> None:
        """Says it, unless it was said just now."""
        now = monotonic()
        if step != self._step:
            self._step, self._began, self._before = step, now, share
        elif now - self._last < EVERY[not self._live] and share < 1:
            return
        self._last = now
        end = "\r" if self._live else "\n"
        print(f"{self._line(done, share, now):<79}", end=end, file=sys.stderr, flush=True)

    def _line(self, done: int, share: float, now: float) -> str:
        doing, things = DOING[self._step]
        seconds, gained = now - self._began, share - self._before
        if not done or not seconds or not gained:
            return f"{doing}: {share:.0%} done"
        left = seconds * (1 - share) / gained
        return (
            f"{doing}: {share:.0%} done, {done:,} {things} at {done / seconds:,.0f} a second, "
            f"{_time(left)} left"
        )

    def end(self) -> None:
        """Leaves the last line where it is."""
        if self._live and self._step:
            print(file=sys.stderr)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes}:{rest:02}"
