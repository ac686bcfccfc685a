"""Tables for people: colour only on a terminal that wants it, plain and unwrapped where piped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from llm_gallery.analysis.contract import LENGTHS
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.analysis.layers import kinds, pattern, schedule
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, gigaflop, grouped, short
from llm_gallery.architecture.block import Architecture, Block, channel_mixer, mixer
from llm_gallery.architecture.refusal import printable
from llm_gallery.catalog.proof_lines import miniature, proven
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.latent_attention import compute_words

if TYPE_CHECKING:
    from llm_gallery.catalog.accuracy import Row
    from llm_gallery.catalog.entry import Entry
    from llm_gallery.catalog.load import Model

GLYPHS = {"stated": "●", "assumed": "○", "implied": "◇", "derived": "△", "published": "□"}
WORDS = (
    "● stated in the config  ○ assumed: the reference's default  ◇ implied by the class  △ derived  "
    "□ published"
)
DEFINITIONS = "What each number means: docs/definitions.md"
WIDE = 10_000
"""Columns where nobody looks: a pipe gets each row on one line."""


def catalog(console: Console, models: Iterable[tuple[Entry, Architecture]]) -> None:
    """One row a model."""
    table = _table("Id", "By", "Released", ">Total", ">Active", ">Cache/token", "Layers")
    for entry, architecture in models:
        counted, memory = parameters(architecture.root), cache(architecture.root)
        dense = counted.active == counted.total
        table.add_row(
            Text(entry.id, "bold"),
            entry.organization,
            entry.released.isoformat(),
            short(counted.total),
            Text("all", "dim") if dense else counted.active_words,
            binary(memory.bytes_per_token),
            Text(pattern(architecture.root), overflow="ellipsis", no_wrap=True),
        )
    _printed(console, table)


def accuracy(console: Console, rows: Sequence[Row]) -> None:
    """One row a model, then the sum of it in words."""
    from llm_gallery.catalog.accuracy_table import summary

    table = _table("Id", ">Ours", ">Published", ">Remainder", "Reason")
    for row in rows:
        table.add_row(
            Text(row.id, "bold"),
            grouped(row.total),
            "" if row.published is None else grouped(row.published),
            "" if row.remainder is None else grouped(row.remainder),
            row.reason,
        )
    _printed(console, table)
    console.print()
    console.print(summary(rows))


def facts(console: Console, model: Model, values: Mapping[str, Any]) -> None:
    """One model, top down: who made it, how big it is, how layered, what it keeps and computes, what it states."""
    family = f"family {values['model_type']}"
    if values["guess"]:
        family = f"{printable(values['model_type'])} as if it were {values['guess']}"
    names = f"  {values['id']}, {family}"
    console.print(Text.assemble((values["name"], "bold"), (names, "dim")))
    for line in _said_by_people(model):
        console.print(line)
    for title, rows in (
        ("Parameters", _parameters(values["parameters"])),
        ("Weights", _weights(values["weights"])),
        ("Layers", _layers(values["layers"])),
        ("Cache and state", _cache(values["cache"])),
        (
            "Compute",
            _compute(
                values["flops_per_token_at"],
                model.architecture.root,
            ),
        ),
    ):
        _section(console, Text(title, "bold"), rows)
        if title == "Layers" and console.color_system:
            console.print(_strip(model.architecture))
    for section in sheet(model.architecture):
        count = f", {section.layers} layers" if section.layers > 1 else ""
        swatch = "" if section.mechanism is None else "■ "
        tone = _tone(section.mechanism) if console.color_system else ""
        head = Text.assemble((swatch, tone), (section.title + count, "bold"))
        stated = [
            (row.label, row.value, f"{GLYPHS[row.evidence]} {row.source}") for row in section.rows
        ]
        _section(console, head, stated)
    if "proof" in values:
        _section(
            console, Text(f"Proof: {miniature(values['proof'])}", "bold"), proven(values["proof"])
        )
    console.print()
    for title, apart in (
        ("concepts", ", "),
        ("assumed", ", "),
        ("unread", ", "),
        ("warnings", "; "),
    ):
        if values[title]:
            console.print(_line(title, apart.join(printable(what, 300) for what in values[title])))
    console.print(Text(f"\n{WORDS}\n{DEFINITIONS}", "dim"))


def _said_by_people(model: Model) -> Iterator[Text]:
    """What the catalog says, where the model is in it."""
    entry = model.entry
    if entry is None:
        return
    yield Text(f"{entry.organization}, {entry.released.isoformat()}, {entry.licence.name}", "dim")
    for doubt in entry.doubts:
        yield Text(f"In doubt: {doubt}")
    yield Text(entry.summary)
    if entry.provenance.quality != "official":
        yield _line(f"config ({entry.provenance.quality})", entry.provenance.note)


def _strip(architecture: Architecture) -> Text:
    """One cell a layer, input at the left: the upper half mixes tokens, the lower half channels."""
    distinct = [kind.layer for kind in kinds(architecture.root)]
    cells = [(_colour(mixer(layer)), _colour(channel_mixer(layer))) for layer in distinct]
    strip = Text()
    for kind in schedule(architecture.root):
        upper, lower = cells[kind]
        strip.append("▀", f"{upper} on {lower}")
    return strip


def _colour(block: Block | None) -> str:
    return "default" if block is None else _tone(colour_of(block))


def _tone(colour: Colour | None) -> str:
    """A figure's dark solid, which stands out on a light terminal as well."""
    from llm_gallery.figure.kit.theme import THEMES  # brings all that draws

    return "" if colour is None else THEMES["dark"].tones[colour].solid


Line = tuple[str, str, str]


def _parameters(counts: Mapping[str, Any]) -> Iterator[Line]:
    total = counts["total"]
    yield "Total", grouped(total), f"△ {short(total)}"
    most = _at_most(counts)
    yield (
        f"Active for one token{most}",
        grouped(counts["active"]),
        f"△ {short(counts['active'])}, {_share(counts['active'], total)}",
    )
    if most:
        least = counts["active_least"]
        yield "... at least", grouped(least), f"△ {short(least)}, {_share(least, total)}"
    yield "... without the input embedding", grouped(counts["active_without_embedding"]), "△"
    if lookup := counts["lookup"]:
        yield "Looked up, a few rows a token", grouped(lookup), f"△ {_share(lookup, total)}"
    if 20 * lookup > total:
        yield "... total without them", grouped(total - lookup), f"△ {short(total - lookup)}"
    for part in counts["parts"]:
        yield f"  {part['part']}", grouped(part["stored"]), f"△ {_share(part['stored'], total)}"
    for key in ("multi_token_prediction", "other_modalities"):
        if counts[key]:
            yield _spelled(key), grouped(counts[key]), "△ apart from the total"


def _weights(counts: Mapping[str, Any]) -> Iterator[Line]:
    """Bytes in the format of the release; the 16 bits of a config that states none are said to be that."""
    from llm_gallery.engines.weight_format import in_words

    written = in_words(counts["format"] or "bf16")
    name = f"Released in {written}" if counts["packed"] else f"In {written}"
    if counts["bytes"] is None:
        yield name, "not known", "how this format stores them isn't described"
        return
    yield name, binary(counts["bytes"]), f"△ {counts['bytes']:,} B"
    for key in ("multi_token_prediction", "other_modalities"):
        if counts[key]:
            yield f"  {_spelled(key)}", binary(counts[key]), f"△ {counts[key]:,} B, apart from it"


def _spelled(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _layers(counts: Mapping[str, Any]) -> Iterator[Line]:
    order = "causal" if counts["causal"] else "read both ways"
    yield "Count", grouped(counts["count"]), f"{counts['pattern']}, {order}"
    for kind in counts["mix"]:
        yield f"  {kind['kind']}", grouped(kind["count"]), ""


def _cache(counts: Mapping[str, Any]) -> Iterator[Line]:
    dtype = counts["dtype"]
    yield (
        "Per token",
        binary(counts["bytes_per_token"]),
        f"△ {counts['bytes_per_token']:,} B in {dtype}",
    )
    if counts["bytes_per_token_long"] != counts["bytes_per_token"]:
        long = counts["bytes_per_token_long"]
        yield "... once windows are full", binary(long), f"△ {long:,} B"
    if counts["state_bytes"]:
        yield "State, constant", binary(counts["state_bytes"]), f"△ {counts['state_bytes']:,} B"
    for at in LENGTHS:
        bytes_kept = counts["bytes_at"][str(at)]
        yield f"  at {at:,} tokens", binary(bytes_kept), f"△ {bytes_kept:,} B"


def _at_most(parameters: Mapping[str, Any]) -> str:
    """What is said of numbers of which some tokens cost less."""
    return ", at most" if parameters["active_least"] < parameters["active"] else ""


def _compute(counts: Mapping[str, Any], root: Block) -> Iterator[Line]:
    most = ", at most" if parameters(root).idle else ""
    for at in LENGTHS:
        flops = counts[str(at)]
        yield f"  a token at {at:,}{most}", gigaflop(flops), f"△ {flops:,}"
    if form := compute_words(root):
        yield "  latent attention", "", f"△ {form}"


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "all"
    share = f"{100 * part / whole:.1f}%"
    return "less than 0.1%" if part and share == "0.0%" else share


def _section(console: Console, title: Text, rows: Iterable[Line]) -> None:
    table = _table()
    table.add_column(style="dim" if console.is_terminal else "", min_width=34)
    table.add_column(justify="right", min_width=20)
    table.add_column(style="dim")
    for row in rows:
        table.add_row(*(Text(printable(cell, 400)) for cell in row))
    console.print()
    console.print(title)
    _printed(console, table)


def _line(label: str, text: str) -> Text:
    return Text.assemble((f"{label}: ", "dim"), text)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=bool(columns), header_style="dim")
    for name in columns:
        last = name == columns[-1]  # gives way where the terminal is narrow
        justify: Literal["left", "right"] = "right" if name.startswith(">") else "left"
        table.add_column(name.lstrip(">"), justify=justify, no_wrap=not last)
    return table


def _printed(console: Console, table: Table) -> None:
    """The table; without the spaces that fill its last column where it is piped."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")


def terminal() -> Console:
    """Standard output: with colours where it is a terminal that wants them."""
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal and not console.no_color:
        return console
    width = console.width if console.is_terminal else WIDE
    return Console(highlight=False, markup=False, emoji=False, width=width, color_system=None)


def plain(show: Callable[[Console], None]) -> str:
    """What is shown, as it is piped."""
    out = StringIO()
    show(
        Console(file=out, highlight=False, markup=False, emoji=False, width=WIDE, color_system=None)
    )
    return out.getvalue()
