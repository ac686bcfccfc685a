"""The command line's app, with which its commands register."""

from __future__ import annotations

from cyclopts import App

HELP = """\
How large language models are built: figures and exact numbers from a model's own config.json.

MODEL is one of these, tried in this order:

1. `-`, a config from standard input
2. a path to a `config.json`, to a folder that holds one, to a `.safetensors` file or index beside one, or to a `.gguf`,
   also by its folder
3. a model of the catalog by id (`llm-gallery list`), name or repository, in any case: `deepseek-v3`,
   `"DeepSeek V3"` or `deepseek-ai/DeepSeek-V3`; this needs no network
4. any other Hub id: `owner/name`, `owner/name@revision`, or of several GGUFs `owner/name:Q4_K_M`
"""
EXIT = "Exit codes: 0 done, 1 a checkpoint that isn't whole or a model that doesn't fit, 2 wrong usage, 3 the input was read and refused, 70 a fault of ours, 130 stopped."


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
