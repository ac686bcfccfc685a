"""A person's own catalog, served whole: its models, its relatives, and nothing of the package's."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from llm_gallery.catalog.load import MODELS


@pytest.mark.whole
def test_a_private_gallery(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes((MODELS / "gpt2-xl.toml").read_bytes())
    command = [sys.executable, "-m", "llm_gallery.cli", "serve", "--catalog", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        with urlopen(f"{address}data/models.json") as answer:
            assert [model["id"] for model in json.load(answer)] == ["mine"]
        with urlopen(f"{address}describe/configs/mine.json") as answer:
            config = answer.read().decode()
        question = json.dumps({"text": config}).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{address}api/relatives", question, headers)) as answer:
            found = json.load(answer)["relatives"]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert [(other["id"], other["changes"]) for other in found] == [("mine", [])]
    assert said == "\nstopped\n"
    assert process.returncode == 0
