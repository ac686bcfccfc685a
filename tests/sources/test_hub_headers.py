"""Checkpoints on the Hub, played by a server on this machine that counts what it sends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog.load import find
from tests import checkpoint_headers, gguf_files
from tests.sources.stand_in import COMMIT, Repository, Request, environment, hub

ASK = """
import json, sys
from llm_gallery import check, describe, quants
from llm_gallery.architecture.refusal import Refusal
for word in sys.argv[1:]:
    verb, _, place = word.partition(" ")
    try:
        if verb == "describe":
            said = describe(place).model_type
        elif verb == "quants":
            said = quants(place).held.types
        else:
            report = check(place)
            said = [report.place, report.whole, report.parameters, report.bytes, report.why, report.faults, report.beside]
    except Refusal as refusal:
        said = str(refusal)
    print(json.dumps(said, default=lambda held: vars(held).get("stored", str(held))))
"""
DENSE, SPARSE = "qwen3-0.6b", "qwen3-30b-a3b"
OTHER = "b" * 40
MOVING = {"main": COMMIT, "v1.0": OTHER, "refs/pr/1": OTHER}
RECORD = {"createdAt": "2026-08-20T10:00:00.000Z"}
TOKEN = "hf_secret"
FIRST = 100_000


def repository(folder: Path, **said: Any) -> Repository:
    """What a folder holds, whose weights are holes."""
    files, grown = {}, {}
    for file in folder.iterdir():
        with file.open("rb") as opened:
            head = opened.read(9)
            weights = file.suffix == ".safetensors" and head[8:] == b"{"
            end = 8 + int.from_bytes(head[:8], "little") if weights else file.stat().st_size
            files[file.name] = head + opened.read(end - 9)
        if file.stat().st_size > end:
            grown[file.name] = file.stat().st_size
    return Repository(files, RECORD, grown=grown, **said)


def gguf(layers: int, words: int = 0) -> bytes:
    """A file of Qwen3's, as llama.cpp writes it."""
    keys = {
        "general.architecture": "qwen3", "qwen3.block_count": layers, "qwen3.context_length": 4096,
        "qwen3.embedding_length": 64, "qwen3.feed_forward_length": 128, "qwen3.attention.head_count": 4,
        "qwen3.attention.head_count_kv": 2, "qwen3.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen3.attention.key_length": 16, "qwen3.rope.freq_base": 1e6,
        "tokenizer.ggml.tokens": [f"{n:0100}" for n in range(words)] or ["a"],
    }  # fmt: skip
    return gguf_files.header(keys, {"token_embd.weight": gguf_files.half(320, 64)}) + bytes(2**16)


def split(number: int, count: int) -> bytes:
    """One of several files."""
    keys = {"general.architecture": "qwen3", "split.no": number, "split.count": count}
    return gguf_files.header(keys, {f"{number}.weight": gguf_files.half(32)}) + bytes(128)


def held(folder: Path) -> Mapping[str, Repository]:
    """All repositories of these tests."""
    dense = checkpoint_headers.described(DENSE)
    one = checkpoint_headers.folder(folder / "one", dense, DENSE)
    three = checkpoint_headers.folder(
        folder / "three", checkpoint_headers.described(SPARSE), SPARSE, shards=3
    )
    whole, shards = (
        repository(one),
        repository(checkpoint_headers.folder(folder / "shards", dense, DENSE, shards=3)),
    )
    short = dict(whole.grown) | {"model.safetensors": 10**9}
    lost = {n: data for n, data in shards.files.items() if "-00002-" not in n}
    quants = {f"m-{q}.gguf": gguf(2) for q in ("Q4_K_M", "Q8_0")}
    return {
        "a/one": repository(one, revisions=MOVING),
        "a/three": repository(three, cdn=True, token=TOKEN),
        "a/ignores": repository(three, ranges="ignored"),
        "a/shifts": repository(one, ranges="shifted"),
        "a/lies": repository(one, ranges="of another size"),
        "a/gated": repository(one, status=403, code="GatedRepo"),
        "a/busy": repository(one, status=429),
        "a/down": repository(one, status=503),
        "a/short": Repository(whole.files, RECORD, grown=short),
        "a/lost": Repository(lost, RECORD, grown=shards.grown),
        "a/cut": Repository({"model.safetensors": whole.files["model.safetensors"][:500]}, RECORD),
        "a/unlisted": Repository(lost, grown=shards.grown),
        "a/unsized": Repository(whole.files, RECORD | {"siblings": [{"rfilename": n} for n in whole.files]}, grown=whole.grown),
        "a/split": Repository({f"m-{n:05}-of-00003.gguf": split(n - 1, 3) for n in (1, 3)}, RECORD),
        "a/nothing": Repository({"README.md": b"x"}, RECORD),
        "a/pickled": Repository({"pytorch_model.bin": b"x"}, RECORD),
        "a/below": Repository({"unet/model.safetensors": b"x"}, RECORD),
        "a/pointer": Repository({"model.safetensors": b"version https://git-lfs.github.com/spec/v1\n"}, RECORD),
        "a/quants": Repository({**quants, "mmproj-m.gguf": b"GGUF", "sub/m-UD-Q8_0.gguf": b"GGUF"}, RECORD),
        "a/vocabulary": Repository({"m.gguf": gguf(1, 50_000)}, RECORD),
        "a/data": Repository({}, RECORD | {"type": "datasets"}),
        "../../a": Repository({}, RECORD),
        "a/odd": Repository({"../../x.gguf": gguf(1), "m.gguf": gguf(1)}, RECORD),
    }  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Request]]]:
    seen: list[Request] = []
    with hub(held(tmp_path_factory.mktemp("held")), seen) as address:
        yield address, seen


Server = tuple[str, list[Request]]


def started(address: str, home: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ASK, *words]
    return subprocess.Popen(
        command, env=environment(address, home) | more, stdout=subprocess.PIPE, text=True
    )


def asked(address: str, home: Path, *words: str, **more: str) -> list[Any]:
    """What a process of its own is told, word by word."""
    out, _ = started(address, home, *words, **more).communicate()
    return [json.loads(line) for line in out.splitlines()]


def parameters(model: str) -> int:
    return sum(prod(shape) for _, shape in checkpoint_headers.described(model).values())


REFUSED = {
    "a/absent": "isn't on the Hub, or is private, expected a repository of a model; check the name, or run `hf auth login`",
    "a/three": "isn't on the Hub, or is private, expected a repository of a model; check the name, or run `hf auth login`",
    "a/data": "is a data set of the Hub, expected a repository of a model; give a model's Hub id",
    "a/gated": "/model.safetensors asks for its terms to be accepted first, expected a file that the Hub gives; accept them on its page and run `hf auth login`, or give the path of a copy",
    "a/busy": "can't be read: the Hub was asked too often (429) and was not read before, expected a repository of a model; try again in a few minutes, or run `hf auth login`",
    "a/down": "can't be read: the Hub fails (503) and was not read before, expected a repository of a model; try again in a few minutes",
    "a/one@v9": "has no revision v9, or none that you may see, expected a repository of a model; give a branch, a tag or a commit of its page",
    "a/one/x.gguf": "has no x.gguf, expected a file of it; see its page",
    "a/one/x.safetensors": "has no x.safetensors, expected one of its files; see its page",
    "a/shifts": "/model.safetensors came as 100,000 bytes from 1 on, expected 100,000 from 0 on; try again",
    "a/lies": "/model.safetensors has 1,192,137,770 bytes as it comes, expected 1,192,137,769, as the Hub lists; try again",
    "a/nothing": "holds no weights at its top, expected .safetensors or .gguf; check the name",
    "a/below": "holds no weights at its top, expected .safetensors or .gguf; give a/below/unet/model.safetensors",
    "a/pickled": "/pytorch_model.bin is a pickled checkpoint, which may run any code when it is read, expected safetensors; take the release's .safetensors, or convert it where you trust it: `AutoModel.from_pretrained(FOLDER).save_pretrained(NEW)`",
    "a/cut": "/model.safetensors ends in its header, after 500 bytes, expected 37,929; tell its publisher",
    "a/pointer": "/model.safetensors is a pointer of Git LFS and not the file itself, expected a checkpoint in safetensors; run `git lfs pull`",
    "a/quants": "holds 3 GGUFs, expected one of m-Q4_K_M.gguf, m-Q8_0.gguf, sub/m-UD-Q8_0.gguf; give a/quants/m-Q4_K_M.gguf",
    "a/quants:Q8_0": "holds 2 GGUFs called Q8_0, expected one of m-Q8_0.gguf, sub/m-UD-Q8_0.gguf; give a/quants/m-Q8_0.gguf",
    "a/quants:Q2_K": "holds no GGUF called Q2_K, expected one of m-Q4_K_M.gguf, m-Q8_0.gguf, sub/m-UD-Q8_0.gguf; give a/quants/m-Q4_K_M.gguf",
}  # fmt: skip


def test_what_is_refused(server: Server, tmp_path: Path) -> None:
    said = asked(server[0], tmp_path, *(f"check {place}" for place in REFUSED))
    for (place, words), found in zip(REFUSED.items(), said, strict=True):
        name = re.split("[@:]", place)[0].removesuffix("/x.gguf").removesuffix("/x.safetensors")
        if words.startswith(("can't", "isn't", "is a data", "has no rev")):
            name = place
        assert found == f"{name}{'' if words[0] == '/' else ' '}{words}"


def test_headers_are_read_by_ranges_and_the_token_stays_with_the_hub(
    server: Server, tmp_path: Path
) -> None:
    address, seen = server
    seen.clear()
    (said,) = asked(address, tmp_path, "check a/three", HF_TOKEN=TOKEN)
    place, whole, stored, size, *_ = said
    assert (place, whole) == ("a/three", True)
    assert stored == parameters(SPARSE)
    assert size == 2 * stored
    parts = [request for request in seen if request.path.endswith(".safetensors")]
    from_cdn = [request for request in parts if request.host == "cdn"]
    assert len(from_cdn) == 6  # the first bytes of each shard, and the rest of its header
    assert {request.authorization for request in from_cdn} == {None}
    assert {r.authorization for r in parts if r.host == "hub"} == {f"Bearer {TOKEN}"}
    assert FIRST * 3 < sum(request.sent for request in from_cdn) < 3 * 10**6


def test_what_was_read_is_there_without_a_network(server: Server, tmp_path: Path) -> None:
    address, seen = server
    words = (
        "check a/one",
        "check a/one@v1.0",
        "check a/vocabulary",
        "describe a/one@v1.0",
        "describe a/vocabulary",
    )
    before = asked(address, tmp_path, *words)
    assert before[0][1:3] == [True, parameters(DENSE)]
    assert before[3:] == ["qwen3", "qwen3"]
    seen.clear()
    offline = asked(address, tmp_path, *words, f"check a/one@{OTHER}", HF_HUB_OFFLINE="1")
    assert (offline[:5], offline[5][1]) == (before, True)
    assert asked("http://127.0.0.1:9", tmp_path, *words) == before  # the discard port
    assert [r for r in seen if "agent" not in r.path] == []
    (unread,) = asked(address, tmp_path, "check a/one@refs/pr/1", HF_HUB_OFFLINE="1")
    assert unread == (
        "a/one@refs/pr/1 can't be read: HF_HUB_OFFLINE is set and was not read before, expected a repository of a "
        "model; unset it"
    )


@pytest.mark.parametrize("damage", [b"{}", None])
def test_a_damaged_cache_is_read_anew(server: Server, tmp_path: Path, damage: bytes | None) -> None:
    address, _ = server
    (before,) = asked(address, tmp_path, "check a/one")
    kept = sorted((tmp_path / "llm-gallery").rglob("*model.safetensors*"))
    assert [file.name for file in kept] == ["model.safetensors", "model.safetensors.size.json"]
    assert kept[0].stat().st_size == 37_929
    for file in kept if damage == b"{}" else kept[:1]:
        content = bytearray(file.read_bytes())
        content[min(600, len(content) - 3)] ^= 1  # where no length says it
        file.write_bytes(content if damage is None else damage)
    (offline,) = asked(address, tmp_path, "check a/one", HF_HUB_OFFLINE="1")
    assert offline.startswith("a/one/model.safetensors can't be read: HF_HUB_OFFLINE is set")
    assert asked(address, tmp_path, "check a/one") == [before]


def test_several_processes_read_the_same(server: Server, tmp_path: Path) -> None:
    running = [started(server[0], tmp_path, "check a/one") for _ in range(2)]
    said = {process.communicate()[0] for process in running}
    assert len(said) == 1
    assert json.loads(said.pop())[1:3] == [True, parameters(DENSE)]
    names = [file.name for file in (tmp_path / "llm-gallery").rglob("*") if file.is_file()]
    assert not [name for name in names if re.fullmatch(r"\.[0-9a-f]{32}", name)]


def test_a_server_that_knows_no_ranges_is_not_read_to_the_end(
    server: Server, tmp_path: Path
) -> None:
    address, seen = server
    seen.clear()
    (said,) = asked(address, tmp_path, "check a/ignores")
    assert said[1:3] == [True, parameters(SPARSE)]
    sent = sum(request.sent for request in seen)
    assert sent < 64 * 2**20 < 2 * parameters(SPARSE)


def test_faults_of_files_on_the_hub(server: Server, tmp_path: Path) -> None:
    short, lost, odd, split = asked(
        server[0], tmp_path, "check a/short", "check a/lost", "check a/odd", "check a/split"
    )
    assert short[5] == [
        "model.safetensors ends after 1,000,000,000 bytes, expected 1,192,137,769; tell its publisher"
    ]
    assert lost[5][0] == (
        "1 file that the index names is missing: model-00002-of-00003.safetensors; tell its publisher"
    )
    assert (short[1], lost[1]) == (False, False)
    assert split[5] == ["1 file of 3 missing: m-00002-of-00003.gguf; tell its publisher"]
    assert split[3] == 128
    assert odd[0] == "a/odd"  # whose other file has a name that isn't written
    assert not list(tmp_path.parent.glob("x.gguf*"))


def test_a_branch_that_moved_is_read_anew(server: Server, tmp_path: Path) -> None:
    address, seen = server
    (before,) = asked(address, tmp_path, "check a/one")
    for revision, commit in (("main", OTHER), ("main", COMMIT)):
        MOVING[revision] = commit
        seen.clear()
        assert asked(address, tmp_path, "check a/one") == [before]
        read = {r.path.split("/")[4] for r in seen if r.path.endswith(".safetensors")}
        assert read == ({OTHER} if commit == OTHER else set())  # the other was read before


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MOST_BYTES = 2**10", "more than 0 MiB"),
        ("ALL_SECONDS = -1.0", "more than -1 seconds"),
    ],
)
def test_headers_take_a_bounded_time_and_amount(
    limit: str, words: str, server: Server, tmp_path: Path
) -> None:
    code = f"from llm_gallery.sources import hub_ranges; hub_ranges.{limit}\n{ASK}"
    ran = subprocess.run(
        [sys.executable, "-c", code, "check a/one"],
        env=environment(server[0], tmp_path),
        stdout=subprocess.PIPE,
    )
    assert json.loads(ran.stdout) == (
        f"a/one has headers that take {words}, expected fewer; give the same again, and it goes on with the files that are left"
    )


def test_a_host_may_list_no_files_or_no_sizes(server: Server, tmp_path: Path) -> None:
    words = ("check a/unlisted", "check a/unsized")
    unlisted, unsized = said = asked(server[0], tmp_path, *words)
    lost, one = asked(server[0], tmp_path, "check a/lost", "check a/one")
    assert (unlisted[1:], unsized[1:]) == (lost[1:], one[1:])
    assert asked(server[0], tmp_path, *words, HF_HUB_OFFLINE="1") == said


def test_a_gguf_is_read_in_pieces_up_to_its_header(server: Server, tmp_path: Path) -> None:
    address, seen = server
    seen.clear()
    whole, named, called, capital, held = asked(
        address, tmp_path, "check a/vocabulary", "check a/quants/m-Q8_0.gguf", "check a/quants:Q4_K_M",
        "describe a/quants:q4_k_m@main", "quants a/quants:Q4_K_M",
    )  # fmt: skip
    pieces = [r.sent for r in seen if r.path.endswith("/m.gguf")]
    size = len(gguf(1, 50_000))
    assert pieces == [2 * 2**20, 2 * 2**20, size - 4 * 2**20]
    assert (whole[0], whole[3]) == ("a/vocabulary", 2 * 320 * 64)
    assert (named[0], called[0]) == ("a/quants/m-Q8_0.gguf", "a/quants:Q4_K_M")
    assert held == {"F16": 1}  # the file's own header, whatever the mix of that name is
    assert capital == find(DENSE).architecture.model_type
    assert [f.name for f in (tmp_path / "llm-gallery").rglob("*.gguf")]
