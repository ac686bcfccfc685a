"""Describe your own by files, in a real browser: what is dropped is read there, and the page says what the command says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.check import check
from llm_gallery.checking import Report
from tests import checkpoint_headers, gguf_files
from tests.site.conftest import Visit
from tests.site.test_accessibility import CROSSED, violations
from tests.site.test_describe_in_browser import served, shown

MODEL = "gemma-2-27b"
"""54 GB: whoever read weights would be seen."""


@pytest.fixture(scope="module")
def host(whole_site: Path) -> Iterator[str]:
    """The site on a host of files."""
    with served(whole_site) as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole checkpoint of three shards."""
    place = tmp_path_factory.mktemp("files") / "my-model"
    held = checkpoint_headers.described(MODEL)
    return checkpoint_headers.folder(place, held, MODEL, shards=3)


def given(page: Page, *files: Path) -> None:
    page.locator("#file").set_input_files(files)


def let_fall(page: Page, place: Path) -> None:
    """Drops a file or folder of this machine, as a hand does."""
    box = page.locator(".editor .text").bounding_box()
    assert box is not None
    where = {"x": box["x"] + 40, "y": box["y"] + 40}
    data = {"items": [], "files": [str(place)], "dragOperationsMask": 1}
    hand = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        hand.send("Input.dispatchDragEvent", {"type": kind, "data": data, **where})


def cells(page: Page) -> list[str]:
    """The numbers of all tables: tensors, bytes, share and parameters, row by row."""
    return page.locator(".shares td").all_inner_texts()


def numbers(report: Report) -> list[str]:
    """The same of a report, as its text writes them."""
    lines = report.text().splitlines()
    rows = [line.split() for line in lines if line.startswith("  ") and "%" in line]
    return [number for row in rows for number in row[-4:]]


def test_a_dropped_folder_says_what_the_command_says(
    visit: Visit, host: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The config beside the weights is described, and only files of the site are asked for."""
    monkeypatch.chdir(folder.parent)
    asked: list[Request] = []
    visit.page.context.on("request", lambda request: asked.append(request))
    visit.address = host
    page = visit.open("describe/index.html")
    let_fall(page, folder)
    expect(page.locator("#verdict")).to_have_text("my-model: whole")
    report = check("my-model")
    assert sum(file.bytes for file in report.files) > 50 * 10**9
    lines = report.text().splitlines()
    assert page.locator("#report > p:not(.note)").all_inner_texts() == lines[1:3]
    tensors, size, share, parameters = numbers(report)[:4]
    assert cells(page)[:4] == [tensors, size, share, parameters]
    assert len(cells(page)) == 4 * len((*report.by_part, *report.by_type))
    shown(page)
    expect(page.locator("#numbers dd").first).to_have_text(f"{report.described:,}")
    sent = {(request.method, request.post_data) for request in asked}
    assert sent == {("GET", None)}
    page.get_by_label("Start from a model").select_option(index=1)
    expect(page.locator("#verdict")).to_be_empty()


def test_what_is_missing_is_listed(
    visit: Visit, host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several files are one folder; of a GGUF the tree comes from its own keys."""
    visit.address = host
    page = visit.open("describe/index.html")
    held = checkpoint_headers.described("qwen3-0.6b")
    for name in [name for name in held if "up_proj" in name][:2]:
        del held[name]
    place = checkpoint_headers.folder(tmp_path / "dropped", held, "qwen3-0.6b")
    given(page, *place.iterdir())
    expect(page.locator("#verdict")).to_have_text("dropped: not whole")
    expect(page.locator(".files summary")).to_have_text("Missing: 2 tensors")
    missing = page.locator(".tensors code")
    expect(missing).to_have_text("model.layers.{0-1}.mlp.up_proj.weight")
    expect(missing).to_be_visible()
    shown(page)
    file = gguf_files.write(tmp_path / "tiny.gguf", KEYS, TENSORS)
    given(page, file)
    expect(page.locator("#verdict")).to_have_text("tiny.gguf: not whole")
    expect(page.locator(".tensors code")).to_have_text("blk.{0-1}.ffn_up.weight")
    expect(page.locator("#prose")).to_contain_text("tiny is a dense Transformer")
    monkeypatch.chdir(tmp_path)
    assert cells(page) == numbers(check("tiny.gguf"))


KEYS = {
    "general.architecture": "llama",
    "llama.block_count": 2,
    "llama.embedding_length": 64,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.context_length": 512,
    "llama.rope.dimension_count": 16,
    "llama.vocab_size": 100,
}
TENSORS = {
    "token_embd.weight": gguf_files.half(100, 64),
    "output.weight": gguf_files.half(100, 64),
    "output_norm.weight": (0, (64,), 256),
    **{
        f"blk.{layer}.{name}.weight": tensor
        for layer in range(2)
        for name, tensor in {
            "attn_norm": (0, (64,), 256),
            "ffn_norm": (0, (64,), 256),
            "attn_q": gguf_files.half(64, 64),
            "attn_k": gguf_files.half(32, 64),
            "attn_v": gguf_files.half(32, 64),
            "attn_output": gguf_files.half(64, 64),
            "ffn_gate": gguf_files.half(128, 64),
            "ffn_down": gguf_files.half(64, 128),
        }.items()
    },
}


REFUSED = {
    "cut": {"cut.gguf": b"GGUF\x03\0\0\0\1\0\0"},
    "pointer": {"model.safetensors": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"},
    "pickled": {"pytorch_model.bin": b"PK"},
    "dropped": {"a-Q4_K_M.gguf": b"GGUF", "b-Q8_0.gguf": b"GGUF", "mmproj.gguf": b"GGUF"},
}
"""Files by folder: one, or several that make no model."""


def test_a_refusal_is_the_command_s(
    visit: Visit, host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.address = host
    page = visit.open("describe/index.html")
    for folder, files in REFUSED.items():
        place = tmp_path / folder
        place.mkdir()
        for name, content in files.items():
            (place / name).write_bytes(content)
        monkeypatch.chdir(tmp_path if len(files) > 1 else place)
        with pytest.raises(Refusal) as refused:
            check(Path(folder if len(files) > 1 else next(iter(files))))
        given(page, *place.iterdir())
        expect(page.locator("#refused")).to_have_text(str(refused.value))
        expect(page.locator("#verdict")).to_be_empty()
    assert str(refused.value).startswith("dropped holds a-Q4_K_M.gguf, b-Q8_0.gguf, expected one")


def test_a_served_gallery_is_sent_the_config_alone(visit: Visit, folder: Path) -> None:
    """Where a server describes, the page reads headers all the same; of weights alone there is a list."""
    sent: list[Request] = []
    visit.page.on("request", lambda asked: sent.append(asked) if asked.method != "GET" else None)
    page = visit.open("describe/index.html")
    given(page, folder / "model-00002-of-00003.safetensors")
    expect(page.locator("#verdict strong")).to_have_text(
        "model-00002-of-00003.safetensors: not compared"
    )
    expect(page.locator("#report")).to_contain_text("Drop its config.json with it")
    assert sent == []
    given(page, *sorted(folder.iterdir()))
    expect(page.locator("#verdict")).to_have_text("dropped: whole")
    shown(page)
    assert sent
    assert all("safetensors" not in (request.post_data or "") for request in sent)


OVERHEARD = """() => {
  globalThis.said = [];
  const refused = document.querySelector("#refused");
  new MutationObserver(() => said.push(refused.textContent)).observe(refused, { childList: true });
}"""
"""Notes every refusal that the page shows, the short-lived too."""


def test_what_is_dropped_next_takes_its_place(visit: Visit, host: str, tmp_path: Path) -> None:
    """A header that takes its time is given up; the page shows nothing of it afterwards."""
    words = [f"{number:040}" for number in range(300_000)]
    slow = gguf_files.write(tmp_path / "slow.gguf", KEYS | {"words": words}, TENSORS)
    assert slow.stat().st_size > 14 * 10**6
    visit.address = host
    page = visit.open("describe/index.html")
    page.evaluate(OVERHEARD)
    given(page, slow)
    expect(page.locator("#verdict")).to_have_text("Reading the header of slow.gguf …")
    quick = FilePayload(name="quick.gguf", mimeType="", buffer=b"none at all")
    page.locator("#file").set_input_files(quick)
    expect(page.locator("#refused")).to_contain_text("quick.gguf is no GGUF file")
    said = page.evaluate("said")
    assert len(said) == 1, said
    given(page, slow)
    expect(page.locator("#verdict")).to_have_text("slow.gguf: not whole")


@pytest.mark.parametrize(
    "visit", CROSSED, indirect=True, ids=lambda v: f"{v['width']}-{v['theme']}"
)
def test_axe_and_the_keyboard(visit: Visit, host: str, tmp_path: Path) -> None:
    visit.address = host
    page = visit.open("describe/index.html")
    with page.expect_file_chooser() as chosen:  # which is listened for while the button is found
        page.get_by_role("button", name="Open files").focus()
        page.keyboard.press("Enter")
    assert chosen.value.is_multiple()
    chosen.value.set_files(gguf_files.write(tmp_path / "tiny.gguf", KEYS, TENSORS))
    expect(page.locator("#verdict")).to_have_text("tiny.gguf: not whole")
    shown(page)
    expect(page.locator("#card svg")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    width = page.viewport_size or {"width": 0}
    assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]
    assert violations(page) == []
