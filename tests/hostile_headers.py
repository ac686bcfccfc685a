"""Checkpoints with changed headers, through all that a user's `check` and `describe` run: `python -m tests.hostile_headers [COUNT] [SEED]`.

Each is read and reported, or refused in one line. What isn't is printed with the seed that makes it again.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory
from typing import Any

from llm_gallery import check, describe
from llm_gallery.architecture.refusal import Refusal
from tests import gguf_files
from tests.checkpoint_headers import Tensors, entries, write
from tests.odd_configs import well_said, within

CONFIG: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 2,
    "vocab_size": 96,
}
HELD: Tensors = {
    "model.embed_tokens.weight": ("BF16", (96, 64)),
    "model.layers.0.self_attn.q_proj.qweight": ("I32", (8, 64)),
    "model.layers.0.self_attn.q_proj.qzeros": ("I32", (1, 8)),
    "model.layers.0.self_attn.q_proj.scales": ("F16", (1, 64)),
    "model.layers.0.mlp.up_proj.weight_packed": ("U8", (128, 32)),
    "model.layers.0.mlp.up_proj.weight_scale": ("F8_E4M3", (128, 4)),
    "model.layers.0.mlp.up_proj.weight_global_scale": ("F32", (1,)),
    "model.layers.1.mlp.up_proj.weight": ("F8_E4M3", (128, 64)),
    "model.layers.1.mlp.up_proj.weight_scale_inv": ("F32", (1, 1)),
    "model.layers.1.mlp.down_proj.weight": ("U32", (64, 16)),
    "model.layers.1.mlp.down_proj.scales": ("BF16", (64, 2)),
    "model.layers.1.mlp.experts.down_proj_blocks": ("U8", (2, 64, 4, 16)),
    "model.layers.1.mlp.experts.down_proj_scales": ("U8", (2, 64, 4)),
    "lm_head.weight": ("I8", (96, 64)),
}
KEYS = {
    "general.architecture": "llama",
    "general.alignment": 32,
    "llama.block_count": 2,
    "llama.context_length": 64,
    "llama.embedding_length": 64,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": [4, 4],
    "llama.attention.head_count_kv": 2,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.rope.freq_base": 10000.0,
    "tokenizer.ggml.tokens": ["a", "", "b" * 30],
}
LISTED = {
    "token_embd.weight": gguf_files.half(96, 64),
    "blk.0.ffn_up.weight": gguf_files.half(128, 64),
    "blk.1.ffn_up.weight": (8, (128, 64), 128 * 68),
}
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
INDEX = "model.safetensors.index.json"
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2**31, 2**62, 2**63, 2**64, 10**400, 0.5, float("nan"), float("inf"), "", "\x1b[31m\n", "\ud800",
    "\u202e", "x" * 5000, "a." * 400, "BF16", "F4", "U8", "../../etc/passwd", "/dev/zero", "m" * 300 + ".safetensors",
    [], [[]], [2**62, 8], [1] * 65, [0, 0], [4, 2], {}, {"a": {}},
)  # fmt: skip


def changed_bytes(data: bytes, draw: Random) -> bytes:
    """A few bytes that are others, doubled or cut."""
    made = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(made))
        match draw.randrange(6):
            case 0:
                del made[at:]
            case 1:
                made[at:at] = made[at : at + draw.randint(1, 40)]
            case 2:
                number = draw.choice([0, 1, 2**31, 2**32 - 1, 2**62, 2**63, 2**64 - 1])
                made[at : at + 8] = number.to_bytes(8, "little")
            case _:
                made[at] = draw.choice([*b'\x00\x01\x09\x7f\xff{}[]",:019eE-', draw.randrange(256)])
        if not made:
            break
    return bytes(made)


def changed_json(held: Any, draw: Random) -> Any:
    """An object with one value, somewhere in it, that is another."""
    match held:
        case dict() if held:
            key = draw.choice([*held])
            if draw.random() < 0.1:
                return {**held, str(draw.choice(ODD)): held[key]}
            return {**held, key: changed_json(held[key], draw)}
        case list() if held and draw.random() < 0.7:
            at = draw.randrange(len(held))
            return [*held[:at], changed_json(held[at], draw), *held[at + 1 :]]
        case list():
            return draw.choice([[], held[:-1], [*held, 1], held[::-1], draw.choice(ODD)])
    return draw.choice(ODD)


def single(folder: Path, draw: Random) -> Path:
    """One file of safetensors beside its config, which may be changed too."""
    config = changed_json(CONFIG, draw) if draw.random() < 0.1 else CONFIG
    (folder / "config.json").write_text(json.dumps(config))
    file = folder / "model.safetensors"
    header: Any = entries(HELD)
    if draw.random() < 0.6:
        for _ in range(draw.randint(1, 3)):
            header = changed_json(header, draw)
        write(file, json.dumps(header).encode(), 64_000)
        return folder
    write(file, header)
    file.write_bytes(changed_bytes(file.read_bytes()[:2600], draw))
    return file


def sharded(folder: Path, draw: Random) -> Path:
    """Two files and their index, which is changed."""
    (folder / "config.json").write_text(json.dumps(CONFIG))
    placed: dict[str, str] = {}
    for number, name in enumerate(SHARDS):
        part = {tensor: HELD[tensor] for tensor in [*HELD][number::2]}
        write(folder / name, entries(part))
        placed.update(dict.fromkeys(part, name))
    index: Any = {"metadata": {"total_size": 1}, "weight_map": placed}
    text = json.dumps(changed_json(index, draw)).encode()
    (folder / INDEX).write_bytes(text if draw.random() < 0.7 else changed_bytes(text, draw))
    return folder


def of_gguf(folder: Path, draw: Random) -> Path:
    """A GGUF, at times one of two files, of which the first bytes or values are changed."""
    split = draw.random() < 0.2
    keys: dict[str, Any] = {**KEYS, "split.count": 2} if split else {**KEYS}
    if draw.random() < 0.5:
        odd = [-1, 0, 3, 2**40, 2**62, True, 0.5, "", "\x1b", "mmproj", "qwen3", [1, 2], ["a"] * 9]
        keys[draw.choice([*keys, "split.count", "x", "llama.rope.scaling.type"])] = draw.choice(odd)
    name = "x-00001-of-00002.gguf" if split else "x.gguf"
    file = gguf_files.write(folder / name, keys, LISTED)
    if split:
        gguf_files.write(folder / "x-00002-of-00002.gguf", {"split.count": 2}, LISTED)
    head = len(gguf_files.header(keys, LISTED))
    data = file.read_bytes()
    file.write_bytes(changed_bytes(data[:head], draw) + data[head:])
    return file


KINDS: tuple[Callable[[Path, Random], Path], ...] = (single, sharded, of_gguf)


def fault(seed: int) -> str:
    """What goes wrong with the checkpoint of a seed, in one line; empty where nothing does."""
    draw = Random(seed)
    with TemporaryDirectory() as folder:
        place = draw.choice(KINDS)(Path(folder), draw)
        try:
            with within(3.0):
                judged(place)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"
    return ""


def judged(place: Path) -> None:
    """Reported and described, or refused well."""
    try:
        report = check(place)
        said = report.text()
        assert said.replace("\n", "").isprintable()
        json.dumps(report.to_json(), allow_nan=False)
    except Refusal as refusal:
        well_said(str(refusal))
    try:
        describe(place)
    except Refusal as refusal:
        well_said(str(refusal))


def main() -> int:
    """Tries as many seeds as asked, from a random one on."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else SystemRandom().randrange(2**32)
    found = 0
    for seed in range(first, first + count):
        if problem := fault(seed):
            found += 1
            print(f"seed {seed}: {problem}", flush=True)
    print(f"{count:,} changed headers from seed {first}, {found} faults")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
