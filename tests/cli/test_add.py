"""`llm-gallery add` with a Hub id: what the Hub's record says stands in the draft, what it doesn't say is open."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import llm_gallery
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import published_draft
from llm_gallery.catalog.faults import LeftOut
from llm_gallery.catalog.load import MODELS, entries, find
from llm_gallery.cli import main
from tests.sample import first
from tests.sources.stand_in import Repository, environment, hub

Captured = pytest.CaptureFixture[str]
CONFIG = next(entry.config for entry in entries() if entry.id == "qwen3-0.6b")
TOTAL = parameters(find("qwen3-0.6b").architecture.root).total
FILE = json.dumps(CONFIG).encode()
PARAMS = {
    "dim": 64, "n_layers": 2, "head_dim": 16, "hidden_dim": 128, "n_heads": 4, "n_kv_heads": 2, "norm_eps": 1e-5,
    "vocab_size": 512,
}  # fmt: skip
INDEX = "model.safetensors.index.json"


def record(**said: Any) -> dict[str, Any]:
    """As the Hub answers for a repository of its own."""
    return {"createdAt": "2026-08-20T10:00:00.000Z", "tags": [], "cardData": {}, **said}


HELD = {
    "Qwen/Next-Model": Repository(
        {"config.json": FILE},
        record(
            tags=["arxiv:2505.09388", "arxiv:not-one", "region:us"],
            cardData={"license": "apache-2.0", "base_model": "Qwen/Qwen3-0.6B-Base"},
            safetensors={"parameters": {"BF16": TOTAL}, "total": TOTAL},
        ),
    ),
    "strange/Own-Licence": Repository(
        {
            "config.json": FILE,
            "LICENSE.txt": b"",
            INDEX: json.dumps(
                {"metadata": {"total_size": 9, "total_parameters": TOTAL + 7.0}, "weight_map": {}}
            ).encode(),
        },
        record(cardData={"license": "other", "license_name": "strange-1.0"}),
    ),
    "strange/Bytes-Only": Repository(
        {"config.json": FILE, INDEX: b'{"metadata": {"total_size": 1503300328}}'}, record()
    ),
    "strange/Params-Only": Repository({"params.json": json.dumps(PARAMS).encode()}, record()),
    "strange/No-Record": Repository({"config.json": FILE}),
    "strange/Odd-Record": Repository(
        {"config.json": FILE, INDEX: b"[]"},
        record(cardData={"license": ["a", "b"], "base_model": 7, "license_link": "LICENSE"}),
    ),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with hub(HELD) as said:
        yield said


def added(repository: str, address: str, tmp_path: Path) -> tuple[str, str]:
    """The draft, and what is printed."""
    folder = tmp_path / "models"
    folder.mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "llm_gallery.cli", "add", repository, "--directory", folder],
        env=environment(address, tmp_path),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    (file,) = folder.iterdir()
    return file.read_text("utf-8"), ran.stdout


def test_what_the_record_says(address: str, tmp_path: Path) -> None:
    text, printed = added("Qwen/Next-Model", address, tmp_path)
    stated = tomllib.loads(text)
    assert stated["organization"] == "Alibaba Cloud"
    assert stated["licence"]["name"] == "Apache License 2.0"
    assert "# released = 2026-08-20  # open: " in text
    assert '# link = "https://arxiv.org/abs/2505.09388"' in text
    assert "not-one" not in text
    assert "made from Qwen/Qwen3-0.6B-Base" in text
    assert f"[next-model]\nelements = {TOTAL:_}\n" in printed
    assert "# open" not in printed


def test_a_draft_of_a_record_lacks_what_a_person_says(address: str, tmp_path: Path) -> None:
    text, _ = added("Qwen/Next-Model", address, tmp_path)
    filled = re.sub(r"^# (.*?)  # open.*$", r"\1", text, flags=re.MULTILINE)
    filled = filled.replace('summary = ""', 'summary = "Something to be said"')
    folder = tmp_path / "models"
    (folder / "next-model.toml").write_text(filled, "utf-8")
    (entry,) = entries(folder)
    assert (str(entry.released), entry.repository) == ("2026-08-20", "Qwen/Next-Model")


def test_a_licence_and_a_count_that_ask_for_a_look(address: str, tmp_path: Path) -> None:
    text, printed = added("strange/Own-Licence", address, tmp_path)
    assert '# name = "strange-1.0"  # open: ' in text
    assert "/strange/Own-Licence/blob/main/LICENSE.txt" in text
    assert f"elements = {TOTAL + 7:_}\n" in printed
    assert f'source = "https://huggingface.co/strange/Own-Licence/blob/main/{INDEX}"' in printed
    assert "# open: 7 more than the config gives" in printed


def test_bytes_are_no_count(address: str, tmp_path: Path) -> None:
    _, printed = added("strange/Bytes-Only", address, tmp_path)
    assert "no count is published; its index says 1,503,300,328 bytes" in printed
    assert "elements =" not in printed


def test_the_source_is_the_file_that_was_read(address: str, tmp_path: Path) -> None:
    text, _ = added("strange/Params-Only", address, tmp_path)
    source = tomllib.loads(text)["provenance"]["source"]
    assert source == "https://huggingface.co/strange/Params-Only/blob/main/params.json"


@pytest.mark.parametrize("repository", ["strange/No-Record", "strange/Odd-Record"])
def test_what_the_record_lacks_is_open(repository: str, address: str, tmp_path: Path) -> None:
    text, printed = added(repository, address, tmp_path)
    assert f'repository = "{repository}"' in text
    assert '# organization = ""  # open: ' in text
    assert '# name = ""  # open: of the weights' in text
    assert ("didn't say more" in printed) == (repository == "strange/No-Record")


def test_a_count_is_put_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "published.toml"
    file.write_text('# About.\n\n[bee]\nelements = 1\n\n["d.1"]\nelements = 2\n', "utf-8")
    assert "elements = 3" in published_draft.add(file, "cat", "[cat]\nelements = 3")
    assert "elements = 4" in published_draft.add(file, "e.2", '["e.2"]\nelements = 4')
    assert "already" in published_draft.add(file, "bee", "[bee]\nelements = 9")
    assert file.read_text("utf-8") == (
        "# About.\n\n[bee]\nelements = 1\n\n[cat]\nelements = 3\n\n"
        '["d.1"]\nelements = 2\n\n["e.2"]\nelements = 4\n'
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the gallery with two of its models, in whose tests somebody drafts one more."""
    made = tmp_path_factory.mktemp("clone")
    package = Path(llm_gallery.__file__).parent
    beside = shutil.ignore_patterns("__pycache__", "models", "static", "templates")
    shutil.copytree(package, made / "src/llm_gallery", ignore=beside)
    models = made / "src/llm_gallery/catalog/models"
    models.mkdir()
    for model in ("gpt-1", "gpt2-xl"):  # the second follows the first
        shutil.copy(MODELS / f"{model}.toml", models)
    (made / "tests").mkdir()
    (made / "tests/config.json").write_bytes(FILE)
    ran = typed(made, "add", "config.json", "--id", "mine")
    assert ran.stdout == (
        f"{models / 'mine.toml'}\nFill in the lines marked open, then: llm-gallery facts mine\n"
    )
    assert '# name = "tests"' in (models / "mine.toml").read_text("utf-8")
    return made


def typed(clone: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """What is typed in the tests of a clone, and runs its package."""
    ran = subprocess.run(
        [sys.executable, "-m", "llm_gallery.cli", *command],
        cwd=clone / "tests",
        env={**os.environ, "PYTHONPATH": str(clone / "src")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran


LACKS = (
    "llm-gallery: mine.toml is left out until it is filled in: it lacks name, organization, repository, released, "
    "licence.name, licence.link, summary, provenance.quality, provenance.source\n"
)


@pytest.mark.parametrize(
    "command",
    first(
        (
            "list",
            "nearest config.json",
            "trends",
            "explain config.json",
            "accuracy",
            "lineage",
            "sheet scale -o -",
        ),
        ("list", "explain config.json"),
    ),
)
def test_what_is_not_filled_in_is_left_out_in_a_line(command: str, clone: Path) -> None:
    ran = typed(clone, *command.split())
    assert ran.stderr == LACKS
    assert ran.stdout
    assert "mine" not in re.findall(r"[\w-]+", ran.stdout)


def test_an_entry_that_is_wrong_is_refused(tmp_path: Path) -> None:
    text = (MODELS / "gpt2-xl.toml").read_text("utf-8")
    (tmp_path / "gpt2-xl.toml").write_text(text.replace("released = ", "released = 1 # "), "utf-8")
    with pytest.raises(Refusal, match=r"gpt2-xl.toml: released is 1"):
        entries(tmp_path)


def test_a_library_warns_of_what_is_left_out(tmp_path: Path) -> None:
    shutil.copy(MODELS / "gpt2-xl.toml", tmp_path)
    (tmp_path / "draft.toml").write_text('name = "A Draft"\n', "utf-8")
    with pytest.warns(
        LeftOut, match="draft.toml is left out until it is filled in: it lacks organ"
    ):
        (entry,) = entries(tmp_path)
    assert entry.id == "gpt2-xl"


def test_an_installations_own_catalog_is_never_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "config.json").write_bytes(FILE)
    monkeypatch.chdir(tmp_path)
    before = {*MODELS.iterdir()}
    assert main(["add", "config.json", "--id", "mine"]) == 2
    assert "No catalog stands here: name the folder" in capsys.readouterr().err
    assert {*MODELS.iterdir()} == before


def test_a_file_is_no_directory(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(FILE)
    assert main(["add", str(file), "--id", "mine", "--directory", str(file)]) == 2
    said = capsys.readouterr().err
    assert f"--directory is {file}, which is a file; expected a folder." in said
