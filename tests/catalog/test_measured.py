"""Measured rows: each file says where its numbers stand, none passes the bound, and what a log states is ours or explained."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.measured import FOLDER, Memory, Printed, Source, source, sources
from llm_gallery.catalog.measured_bands import DENSE, FILE, MIXTURE, Band, band_of, bands, text
from llm_gallery.catalog.measured_beside import (
    MemoryBeside,
    Range,
    memory_beside,
    speeds_beside,
)
from tools.generate_bands import made

ROWS = [row for held in sources() for row in held.memory]
SPEED = """
[[speeds]]
model = "llama-2-7b"
weights = "Q4_0"
bytes = 3_822_520_893
chip = "Some chip"
bandwidth = 100_000_000_000
engine = "llama.cpp"
runs = [[0, 14.15], [4096, 12]]
"""
LOG = """
[[memory]]
model = "gpt-oss-20b"
engine = "llama.cpp"
context = 2048
slots = 8
what = "cache"
stated = "384.00 MiB"
at = "runs/a.log"
"""
HEAD = 'title = "A source"\nsource = "https://example.org/"\n'


def of(tmp_path: Path, rows: str, head: str = HEAD) -> Source:
    file = tmp_path / "a.toml"
    file.write_text(head + rows, "utf-8")
    return source(file)


def named(row: Memory) -> str:
    return f"{row.model}-{row.engine}-{row.what}-{row.context}-{row.slots}-{row.stated}"


def test_every_file_of_the_folder_is_read_and_says_where_its_numbers_stand() -> None:
    held = sources()
    assert [each.id for each in held] == sorted(file.stem for file in FOLDER.iterdir())
    for each in held:
        assert each.speeds or each.memory
        links = [run.link for run in each.speeds] + [row.link for row in each.memory]
        assert all(link.startswith(each.link) for link in links)
        assert each.link.startswith("https://")


def test_there_are_enough_runs_to_draw_a_band_and_no_row_stands_twice() -> None:
    speeds = [run for each in sources() for run in each.speeds]
    assert len(speeds) >= 150
    assert len({run.machine.name for run in speeds}) >= 20
    assert len(set(ROWS)) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_what_a_log_states_is_ours_or_the_file_says_why_not(row: Memory) -> None:
    beside = memory_beside(row)
    assert beside.explained, f"{row.stated} is stated, ours is {beside.ours}; say why in {row.link}"
    assert beside.agrees != bool(row.why), "a row that agrees needs no reason"


def test_no_run_is_above_the_bound() -> None:
    for run in speeds_beside():
        assert 0 < run.ratio <= 1, (run.measured.model, run.measured.link, float(run.ratio))


def test_the_bands_are_those_of_the_runs() -> None:
    assert FILE.read_text("utf-8") == made(), "run python -m tools.generate_bands"
    assert [*bands()] == [DENSE, MIXTURE]
    assert sum(band.runs for band in bands().values()) == len(speeds_beside())


def test_a_band_by_hand() -> None:
    """Of 0.2, 0.4, 0.6, 0.8 and 1.0 a quantile q is at place 4 q."""
    fifths = [Fraction(k, 5) for k in (5, 3, 1, 4, 2)]
    band = band_of(fifths)
    assert band == Band(5, *(Fraction(k, 100) for k in (24, 40, 60, 80, 96)))
    assert band.of(Fraction(50)) == (Fraction(20), Fraction(40))
    assert text({"dense": band}) == ("[dense]\nruns = 5\nquantiles = [0.24, 0.4, 0.6, 0.8, 0.96]\n")


def test_a_speed_by_hand(tmp_path: Path) -> None:
    first, second = of(tmp_path, SPEED).speeds
    assert (first.depth, second.depth) == (0, 4096)
    assert (first.rate, second.rate) == (Fraction(1415, 100), Fraction(12))
    assert first.machine.bandwidth == 10**11
    assert first.file_bytes == 3_822_520_893
    rounded = of(tmp_path, SPEED.replace("bytes = 3_822_520_893", 'size = "3.56 GiB"')).speeds[0]
    # 3.555 GiB is the least that prints as 3.56 GiB.
    assert rounded.file_bytes == -(-3555 * 2**30 // 1000)


def test_a_log_by_hand(tmp_path: Path) -> None:
    """12 layers x 2,048 cells x 2 x 8 heads x 64 channels x 2 bytes x 8 slots."""
    row = of(tmp_path, LOG).memory[0]
    assert row.link == "https://example.org/runs/a.log"
    ours = memory_beside(row).ours
    assert ours == Range(Fraction(12 * 2048 * 2 * 8 * 64 * 2 * 8), Fraction(384 * 2**20))


@given(st.integers(0, 10**9), st.sampled_from(["MiB", "GiB"]))
def test_a_printed_number_is_between_those_that_print_so(hundredths: int, unit: str) -> None:
    printed = Printed(f"{hundredths // 100}.{hundredths % 100:02} {unit}")
    width = Fraction(printed.unit, 100)
    assert (printed.least + printed.most) / 2 == hundredths * width
    assert printed.most - printed.least == width


@pytest.mark.parametrize(
    ("least", "most", "agrees"),
    [
        ("5.72", "5.731", True),
        ("5.73", "5.74", True),
        ("5.74", "5.75", False),
        ("5", "5.72", False),
    ],
)
def test_a_range_agrees_where_some_number_of_it_prints_as_stated(
    least: str, most: str, agrees: bool
) -> None:
    row = next(row for row in ROWS if row.stated == "5.73")
    assert MemoryBeside(row, Range(Fraction(least), Fraction(most))).agrees is agrees


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "a.toml: speeds and memory are missing, expected one of them; correct it there"),
        (
            SPEED.replace("llama-2-7b", "llama-2-7"),
            'speeds.0.model is "llama-2-7", expected an id of the catalog, the nearest is llama-2-7b',
        ),
        (
            SPEED.replace('"llama.cpp"', '"ollama"'),
            'speeds.0.engine is "ollama", expected one of llama.cpp, vllm, mlx, sglang, ideal, '
            "the nearest is llama.cpp",
        ),
        (
            SPEED.replace('chip = "Some chip"', 'device = "rtx-4091"').replace(
                "bandwidth = 100_000_000_000\n", ""
            ),
            'speeds.0.device is "rtx-4091", expected an id of engines/devices.toml, '
            "the nearest is rtx-4090",
        ),
        (SPEED.replace("weights", "quant"), "speeds.0.quant is no key of a speed, expected model"),
        (SPEED.replace("Q4_0", "Q4_O"), 'speeds.0.weights is "Q4_O", expected one of F32'),
        (SPEED.replace('engine = "llama.cpp"\n', ""), "speeds.0.engine is missing, fill it in"),
        (
            SPEED.replace("14.15", "0"),
            "speeds.0.runs is a list of 2 values, expected a list of pairs",
        ),
        (
            SPEED.replace("bandwidth = 100_000_000_000\n", ""),
            "speeds.0 names no machine or two, expected a device, or a chip with its bandwidth",
        ),
        (
            SPEED.replace("runs", 'size = "3.56 GiB"\nruns'),
            "speeds.0 states both or neither of bytes and size, expected one of them",
        ),
        (LOG.replace("384.00 MiB", "384 MB"), 'memory.0.stated is "384 MB", expected a number as'),
        (
            LOG.replace("cache", "sequences"),
            "memory.0.available expected where sequences are stated",
        ),
        (
            LOG.replace('"cache"', '"kv"'),
            'memory.0.what is "kv", expected one of cache, window, state, all',
        ),
        (
            LOG.replace("context = 2048\n", ""),
            "memory.0.context expected where anything of sequences",
        ),
        (LOG.replace("runs/a.log", "../a.log"), 'memory.0.at is "../a.log", expected what follows'),
        ("speeds = 3", "speeds is 3, expected [[speeds]] tables"),
        ("[[memory]", "a.toml is not TOML: "),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_row(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        of(tmp_path, rows)
    assert said in str(refused.value)
    assert str(refused.value).startswith("a.toml")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('title = "A source"\n', "a.toml: source is missing, fill it in; correct it there"),
        (
            'title = "A source"\nsource = "http://example.org/"\n',
            'a.toml: source is "http://example.org/", expected an https address; correct it there',
        ),
    ],
)
def test_a_source_without_an_address_is_refused(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        of(tmp_path, SPEED, head)
    assert str(refused.value) == said
