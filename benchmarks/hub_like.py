"""Rows like those of the Hub, made of the catalog's own configs: copies, fine-tunes, sizes of one's own, other models, broken files.

Usage: python -m benchmarks.hub_like FILE.parquet ROWS. The shares are our guess: nobody has published them.
The same number of rows is the same file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import pyarrow
from pyarrow.parquet import ParquetWriter

from llm_gallery.catalog.load import entries

SHARES = {"tuned": 0.61, "own_size": 0.01, "other": 0.30, "none": 0.04, "broken": 0.04}
"""Fine-tunes and copies of known models, sizes that nobody else has, types without a family, no config, broken ones."""
COPIED = 0.3
"""Of the fine-tunes, those that leave the file as it is."""
STRANGE = 0.02
"""Of these, those that state a key that nobody knows."""
UNHEARD = [
    f"{first}_{last}"
    for first in ("my", "merge", "lora", "run")
    for last in ("note", "alpha", "seed")
]
GROUP = 50_000
DAYS = 1_600
OTHERS = (
    "bert", "roberta", "distilbert", "t5", "mt5", "bart", "marian", "pegasus", "albert", "electra",
    "deberta-v2", "xlm-roberta", "mpnet", "layoutlm", "vit", "deit", "swin", "beit", "convnext", "resnet",
    "detr", "clip", "siglip", "wav2vec2", "hubert", "whisper", "speecht5", "vits", "speech-encoder-decoder",
    "encoder-decoder", "led", "longformer", "bigbird", "camembert", "blip", "segformer", "dpt", "videomae",
    "timesformer", "mbart",
)  # fmt: skip
BROKEN = (
    "", "null", "[]", "<!DOCTYPE html><html><head><title>404</title></head></html>", "Entry not found",
    '{"model_type": "llama", "hidden_size": 4096', '{"model_type": "llama", "hidden_size": 4096,}',
    '{"model_type": "llama", "model_type": "llama"}', '{"model_type": 7}', "{}", '{"model_type": "llama"} x',
    '{"model_type": "llama", "num_hidden_layers": -1}', '{"model_type": "llama", "rope_theta": NaN}',
    '{"model_type": "gpt2", "n_embd": 1e400}', '{"a": "\\ud800"}', "{'model_type': 'llama'}",
    '{"model_type": "llama", "num_attention_heads": 7}', "version https://git-lfs.github.com/spec/v1",
)  # fmt: skip
SCHEMA = pyarrow.schema(
    [
        ("repository", pyarrow.string()),
        ("config", pyarrow.string()),
        ("created", pyarrow.timestamp("ms")),
        ("downloads", pyarrow.int64()),
        ("likes", pyarrow.int64()),
    ]
)


def write(file: Path, rows: int) -> None:
    """That many rows."""
    made = hub_like()
    with ParquetWriter(file, SCHEMA) as written:
        for at in range(0, rows, GROUP):
            held = [next(made) for _ in range(min(GROUP, rows - at))]
            columns = (list(column) for column in zip(*held, strict=True))
            arrays = [
                pyarrow.array(column, field.type)
                for column, field in zip(columns, SCHEMA, strict=True)
            ]
            written.write_table(pyarrow.table(arrays, schema=SCHEMA))


Row = tuple[str, str | None, datetime, int, int]


def hub_like(seed: int = 17) -> Iterator[Row]:
    """Rows without end, the same ones for a seed."""
    random = Random(seed)
    known = [_template(dict(entry.config)) for entry in entries()]
    other = [_template(_other(name, size)) for size in (384, 768, 1024) for name in OTHERS]
    random.shuffle(known)
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    kinds, shares = list(SHARES), list(accumulate(SHARES.values()))
    begun = datetime(2022, 3, 1)
    number = 0
    while True:
        of = zip(
            random.choices(kinds, cum_weights=shares, k=GROUP),
            random.choices(known, cum_weights=weights, k=GROUP),
            strict=True,
        )
        for kind, template in of:
            number += 1
            text: str | None = None
            if kind == "tuned":
                text = template % (
                    _same(random) if random.random() < COPIED else _own(random, number)
                )
                if random.random() < STRANGE:
                    text = text.replace("{", f'{{\n  "{random.choice(UNHEARD)}": 1,', 1)
            elif kind == "own_size":
                text = _resized(template % _own(random, number), random)
            elif kind == "other":
                text = random.choice(other) % _own(random, number)
            elif kind == "broken":
                text = random.choice(BROKEN)
            day = int(DAYS * random.random() ** 0.6)
            downloads = int(random.paretovariate(0.6)) - 1
            repository = f"user-{number * 7919 % 100_003}/model-{number}"
            yield (
                repository,
                text,
                begun + timedelta(day, number % 86_400),
                downloads,
                downloads // 97,
            )


def _template(config: dict[str, Any]) -> str:
    """A file as transformers writes it, with places for what fine-tunes change and no description depends on."""
    changed = dict.fromkeys(
        ("_name_or_path", "pad_token_id", "torch_dtype", "transformers_version"), "%s"
    )
    common = {
        "attention_dropout": 0.0,
        "bos_token_id": 1,
        "initializer_range": 0.02,
        "use_cache": True,
    }
    text = json.dumps({**common, **config}, indent=2, sort_keys=True).replace("%", "%%")
    held: Mapping[str, Any] = json.loads(text) | changed
    return json.dumps(held, indent=2, sort_keys=True)


def _other(name: str, width: int) -> dict[str, Any]:
    return {
        "model_type": name, "architectures": [f"{name.title()}ForMaskedLM"], "hidden_size": width,
        "num_hidden_layers": width // 64, "num_attention_heads": width // 64, "intermediate_size": 4 * width,
        "vocab_size": 30_522, "max_position_embeddings": 512, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
        "type_vocab_size": 2, "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
    }  # fmt: skip


def _same(random: Random) -> tuple[str, str, str, str]:
    return ("base/model", "2", "bfloat16", f"4.{random.randrange(30, 34)}.0")


def _own(random: Random, number: int) -> tuple[str, str, str, str]:
    dtype = random.choice(("float16", "float32", "bfloat16"))
    return (
        f"user/run-{number}",
        str(random.randrange(3)),
        dtype,
        f"4.{random.randrange(20, 58)}.{random.randrange(3)}",
    )


def _resized(text: str, random: Random) -> str:
    """Another vocabulary, where the config has one at its top; else as it was."""
    config = json.loads(text)
    if isinstance(config.get("vocab_size"), int):
        config["vocab_size"] = 32_000 + 8 * random.randrange(2**17)
    return json.dumps(config, indent=2, sort_keys=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
