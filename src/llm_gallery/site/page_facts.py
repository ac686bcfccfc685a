"""A model page as data: everything that it shows as a number or in words, under the heading where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, get_args

from llm_gallery.analysis.units import binary
from llm_gallery.figure import Detail
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Picture, Shape, Text
from llm_gallery.site.short_forms import share


def of_page(values: Mapping[str, Any], plate: Callable[[Detail], Drawing]) -> dict[str, Any]:
    """The data of a page that is filled with these values (`model_page`) and shows the model at each level."""
    held = values["parameters"]
    return {
        "headline": [_plain(head) for head in values["headline"]],
        "schedule": [
            {"mechanism": mechanism, "label": label, "layers": count}
            for mechanism, label, count in values["mix"]
        ],
        "last_layer": values["layers"] - 1,
        "family": _plain(values["family"]),
        "sheet": [_group(group) for group in values["groups"]],
        "concepts": [
            {"name": term.name, "text": term.text, "models": count}
            for term, count in values["concepts"]
        ],
        "links": [_plain(link) for link in values["links"]],
        "parts": [
            {
                "part": part.name,
                "stored": part.stored,
                "stored_share": share(part.stored, held.total),
                "active": part.active,
                "active_share": share(part.active, held.active),
            }
            for part in values["parts"]
        ],
        "bars": [{"name": bar.name, "words": bar.words} for bar in values["bars"]],
        "parts_in_words": values["parts_say"],
        "published": {**_plain(values["accuracy"]), "difference": values["accuracy"].difference}
        | {"remainder": values["accuracy"].remainder, "reason": values["accuracy"].reason},
        "cache_over_context": [_curve(row, values["lengths"]) for row in values["curves"]],
        "cache_in_words": [*values["cache_says"], values["why_beside"]],
        "calculator": _calculator(values["calculator"]),
        "tensors": [_plain(pattern) for pattern in values["tensors"]],
        "stored_tensors": values["stored_tensors"],
        "tensor_patterns": len(values["tensors"]),
        "figure": {detail: _words(plate(detail), detail) for detail in get_args(Detail)},
        "note": values["entry"].provenance.note,
        "citation": values["citation"],
    }


def _group(group: Any) -> dict[str, Any]:
    rows = [
        {"fact": row.term.name, "value": row.value, "evidence": row.evidence, "source": row.source}
        for row in group.rows
    ]
    texts = {row.term.name: row.term.text for row in group.rows if row.term.text}
    return {"title": group.title, "rows": rows, "meaning": texts}


def _curve(row: Any, lengths: Sequence[int]) -> dict[str, Any]:
    kept = zip(lengths, row.held, strict=True)
    return {
        "name": row.name,
        "kept": {str(at): {"bytes": held, "words": binary(held)} for at, held in kept},
    }


def _calculator(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the calculator counts with; what it answers, it adds up in the page."""
    return {
        "formats": {
            "weights": [_plain(one) for one in asked["weight_formats"]],
            "cache": [_plain(one) for one in asked["cache_formats"]],
        },
        "accelerators": [_plain(one) for one in asked["accelerators"]],
        "reserved_per_cent": asked["reserved"],
        "longest": asked["longest"],
        "format": asked["format"],
        "rows": [
            {
                "kind": kind,
                "layers": layers,
                "elements_per_token": elements,
                "window": window or None,
                "state_bytes": state,
            }
            for kind, layers, elements, window, state, _ in asked["asked"]["rows"]
        ],
    }


def _words(drawn: Drawing, detail: Detail) -> dict[str, list[str]]:
    """The words of a drawing in the page: those that are to be seen, and what its blocks say when they are asked."""
    picture = drawn.picture
    if detail != "overview":  # the page says what the head would
        picture = replace(picture, inside=picture.inside[1:])
    shapes = list(_shapes(picture))
    texts = ("".join(s.text for s in shape.spans) for shape in shapes if isinstance(shape, Text))
    answers = [shape.about.title for shape in shapes if shape.about is not None]
    return {
        "seen": [words.strip() for words in texts if words],
        "told": [drawn.title, drawn.description, *answers],
    }


def _shapes(picture: Picture) -> Iterator[Shape]:
    """All shapes in the order in which they are written."""
    yield from picture.shapes
    for _, part in picture.inside:
        yield from _shapes(part)


def _plain(value: Any) -> Any:
    return asdict(value, dict_factory=lambda pairs: {key: _day(held) for key, held in pairs})


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
