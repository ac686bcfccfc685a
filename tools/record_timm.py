"""Writes tests/truth/timm_towers.json: what timm stores of the vision towers that wrappers take from it.

Usage: pip install timm==1.0.31, then python -m tools.record_timm. It needs torchvision and Pillow, which nothing else
here does, so that its answer is kept: names and shapes as one hash, by architecture and arguments.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from tools.digests import digest
from tools.generated import ROOT

TARGET = ROOT / "tests/truth/timm_towers.json"
LANG: dict[str, Any] = {
    "embed_dim": 1024, "depth": 23, "img_size": [448, 448], "global_pool": "", "use_post_transformer_norm": False,
    "init_values": 0.1, "ref_feat_shape": [32, 32],
}  # fmt: skip
TOWERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("mobilenetv5_300m_enc", {}),
    ("fastvit_mci3", {"inference_mode": True}),
    ("vit_pe_core_large_patch14_336", LANG),
    ("vit_pe_core_large_patch14_336", {"global_pool": "token", "patch_size": 16, "depth": 1}),
    ("vit_pe_core_large_patch14_336", {"global_pool": "", "mlp_ratio": 2.5, "depth": 1}),
    ("vit_pe_core_gigantic_patch14_448", {**LANG, "embed_dim": 1536, "depth": 47}),
    ("vit_pe_core_gigantic_patch14_448", {"global_pool": "", "embed_dim": 64, "num_heads": 4}),
    ("vit_pe_lang_large_patch14_448", {"use_post_transformer_norm": True, "init_values": None}),
    ("vit_pe_lang_gigantic_patch14_448", {"class_token": True, "img_size": [56, 84]}),
)
"""Those of the releases, and others with arguments changed."""


def stored(architecture: str, arguments: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Names and shapes of all that timm stores, built as transformers builds it: without classes."""
    import torch

    timm: Any = import_module("timm")
    with torch.device("meta"):
        made = timm.create_model(architecture, pretrained=False, num_classes=0, **arguments)
    return {name: tuple(value.shape) for name, value in made.state_dict().items()}


def main() -> int:
    timm: Any = import_module("timm")
    rows = [
        {"architecture": name, "arguments": said, "digest": digest(stored(name, said))}
        for name, said in TOWERS
    ]
    made = {"//": "written by tools/record_timm.py", "timm": timm.__version__, "towers": rows}
    TARGET.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
