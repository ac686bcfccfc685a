"""The wheel as `pip install` leaves it: without extras every command ends right, or in one line that names the extra."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import llm_gallery.cli.census_commands
import llm_gallery.cli.commands
import llm_gallery.cli.site_commands  # noqa: F401 - the commands register
from llm_gallery.catalog.load import entries
from llm_gallery.cli.app import app
from tests.sample import share

pytestmark = pytest.mark.whole
ROOT = Path(__file__).parents[2]
OWN = "llm-architecture-gallery"


def missing(what: str, package: str, extra: str) -> str:
    return f"""{what} needs {package}, which isn't installed: pip install "{OWN}[{extra}]"\n"""


HUB = "some/model is no model of the catalog and no path; reading it from the Hub"
RUNS = [
    ("list", ""),
    ("facts deepseek-v3", ""),
    ("facts config.json --format json", ""),
    ("facts gpt2-xl --prove", missing("A proof", "numpy", "run")),
    ("facts some/model", missing(HUB, "huggingface_hub", "hub")),
    ("tensors gpt2-xl", ""),
    ("check --format schema .", ""),
    ("quants llama-3.1-8b", ""),
    ("fit gpt2-xl --on rtx-4090", ""),
    ("code gpt2-xl", missing("Printing code", "ruff", "code")),
    ("draw gpt2-xl -o figure.svg --detail full", ""),
    ("draw gpt2-xl -o figure.png", missing("figure.png", "typst", "export")),
    ("draw gpt2-xl -o figure.pdf", missing("figure.pdf", "typst", "export")),
    ("sheet legend -o legend.svg", ""),
    ("sheet poster -o poster.pdf", missing("poster.pdf", "typst", "export")),
    ("diff gpt2-xl llama-3-8b", ""),
    ("diff gpt2-xl llama-3-8b -o change.svg", ""),
    ("diff gpt2-xl llama-3-8b -o change.png", missing("change.png", "typst", "export")),
    ("explain gpt2-xl", ""),
    ("nearest gpt2-xl", ""),
    ("sheet map -o map.svg", ""),
    ("lineage", ""),
    ("trends", ""),
    (
        "trends --format parquet -o trends.parquet",
        missing("A Parquet file", "pyarrow", "data"),
    ),
    ("accuracy", ""),
    ("census config.json -o census", missing("A census", "duckdb", "census")),
    ("census report census", missing("A report on a census", "duckdb", "census")),
    ("census fetch -o hub", missing("Fetching what a census reads", "duckdb", "census")),
    ("add config.json --id mine --directory .", ""),
    ("add some/model --directory .", missing(HUB, "huggingface_hub", "hub")),
    ("build _site", missing("The site", "jinja2", "site")),
    ("serve", missing("The site", "jinja2", "site")),
]


def test_every_command_is_run() -> None:
    assert {line.split()[0] for line, _ in RUNS} == {name for name in app if name[0] != "-"}


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel, in an environment that has the wheel and what it requires, and nothing else."""
    return installed(tmp_path_factory.mktemp("bare"))


def installed(place: Path, extra: str = "") -> Path:
    """The command of the wheel in an environment of its own, with what an extra requires, linked from this one."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "venv", symlinks=True)
    programs = place / "venv" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True, capture_output=True)
    (packages,) = (place / "venv" / "lib").glob("python*/site-packages")
    (own,) = distributions(name=OWN, path=[str(packages)])
    for needed in {dist.name: dist for dist in _needed(own, extra)}.values():
        files = needed.files or ()
        for name in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            (packages / name).symlink_to(str(needed.locate_file(name)))
        for file in files:
            if file.parts[-2:-1] == ("bin",) and file.parts[0] == "..":
                (programs / file.name).symlink_to(str(needed.locate_file(file)))
    return programs / "llm-gallery"


def _needed(dist: Distribution, extra: str = "") -> Iterator[Distribution]:
    """What a distribution requires, with an extra or without, and what that requires."""
    for line in dist.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            for more in wanted.extras or [""]:
                found = dist if wanted.name == OWN else distribution(wanted.name)
                if found is not dist:
                    yield found
                yield from _needed(found, more)


@pytest.mark.parametrize(("line", "said"), share(RUNS, 3), ids=[line for line, _ in RUNS])
def test_a_bare_installation(line: str, said: str, command: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(entries()[-1].config))
    ran = subprocess.run([command, *line.split()], cwd=tmp_path, capture_output=True, text=True)
    made = {file.name for file in tmp_path.iterdir() if file != config}
    assert ran.stderr == (f"llm-gallery: {said}" if said else "")
    if said:
        assert (ran.returncode, ran.stdout, made) == (2, "", set())
    else:
        assert ran.returncode == 0
        assert ran.stdout or made == set(re.findall(r"-o (\S+)", line))


def test_a_built_site_is_served_without_the_extra(command: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Built elsewhere</title>")
    arguments = [str(command), "serve", str(tmp_path), "--port", "0"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, b"\nstopped\n")
