"""The outcome of one config: its facts and fingerprints, or the reason of the refusal."""

from __future__ import annotations

import json
from typing import Any

import pyarrow

from llm_gallery.analysis.contract import facts
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.architecture.schema import to_json
from llm_gallery.census.normal import WHERE
from llm_gallery.comparison import Subject, profile
from llm_gallery.comparison import fingerprint as of
from llm_gallery.recognition import describe

TEXTS = pyarrow.list_(pyarrow.string())
NUMBERS = (
    "total", "active", "multi_token_prediction", "other_modalities", "layers", "width", "vocabulary",
    "context", "cache_bytes_per_token", "state_bytes",
)  # fmt: skip
DESCRIBED = {
    "family": pyarrow.string(),
    "design": pyarrow.string(),
    "architecture": pyarrow.string(),
    **dict.fromkeys(NUMBERS, pyarrow.int64()),
    "concepts": TEXTS,
}
"""What models and architectures both say."""
OUTCOME = pyarrow.schema(
    {
        "outcome": pyarrow.string(),  # described or refused
        "reason": pyarrow.string(),
        "model_type": pyarrow.string(),
        **DESCRIBED,
        "unread": TEXTS,
        "assumed": TEXTS,
        "warnings": TEXTS,
        "facts": pyarrow.string(),
        "tree": pyarrow.string(),
    }
)
"""What is known of a config; all after `model_type` only where it is described."""

Outcome = dict[str, Any]


def outcome(config: str) -> Outcome:
    """Everything of one config that `normal` wrote, whatever it holds: nothing is raised."""
    raw = json.loads(config)
    said = raw.get("model_type")
    fields = {"model_type": printable(said) if isinstance(said, str) else None}
    try:
        return {**fields, "outcome": "described", **_described(raw)}
    except Refusal as refusal:
        return {**fields, "outcome": "refused", "reason": str(refusal)}
    except Exception as error:  # a fault of ours must not stop the others
        reason = f"{WHERE} can't be described ({type(error).__name__}: {error}); please report it"
        return {**fields, "outcome": "refused", "reason": str(Refusal(reason))}


def _described(raw: dict[str, Any]) -> Outcome:
    model = describe(raw)
    compared = profile(Subject(id="", name="", architecture=model))
    all_facts = facts(model)
    of_config = {name: all_facts.pop(name) for name in ("unread", "assumed", "warnings")}
    counted, memory = all_facts["parameters"], all_facts["cache"]
    numbers = (
        *(counted[name] for name in NUMBERS[:4]),
        all_facts["layers"]["count"],
        *(all_facts[name] for name in NUMBERS[5:8]),
        memory["bytes_per_token"],
        memory["state_bytes"],
    )
    if (most := max(number for number in numbers if number is not None)) >= 2**63:
        raise Refusal(
            f"{WHERE} makes a number of {len(str(most))} digits, expected at most {2**63 - 1:,}, "
            "which a table holds; correct its sizes"
        )
    return {
        "family": model.model_type,
        "design": of.design(compared),
        "architecture": of.architecture(compared),
        **dict(zip(NUMBERS, numbers, strict=True)),
        "concepts": all_facts["concepts"],
        **of_config,
        "facts": _text(all_facts),
        "tree": _text(to_json(model)),
    }


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
