"""Linked code of transformers is there: in the version that is installed, of the model's type, at the class it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries
from llm_gallery.catalog.reading import Reading

transformers = pytest.importorskip("transformers")
renew = pytest.importorskip("tools.renew_code_links")

HOME = "https://github.com/huggingface/transformers/blob/"
PATH = re.compile(r"src/transformers/(models/([a-z0-9_]+)/modeling_\2\.py)")
RELATIVES: Mapping[str, str] = {
    "agnes": "qwen3_5",
    "aria_text": "aria",
    "dots3_note_text": "dots3_note",
    "gemma3_text": "gemma3",
    "gemma3n_text": "gemma3n",
    "inkling_mm_model": "inkling",
    "internlm3": "llama",
    "interns2_mobius": "qwen3_5_moe",
    "kimi_k2": "deepseek_v3",
    "openai-gpt": "openai",
    "qwen3_5_moe_text": "qwen3_5_moe",
}
"""Types whose code stands in another type's folder, or is another type's."""


def _linked() -> Iterator[tuple[Entry, Reading]]:
    for entry in entries():
        for one in entry.reading:
            if one.link.startswith(HOME):
                yield entry, one


LINKED = list(_linked())


def _types(config: Mapping[str, Any]) -> set[str]:
    """The type of a config, and of the text model that it wraps."""
    inner = config.get("text_config")
    named = {config.get("model_type"), inner.get("model_type") if inner else None} - {None}
    return {str(name) for name in named}


@pytest.mark.truth
@pytest.mark.parametrize(
    ("entry", "one"), LINKED, ids=[f"{entry.id} {one.title}" for entry, one in LINKED]
)
def test_the_class_is_at_the_line(entry: Entry, one: Reading) -> None:
    assert one.version == f"v{version('transformers')}"
    found = PATH.fullmatch(one.link.removeprefix(f"{HOME}{one.version}/"))
    assert found, one.link
    lines = (Path(transformers.__file__).parent / found[1]).read_text("utf-8").splitlines()
    name = one.title.removesuffix(" in transformers")
    assert one.line is not None
    assert re.match(rf"\s*class {re.escape(name)}\(", lines[one.line - 1]), lines[one.line - 1]
    types = _types(entry.config)
    assert found[2] in types | {RELATIVES.get(name, name) for name in types}


@pytest.mark.truth
def test_what_is_said_to_be_missing_is_missing() -> None:
    """ "transformers has no class of it": nor a folder."""
    folder = Path(transformers.__file__).parent / "models"
    told = [
        (entry.id, name)
        for entry in entries()
        for one in entry.reading
        if "transformers has no class of it" in one.why
        for name in _types(entry.config)
        if list((folder / name).glob("modeling_*.py"))
    ]
    assert len(LINKED) > 100
    assert [found for found in told if found[1] != "kimi_linear"] == []  # Kimi K3 wraps its type


@pytest.mark.truth
def test_another_version_moves_every_link_and_nothing_else(tmp_path: Path) -> None:
    before = (renew.PACKAGE / "catalog/reading.toml").read_text("utf-8")
    home = Path(transformers.__file__).parent
    (tmp_path / "models").mkdir()
    for record in renew.RECORD.finditer(before):
        moved = tmp_path / record["file"]
        moved.parent.mkdir(parents=True, exist_ok=True)
        moved.write_text("\n\n" + (home / record["file"]).read_text("utf-8"), "utf-8")
    after = renew.renewed(before, "v9.9.9", tmp_path)
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 3 * len(renew.RECORD.findall(before)) == 3 * before.count(HOME)
    for old, new in changed:
        if old.startswith("line = "):
            assert int(new.partition("= ")[2]) == int(old.partition("= ")[2]) + 2
        else:
            assert new.count("v9.9.9") == 1


@pytest.mark.truth
def test_a_class_that_is_gone_is_named(tmp_path: Path) -> None:
    before = (renew.PACKAGE / "catalog/reading.toml").read_text("utf-8")
    record = renew.RECORD.search(before)
    assert record is not None
    (tmp_path / record["file"]).parent.mkdir(parents=True)
    (tmp_path / record["file"]).write_text("", "utf-8")
    with pytest.raises(LookupError, match=f"has no class or function {record['name']} any more"):
        renew.renewed(record[0], "v9.9.9", tmp_path)
