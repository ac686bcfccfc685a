"""Each drafted release gets a branch and a draft request, once; what can't be offered is offered the next time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "tools/open_drafts.sh"
GH = """#!/bin/bash
printf '%s\\n' "$*" >> "$GH_LOG"
exit "$GH_STATUS"
"""
pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git isn't installed")


class Clone:
    """A clone with one drafted release, whose origin is beside it, and a `gh` that writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.origin = folder / "clone", folder / "origin.git"
        self.log, programs = folder / "gh.log", folder / "programs"
        programs.mkdir()
        (programs / "gh").write_text(GH, "utf-8")
        (programs / "gh").chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "GH_LOG": str(self.log),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "owner/name",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        subprocess.run(["git", "init", "-q", "--bare", self.origin], check=True)
        models = self.folder / "src/llm_gallery/catalog/models"
        models.mkdir(parents=True)
        (models / "before.toml").write_text("", "utf-8")
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(self.origin))
        self.git("add", "src")
        person = ("-c", "user.name=A", "-c", "user.email=a@b.example")
        self.git(*person, "commit", "-q", "-m", "Before")
        drafted = self.folder / "_releases/deeper"
        drafted.mkdir(parents=True)
        for name, text in {
            "entry.toml": "entry",
            "figure.svg": "<svg/>",
            "published.toml": "[deeper]",
            "report.md": "What changed.",
        }.items():
            (drafted / name).write_text(text + "\n", "utf-8")
        (drafted.parent / "summary.md").write_text("1 new build\n", "utf-8")

    def git(self, *said: str) -> str:
        ran = subprocess.run(
            ["git", *said], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return ran.stdout

    def offered(self, status: int) -> subprocess.CompletedProcess[str]:
        """Runs the script; `status` is what `gh` ends with."""
        return subprocess.run(
            ["bash", SCRIPT, "_releases"],
            cwd=self.folder,
            env={**self.environment, "GH_STATUS": str(status)},
            capture_output=True,
            text=True,
        )

    def branches(self) -> list[str]:
        """Those of the origin."""
        return self.git("ls-remote", "--heads", "origin").split()[1::2]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_a_release_is_offered_once(clone: Clone) -> None:
    first, again = clone.offered(0), clone.offered(0)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert again.stdout == "deeper: offered before\n"
    asked = "pr create --draft --head release/deeper --title New release: deeper --body-file _releases/deeper/body.md"
    assert clone.log.read_text("utf-8") == asked + "\n"
    assert clone.branches() == ["refs/heads/release/deeper"]


def test_the_branch_holds_the_entry_and_the_request_links_to_the_figure(clone: Clone) -> None:
    assert clone.offered(0).returncode == 0
    held = clone.git("diff", "--name-only", "main", "release/deeper")
    assert held == "src/llm_gallery/catalog/models/deeper.toml\n"
    figure = clone.git("rev-parse", "release/deeper~1").strip()
    assert clone.git("show", f"{figure}:deeper.svg") == "<svg/>\n"
    body = (clone.folder / "_releases/deeper/body.md").read_text("utf-8")
    address = f"https://github.example/owner/name/raw/{figure}/deeper.svg"
    assert body.startswith(f"![Figure of deeper]({address})\n\nWhat changed.\n")
    assert body.endswith("```toml\n[deeper]\n```\n")


def test_a_request_that_is_refused_is_made_again(clone: Clone) -> None:
    refused = clone.offered(1)
    assert refused.returncode == 1
    assert "deeper: its request can't be opened" in refused.stderr
    assert clone.branches() == []
    clone.git("branch", "-D", "release/deeper")  # the next run has a clone of its own
    assert clone.offered(0).returncode == 0
    assert clone.branches() == ["refs/heads/release/deeper"]
