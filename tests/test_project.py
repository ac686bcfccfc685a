"""The files about the project: what they run exists, and what they say is what pyproject.toml says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = set(re.findall(r"^([\w./]+(?: [\w./]+)*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
KNOWN = {target for line in TARGETS for target in line.split()}
RUNNING = [
    ROOT / ".pre-commit-config.yaml",
    ROOT / ".ci" / "run",
    *(ROOT / ".github" / "workflows").iterdir(),
]


@pytest.mark.parametrize("file", RUNNING, ids=lambda file: file.name)
def test_what_is_made_can_be_made(file: Path) -> None:
    lines = re.findall(
        r"(?:entry: |run: |exec |^)make ([^#&\n]+?)(?= &&| [A-Z]+=|$)",
        file.read_text("utf-8"),
        re.M,
    )
    wanted = {target for line in lines for target in line.split()}
    assert wanted
    assert wanted <= KNOWN


def test_the_citation_is_of_this_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {project['version']}\n" in cited
    assert f"\nlicense: {project['license']}\n" in cited
    assert f"name: {project['authors'][0]['name']}\n" in cited
