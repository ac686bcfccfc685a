"""What a command loads, module by module: one that comes in is named, and what to do about it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_gallery.families import names

GOLDEN = Path(__file__).parent / "golden" / "loaded"
COMMAND = "from llm_gallery.cli import main; main({})"
ASKED = {
    "import": "import llm_gallery",
    "describe": "from llm_gallery import describe; describe('deepseek-v3')",
    "facts": COMMAND.format(["facts", "deepseek-v3"]),
    "facts_json": COMMAND.format(["facts", "deepseek-v3", "--format", "json"]),
    "help": COMMAND.format(["--help"]),
    "list": COMMAND.format(["list"]),
    "list_json": COMMAND.format(["list", "--format", "json"]),
}
DESCRIBING = tuple(
    f"llm_gallery.{room}." for room in ("architecture", "families", "mechanisms", "recognition")
)
"""Rooms of which `list`, which describes every model, loads what the catalog's models have."""


def loaded(code: str) -> list[str]:
    """The modules of the package that code loads, and the packages of others; not what Python has begun with."""
    shown = (
        f"import sys; before = {{*sys.modules}}; {code}; "
        "print(*sorted({*sys.modules} - before), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    found = ran.stderr.split()
    own = [name for name in found if name.split(".")[0] == "llm_gallery"]
    others = {name.split(".")[0] for name in found} - {*sys.stdlib_module_names, "llm_gallery"}
    return [*sorted(others), *own]


@pytest.mark.golden
@pytest.mark.parametrize("asked", ASKED)
def test_a_command_loads_what_it_needs(
    asked: str, golden: Callable[[Path, str], None], pytestconfig: pytest.Config
) -> None:
    found = loaded(ASKED[asked])
    if asked == "list":
        found = [module for module in found if not module.startswith(DESCRIBING)]
    file = GOLDEN / f"{asked}.txt"
    if file.exists() and not pytestconfig.getoption("--rewrite-golden"):
        came = [module for module in found if module not in file.read_text("utf-8").split()]
        assert not came, (
            f"`{ASKED[asked]}` now loads {', '.join(came)}: import it in the function that needs it; if every such "
            "command does, run pytest --rewrite-golden tests/test_loaded.py"
        )
    golden(file, "".join(f"{module}\n" for module in found))


def test_one_family_is_loaded_for_one_model() -> None:
    """Its own, and those that it is made of: 285 are known by their files' names and by a generated table."""
    found = {m.rpartition(".")[2] for m in loaded(ASKED["facts"]) if ".families." in m}
    assert found & {*names()} == {"deepseek_v3", "llama"}


def test_no_command_but_its_own_line_reads_a_parser_of_arguments() -> None:
    assert not {"cyclopts", "attrs", "pydantic", "rich"} & {*loaded(ASKED["describe"])}


def test_a_module_that_comes_in_is_seen() -> None:
    """What is told apart is what the package has: not an empty list that always agrees."""
    more = f"{ASKED['describe']}; import llm_gallery.comparison"
    assert "llm_gallery.comparison.compare" in {*loaded(more)} - {*loaded(ASKED["describe"])}
