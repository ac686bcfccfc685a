"""New releases are found, drafted with figure and difference, and nothing is drafted twice."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog.load import entries
from tests.sources.stand_in import Repository, environment, hub
from tools import new_releases
from tools.new_releases import publishers

ENTRIES = {entry.id: entry for entry in entries()}
SMALL = dict(ENTRIES["qwen3-0.6b"].config)
DEEPER = {**SMALL, "num_hidden_layers": 30}
NEW = datetime.now(UTC) - timedelta(days=2)


def released(config: dict[str, Any], *, days: int = 0, **said: Any) -> Repository:
    """A repository with weights; the newer, the fewer days."""
    created = (NEW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    files = {"config.json": json.dumps(config).encode(), "model.safetensors": b""}
    record = {"createdAt": created, "pipeline_tag": "text-generation", "tags": [], **said}
    return Repository(files, record)


HELD = {
    "Qwen/Deeper": released(DEEPER, days=1, cardData={"license": "mit"}),
    "Qwen/Deeper-Instruct": released(DEEPER),
    "Qwen/Old": released({**SMALL, "num_hidden_layers": 31}, days=20),
    "Qwen/Same-Build": released(SMALL),
    "Qwen/Deeper-FP8": released(
        {**SMALL, "num_hidden_layers": 32}, tags=["base_model:quantized:Qwen/Deeper"]
    ),
    "Qwen/Picture": released({"model_type": "x"}, pipeline_tag="text-to-image"),
    "Qwen/Unheard-Of": released({"model_type": "unheard_of"}),
    ENTRIES["qwen3-0.6b"].repository: released({**SMALL, "num_hidden_layers": 33}),
    "google/Gone": Repository(
        {"config.json": b"", "model.safetensors": b""},
        {"createdAt": NEW.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "tags": []},
        status=403,
        code="GatedRepo",
    ),
}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    with hub(HELD) as address:
        ran = subprocess.run(
            [sys.executable, "-m", "tools.new_releases", folder / "out"],
            env={**environment(address, folder), "PYTHONPATH": "src:."},
            capture_output=True,
            text=True,
        )
    assert ran.returncode == 0, ran.stderr
    return folder / "out"


@pytest.mark.whole
def test_one_draft_a_build(drafted: Path) -> None:
    assert sorted(file.name for file in drafted.iterdir()) == ["deeper", "summary.md"]
    place = drafted / "deeper"
    stated = tomllib.loads((place / "entry.toml").read_text("utf-8"))
    assert stated["repository"] == "Qwen/Deeper"
    assert stated["licence"]["name"] == "MIT License"
    assert stated["config"]["num_hidden_layers"] == 30
    assert (place / "figure.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.whole
def test_the_report_says_what_changed(drafted: Path) -> None:
    text = (drafted / "deeper" / "report.md").read_text("utf-8")
    assert "https://huggingface.co/Qwen/Deeper." in text
    assert "The nearest model is Qwen3 0.6B" in text
    assert "30" in text.partition("# ")[2]


@pytest.mark.whole
def test_what_is_passed_over_has_its_reason(drafted: Path) -> None:
    text = (drafted / "summary.md").read_text("utf-8")
    assert "1 new build, 4 passed over" in text
    assert "- Qwen/Deeper: drafted as deeper" in text
    assert "- Qwen/Deeper-Instruct: built as Deeper, size for size" in text
    assert "- Qwen/Same-Build: built as Qwen3 0.6B, size for size" in text
    assert '- Qwen/Unheard-Of: Unheard-Of: model_type is "unheard_of"' in text
    assert "- google/Gone: google/Gone asks for its terms to be accepted" in text
    for silent in ("Old", "FP8", "Picture", "Qwen3-0.6B:"):
        assert f"Qwen/{silent}" not in text


def test_without_an_answer_the_look_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unanswered(owner: str, since: datetime) -> None:
        raise OSError(f"no answer for {owner}")

    monkeypatch.setattr(new_releases, "listed", unanswered)
    with pytest.raises(SystemExit, match="3 lists can't be read, .*try again later"):
        new_releases.main([str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_one_list_without_an_answer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_unanswered(owner: str, since: datetime) -> list[str]:
        if owner == "google":
            raise OSError
        return []

    monkeypatch.setattr(new_releases, "listed", one_unanswered)
    assert new_releases.main([str(tmp_path / "out")]) == 0
    text = (tmp_path / "out" / "summary.md").read_text("utf-8")
    assert "- google: its list can't be read (OSError)" in text


def test_every_publisher_is_asked() -> None:
    held = publishers([*ENTRIES.values()])
    assert {"Qwen", "google", "zai-org"} <= {*held}
    assert len({*held}) == len(held)
