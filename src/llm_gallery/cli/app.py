"""The command line's app, with which its commands register."""

from __future__ import annotations

from cyclopts import App

HELP = """\
How large language models are built: figures and exact numbers from a model's own config.json.

MODEL is an id of the catalog (`llm-gallery list`), a path to a `config.json` or to a folder that
holds one, or a Hub id such as `openai/gpt-oss-20b`.
"""
EXIT = "Exit codes: 0 done, 2 wrong usage, 3 the input was read and refused."


def _version() -> str:
    from importlib.metadata import version

    return version("llm-architecture-gallery")


app = App(
    name="llm-gallery",
    help=HELP,
    help_epilogue=EXIT,
    version=_version,
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
