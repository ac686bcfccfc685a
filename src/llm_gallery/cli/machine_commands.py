"""The command on devices, and its arguments; it imports what it needs when it runs."""

from __future__ import annotations

from typing import Literal

from llm_gallery.cli.app import app
from llm_gallery.cli.machine_options import Machine, Run
from llm_gallery.cli.options import Guess, Named


@app.command
def fit(
    model: Named,
    /,
    *,
    machine: Machine | None = None,
    run: Run | None = None,
    format: Literal["text", "json", "schema"] = "text",  # noqa: A002
    guess: Guess = False,
) -> int:
    """Say whether a model fits a device, how far its context goes, and how fast it is at best.

    It ends with 0 where it fits, and with 1 where it doesn't.

    Parameters
    ----------
    format
        Text for people, JSON for programs, or the JSON Schema of that.
    """
    from llm_gallery.cli import fit_command

    if format == "schema":
        return fit_command.schema()
    return fit_command.fit(model, machine or Machine(), run or Run(), format, guess)
