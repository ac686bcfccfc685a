"""A model page as data: everything that it shows as a number or in words, under the heading where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from llm_gallery.analysis.footprint import CACHE_FORMATS, WEIGHT_FORMATS, Format
from llm_gallery.analysis.units import binary
from llm_gallery.engines.device import devices
from llm_gallery.engines.request import LONGEST
from llm_gallery.figure import Detail
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Picture, Shape, Text
from llm_gallery.site import calculator_schema
from llm_gallery.site import page_schema as schema
from llm_gallery.site.model_values import Maps
from llm_gallery.site.plates import LEVELS
from llm_gallery.site.short_forms import count, share

DRAWN: tuple[Detail, ...] = ("card", *LEVELS)
"""The figures that a model has."""
RESERVED = 10
"""Per cent of a device that `calculator` leaves to activations and the runtime."""
UNSAID = "bf16"
"""The weight format that is taken where a config doesn't say how its release is stored."""


def page_facts(values: Mapping[str, Any], plate: Callable[[Detail], Drawing]) -> schema.PageFacts:
    """The data of a page that is filled with these values (`model_values`) and shows the model at each level."""
    counts = values["parameters"]
    return schema.PageFacts(
        headline=values["headline"],
        explained=tuple(
            " ".join("".join(span.text for span in sentence) for sentence in paragraph)
            for paragraph in values["explained"]
        ),
        schedule=tuple(
            schema.Mechanism(mechanism=mechanism, label=label, layers=count)
            for mechanism, label, count in values["mix"]
        ),
        last_layer=values["layers"] - 1,
        words=tuple(schema.Word(term=row.term, meaning=row.meaning) for row in values["words"]),
        steps=tuple(
            schema.StepWords(title=step.title, words=step.words.replace("*", ""))
            for step in values["steps"].panels
        ),
        inspector=_inspected(values["whole"], values["model_maps"]),
        family=values["family"],
        sheet=tuple(_group(group) for group in values["groups"]),
        concepts=tuple(
            schema.Concept(name=term.name, text=term.text, models=count)
            for term, count in values["concepts"]
        ),
        links=values["links"],
        reading=tuple(
            schema.Reading(
                kind=reading.kind,
                title=reading.title,
                author=reading.author,
                year=reading.year,
                by=reading.by,
                address=reading.address,
                version=reading.version,
                line=reading.line,
                why=reading.why,
            )
            for reading in values["reading"]
        ),
        parts=tuple(
            schema.PartShare(
                part=part.name,
                stored=part.stored,
                stored_share=share(part.stored, counts.total),
                active=part.active,
                active_share=share(part.active, counts.active),
            )
            for part in values["parts"]
        ),
        bars=values["bars"],
        parts_in_words=values["parts_say"],
        published=values["accuracy"],
        cache_over_context=tuple(_curve(row, values["lengths"]) for row in values["curves"]),
        cache_in_words=(*values["cache_says"], values["why_beside"]),
        calculator=_calculator(values["calculator"]),
        tensors=values["tensors"],
        stored_tensors=sum(values["stored_tensors"]),
        tensor_patterns=len(values["tensors"]),
        code=tuple(
            schema.CodePart(name=part.name, says=part.says, first=part.first, last=part.last)
            for part in values["code"]
        ),
        figure=schema.Figures(**_once({name: _words(plate(name), name) for name in DRAWN})),
        note=values["entry"].provenance.note,
        citation=values["citation"],
    )


def _inspected(whole: Mapping[str, Any], maps: Maps) -> schema.Inspected:
    return schema.Inspected(
        says=whole["say"],
        shapes=tuple((name, shape) for name, shape in whole["flow"]),
        parameters=maps.total,
        active=maps.active,
        bar=count(maps.bar.total),
        kept=maps.kept,
        position=maps.position,
        compute=maps.flops,
    )


def _group(group: Any) -> schema.SheetGroup:
    rows = tuple(
        schema.SheetRow(
            fact=row.term.name, value=row.value, evidence=row.evidence, source=row.source
        )
        for row in group.rows
    )
    meaning = {row.term.name: row.term.text for row in group.rows if row.term.text}
    return schema.SheetGroup(title=group.title, rows=rows, meaning=meaning)


def _curve(row: Any, lengths: Sequence[int]) -> schema.CacheCurve:
    at_lengths = zip(lengths, row.sizes, strict=True)
    return schema.CacheCurve(
        name=row.name,
        kept={
            str(length): schema.Bytes(bytes=size, words=binary(size)) for length, size in at_lengths
        },
    )


def _calculator(counted: Mapping[str, Any]) -> calculator_schema.Calculator:
    """What version 1 of the data promises to count with; the page "Run it" counts by engine."""
    return calculator_schema.Calculator(
        formats=calculator_schema.NumberFormats(
            weights=tuple(map(_format, WEIGHT_FORMATS.values())),
            cache=tuple(map(_format, CACHE_FORMATS.values())),
        ),
        accelerators=tuple(
            calculator_schema.Accelerator(
                name=device.name,
                memory=device.memory // 10**9,
                source=device.sources["memory"],
                shared=device.shared,
            )
            for device in sorted(devices(), key=lambda device: device.memory)
        ),
        reserved_per_cent=RESERVED,
        longest=LONGEST,
        format=counted["format"] or UNSAID,
        rows=tuple(
            calculator_schema.CalculatorRow(
                kind=label,
                layers=layers,
                elements_per_token=elements,
                window=window or None,
                state_bytes=state,
            )
            for label, layers, elements, window, state, _ in counted["rows"]
        ),
    )


def _format(known: Format) -> calculator_schema.NumberFormat:
    return calculator_schema.NumberFormat.model_validate(known)


def _once(figures: Mapping[Detail, schema.FigureWords]) -> dict[str, schema.FigureWords]:
    """Of each figure what none before it has: together they say most things four times."""
    seen: set[str] = set()
    said_before: set[str] = set()
    figure_words: dict[str, schema.FigureWords] = {}
    for detail, words in figures.items():
        figure_words[detail] = schema.FigureWords(
            seen=tuple(word for word in words.seen if word not in seen),
            told=tuple(word for word in words.told if word not in said_before),
        )
        seen |= {*words.seen}
        said_before |= {*words.told}
    return figure_words


def _words(drawn: Drawing, detail: Detail) -> schema.FigureWords:
    """The words of a drawing in the page: those that are to be seen, and what its blocks say when they are asked."""
    picture = drawn.picture
    if detail in LEVELS:  # the page says what the head would
        picture = replace(picture, inside=picture.inside[1:])
    shapes = list(_shapes(picture))
    texts = ("".join(s.text for s in shape.spans) for shape in shapes if isinstance(shape, Text))
    answers = (shape.about.title for shape in shapes if shape.about is not None)
    return schema.FigureWords(
        seen=tuple(words.strip() for words in texts if words),
        told=(drawn.title, drawn.description, *answers),
    )


def _shapes(picture: Picture) -> Iterator[Shape]:
    """All shapes in the order in which they are written."""
    yield from picture.shapes
    for _, part in picture.inside:
        yield from _shapes(part)
