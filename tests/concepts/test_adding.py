"""The concept of docs/adding-a-mechanism.md, added to a copy of the package: one folder, and its id in a mechanism."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog import load
from tests.mechanisms.test_adding import BLOCKS, copied, entry, run

pytestmark = pytest.mark.whole
FILE = "concepts/neural-memory/concept.toml"
NEEDED = """
name = "Neural memory"
area = "recurrent"
text = "A matrix that learns while it reads."

[paper]
title = "Titans: Learning to Memorize at Test Time"
link = "https://arxiv.org/abs/2501.00663"
year = 2025
"""
ASKED = """
import json, sys
from pathlib import Path
from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import find
from llm_gallery.catalog.savings import measure, saved
from llm_gallery.concepts import rank, said_before
from llm_gallery.figure import draw
from llm_gallery.site.pages import files
from tools.absent import absent_of
from llm_gallery.concepts import concepts as described

model = find(sys.argv[1])
root = model.architecture.root
draw(model.architecture, model.heading)
counted = measure("neural-memory")
pages = {page.path: page for page in files(Path(sys.argv[2])).pages}
page = pages["concepts/neural-memory/index.html"].render().decode()
pages["concepts/neural-memory/title.png" if "concepts/neural-memory/title.png" in pages else "index.html"].render()
print(json.dumps({
    "shown": concepts(root),
    "rank": rank(["neural-memory"]),
    "before": [said_before("neural-memory", frozenset(had)) for had in (("multi-head-attention",), ("gated-deltanet",), ("mamba",))],
    "saved": saved("neural-memory", root),
    "how": counted.how(root) if counted else "",
    "absent": list(absent_of(described()["neural-memory"])),
    "page": page,
    "index": pages["concepts/index.html"].render().decode(),
}))
"""


def asked(folder: Path, concept: str) -> dict[str, Any]:
    """What follows from a folder with that file, once the memory shows the concept."""
    modules = {name: block for name, block in BLOCKS.items() if name.endswith(".py")}
    modules = {
        name: block.replace("concepts=(),", 'concepts=("neural-memory",),')
        for name, block in modules.items()
    }
    (folder / "config.json").write_text(BLOCKS["config.json"], "utf-8")
    catalog = folder / "catalog"
    catalog.mkdir()
    (catalog / "titans.toml").write_text(entry(json.loads(BLOCKS["config.json"])), "utf-8")
    shutil.copy(load.MODELS / "llama-3-8b.toml", catalog)
    package = copied(folder, modules)
    (package / FILE).parent.mkdir()
    (package / FILE).write_text(concept, "utf-8")
    (folder / "asked.py").write_text(ASKED, "utf-8")
    told = run(package, folder / "asked.py", folder / "config.json", catalog)
    return dict(json.loads(told))


def test_a_folder_is_all_that_is_added(tmp_path: Path) -> None:
    told = asked(tmp_path, BLOCKS[FILE])
    assert "neural-memory" in told["shown"]
    assert told["rank"] == 0
    assert told["before"] == ["attended in every layer", "wrote without momentum", ""]
    assert told["saved"][0] > told["saved"][1]
    assert told["how"] == "9 of 12 layers"
    assert told["absent"] == [
        "lesson.toml", "reading.toml", "ablations.toml", "formula", "first_open", "[new] picture", "[[steps]]",
        "[without] or code",
    ]  # fmt: skip
    assert "9 of 12 layers" in told["page"]
    assert "Neural memory" in told["index"]


def test_four_keys_are_enough(tmp_path: Path) -> None:
    told = asked(tmp_path, NEEDED)
    assert told["rank"] == 7
    assert told["before"] == ["", "", ""]
    assert told["saved"] is None
    assert "[saves]" in told["absent"]
    assert "A matrix that learns while it reads." in told["page"]
