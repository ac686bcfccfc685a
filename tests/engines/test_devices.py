"""Devices: what every row must hold, what --on and --memory say, and what is refused."""

from __future__ import annotations

import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.device import MOST, Device, asked_device, devices, own_device
from llm_gallery.engines.device_file import rows

GB, MIB, GIB, TERA = 10**9, 2**20, 2**30, 10**12
ROWS = {device.id: device for device in devices()}
NAMES = st.sampled_from([name for row in devices() for name in (row.id, row.name, *row.also)])
TEXT = st.text(max_size=40) | st.text("0123456789x×* .,GMTiBb/s-hrtx", max_size=16)
SOLD = {
    id_: sold
    for sold, ids in {
        12: "rtx-3060",
        16: "rtx-4060-ti-16gb rtx-4080 rtx-5070-ti rtx-5080 t4 arc-a770-16gb",
        24: "rtx-3090 rtx-3090-ti rtx-4090 a10 l4 rx-7900-xtx",
        32: "rtx-5090 v100-32gb",
        40: "a100-40gb",
        48: "rtx-a6000 rtx-6000-ada l40s",
        80: "a100-80gb h100-sxm h100-pcie",
        94: "h100-nvl",
        96: "rtx-pro-6000 gh200",
        128: "dgx-spark",
        141: "h200",
        180: "b200",
        192: "mi300x",
    }.items()
    for id_ in ids.split()
}
"""GB that devices are sold with whose drivers' figures are known."""
NO_UNIT = "expected a number and one of MB, MiB, GB, GiB, TB, TiB, PB, PiB; give 24GiB"
NO_RATE = (
    "expected a number and one of MB/s, MiB/s, GB/s, GiB/s, TB/s, TiB/s, PB/s, PiB/s; give 1008GB/s"
)


def row(**changed: str) -> str:
    """A device as the file states it, with some of its lines changed."""
    lines = {
        "name": '"Card"',
        "memory_mib": "24564",
        "bandwidth_gb_s": "716.8",
        "sources": '{ memory = "log", bandwidth = "https://maker.com/card" }',
    }
    stated = "\n".join(f"{key} = {value}" for key, value in (lines | changed).items() if value)
    return f'[pages]\nlog = "https://host.org/log"\n[nvidia.card]\n{stated}\n'


@pytest.mark.parametrize("device", devices(), ids=lambda device: device.id)
def test_each_row(device: Device) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", device.id)
    assert device.bandwidth >= 68 * GB
    parts = {"memory", "bandwidth", *["peak"] * bool(device.peak), *["link"] * bool(device.link)}
    assert parts <= set(device.sources) <= parts | device.peak.keys()
    assert all(address.startswith("https://") for address in device.sources.values())


@pytest.mark.parametrize(("narrow", "wide"), [("fp8", "bf16"), ("int8", "bf16"), ("fp4", "fp8")])
def test_half_the_bits_twice_the_operations(narrow: str, wide: str) -> None:
    """A sparse number read as a dense one would stand out, and so would 16 bits of the slower accumulator alone.

    Pages round what they print, so that twice may lack an operation in 10^12.
    """
    both = [device for device in devices() if {narrow, wide} <= device.peak.keys()]
    assert len(both) >= 5
    assert {device.id for device in both if device.peak[narrow] < 2 * device.peak[wide] - TERA} == (
        {"mi210"} if narrow == "int8" else set()  # whose int8 are as fast as its bf16
    )


def test_memory_of_drivers_is_between_both_readings_of_a_gb() -> None:
    """Of the makers' figures the smaller reading."""
    by_drivers = {device.id for device in devices() if device.memory_by == "driver"}
    assert by_drivers == SOLD.keys()
    for id_, sold in SOLD.items():
        assert sold * GB <= ROWS[id_].memory <= (192 if id_ == "b200" else sold) * GIB
    by_makers = [device for device in devices() if device.memory_by == "maker"]
    assert {device.id for device in by_makers if device.memory % GB} == {"tpu-v5p"}
    assert ROWS["tpu-v5p"].memory == 95 * GIB  # as its page says


def test_a_dtype_that_another_page_states() -> None:
    assert ROWS["b300"].sources["peak"].endswith("/hgx/")
    assert ROWS["b300"].sources["fp4"].startswith("https://developer.nvidia.com/blog/")


def test_numbers_of_pages() -> None:
    assert ROWS["h100-sxm"].memory == 81_559 * MIB
    assert ROWS["rtx-4090"].memory == 24_564 * MIB
    assert ROWS["rtx-4090"].bandwidth == 1_008 * GB
    assert ROWS["rtx-4080"].bandwidth == 716_800_000_000
    assert ROWS["rtx-4090"].peak["bf16"] == 165_200_000_000_000
    assert ROWS["h200"].peak["bf16"] == 989_500_000_000_000  # half of 1,979 with sparsity
    assert ROWS["rtx-3090"].link == 112_500_000_000


@pytest.mark.parametrize(
    ("installed", "wired"),
    [
        ("m4-16gb", 16 * GIB * 2 // 3),
        ("m4-32gb", 32 * GIB * 2 // 3),
        ("m3-pro-36gb", 27 * GIB),
        ("m4-pro-48gb", 36 * GIB),
        ("m4-max-64gb", 48 * GIB),
        ("m2-ultra-192gb", 144 * GIB),
        ("m3-ultra-512gb", 384 * GIB),
    ],
)
def test_what_macos_wires(installed: str, wired: int) -> None:
    device = ROWS[installed]
    assert device.memory == wired
    assert device.shared
    assert device.memory_by == "system"


def test_devices_that_the_calculator_had_keep_their_names() -> None:
    """Addresses of its pages name them; its Mac Studio is `m3-ultra-512gb`."""
    known = {device.name for device in devices()}
    assert known >= {
        *("GeForce RTX 4090", "GeForce RTX 5090", "TPU v6e", "L40S", "A100 80 GB", "H100 SXM"),
        *("TPU v5p", "RTX PRO 6000 Blackwell", "DGX Spark", "H200", "B200", "Instinct MI300X"),
        *("Instinct MI325X", "Instinct MI355X", "M3 Ultra, 512 GB"),
    }


@pytest.mark.parametrize(
    ("word", "count", "id_"),
    [
        ("8xh200", 8, "h200"),
        ("8×H200", 8, "h200"),
        ("8 × NVIDIA H200", 8, "h200"),
        ("2 x rtx 3090", 2, "rtx-3090"),
        ("rtx-4090", 1, "rtx-4090"),
        ("RTX 4090", 1, "rtx-4090"),
        ("NVIDIA GeForce RTX 4090", 1, "rtx-4090"),
        ("m4-max-64gb", 1, "m4-max-64gb"),
        ("Apple M4 Max, 64 GB", 1, "m4-max-64gb"),
        ("h100", 1, "h100-sxm"),
        ("AMD Instinct MI300X", 1, "mi300x"),
        ("10000*t4", 10_000, "t4"),
    ],
)
def test_devices_as_people_write_them(word: str, count: int, id_: str) -> None:
    assert asked_device(word) == (count, ROWS[id_])


@given(st.integers(1, MOST), NAMES, st.sampled_from(["x", "×", " x ", "X", "*"]))
def test_a_count_of_each_name(count: int, name: str, times: str) -> None:
    (alone, device) = asked_device(name)
    assert alone == 1
    assert asked_device(f"{count}{times}{name}") == (count, device)
    assert asked_device(f"{count}x{device.id}") == (count, device)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("4090", "rtx-4090, rtx-3090, rtx-4080"),
        ("8xh300", "h100-sxm, h200, b300"),
        ("7900 xtx", "rx-7900-xtx, rx-9070-xt, t4"),
        ("m4-max-60gb", "m4-max-36gb, m4-max-64gb, m1-max-64gb"),
    ],
)
def test_no_device_is_called_so(word: str, near: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked_device(word)
    assert str(refused.value) == (
        f'"{word}" is no device, expected a name as rtx-4090 or a count with it as 8xh200; the nearest are {near}; '
        f"of any other device give --memory 24GiB --bandwidth 1008GB/s"
    )


@pytest.mark.parametrize(
    "word", ["0xh200", "10001xh200", f"{'9' * 5_000}xh200"], ids=["none", "many", "no int"]
)
def test_no_count_of_devices(word: str) -> None:
    with pytest.raises(Refusal) as refused:
        asked_device(word)
    assert str(refused.value).endswith(
        " has a count of devices, expected one from 1 to 10,000; give such a count"
    )


@pytest.mark.parametrize(
    ("memory", "bandwidth", "count", "bytes_", "rate"),
    [
        ("24GiB", "1008GB/s", 1, 24 * GIB, 1_008 * GB),
        ("24GB", "", 1, 24 * GB, 0),
        ("2x24GiB", "", 2, 24 * GIB, 0),
        ("8 × 141 GB", "4.8 TB/s", 8, 141 * GB, 4_800 * GB),
        ("81,559 MiB", "1 TiB/s", 1, 81_559 * MIB, 2**40),
        ("24gib", "1008gb/sec", 1, 24 * GIB, 1_008 * GB),
        ("0.1GiB", "1MB/s", 1, 107_374_182, 10**6),  # a part of a byte is left out
    ],
)
def test_a_device_of_ones_own(
    memory: str, bandwidth: str, count: int, bytes_: int, rate: int
) -> None:
    found, device = own_device(memory, bandwidth)
    assert (found, device.memory, device.bandwidth) == (count, bytes_, rate)
    assert (device.id, device.memory_by, device.sources) == ("own", "you", {})


@pytest.mark.parametrize(
    ("memory", "bandwidth", "message"),
    [
        ("24", "", f'memory is "24", {NO_UNIT}'),
        ("24Gb", "", f'memory is "24Gb", {NO_UNIT}'),
        ("-1GiB", "", f'memory is "-1GiB", {NO_UNIT}'),
        ("0GiB", "", f'memory is "0GiB", {NO_UNIT}'),
        ("2x", "", f'memory is "2x", {NO_UNIT}'),
        ("1,00GiB", "", f'memory is "1,00GiB", {NO_UNIT}'),
        ("24GiB/s", "", f'memory is "24GiB/s", {NO_UNIT}'),
        ("24GiB", "1008GB", f'bandwidth is "1008GB", {NO_RATE}'),
        ("24GiB", "fast", f'bandwidth is "fast", {NO_RATE}'),
        (
            "0x24GiB",
            "",
            '"0x24GiB" has a count of devices, expected one from 1 to 10,000; give such a count',
        ),
    ],
)
def test_no_amount(memory: str, bandwidth: str, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        own_device(memory, bandwidth)
    assert str(refused.value) == message


@given(TEXT, TEXT)
def test_any_text_is_read_or_refused(word: str, other: str) -> None:
    for ask in (partial(asked_device, word), partial(own_device, word, other)):
        try:
            count, device = ask()
        except Refusal:
            continue
        assert 1 <= count <= MOST
        assert device.memory > 0


def test_a_row_that_is_right() -> None:
    (fields,) = rows(row())
    assert Device(**fields) == Device(
        id="card",
        name="Card",
        memory=24_564 * MIB,
        bandwidth=716_800_000_000,
        sources={"memory": "https://host.org/log", "bandwidth": "https://maker.com/card"},
        maker="NVIDIA",
        memory_by="driver",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            row(memory_kb="1"),
            "a key is 'memory_kb', expected one of name, also, shared, memory_mib, memory_bytes, memory_gib, "
            "memory_gb, bandwidth_gb_s, dense_tflops, sparse_tflops, link_gb_s, sources; the nearest is 'memory_gb'",
        ),
        (
            row(memory_gb="24"),
            "states memory 2 times, expected one of memory_mib, memory_bytes, memory_gib, memory_gb; correct the row",
        ),
        (
            row(memory_mib=""),
            "states memory 0 times, expected one of memory_mib, memory_bytes, memory_gib, memory_gb; correct the row",
        ),
        (
            row(memory_mib="0.3"),
            "memory_mib is 3/10, expected a number above 0 whose unit divides it; correct the row",
        ),
        (
            row(bandwidth_gb_s="-1"),
            "bandwidth_gb_s is -1, expected a number above 0 whose unit divides it; correct the row",
        ),
        (
            row(bandwidth_gb_s=""),
            "bandwidth_gb_s is None, expected a number above 0 whose unit divides it; correct the row",
        ),
        (
            row(dense_tflops="{ bf16 = 1 }"),
            "has no source of peak, expected an address or a name of [pages]; correct the row",
        ),
        (
            row(dense_tflops="{ bf61 = 1 }"),
            "a dtype of dense_tflops is 'bf61', expected one of bf16, fp16, fp8, int8, fp4, fp32; "
            "the nearest is 'bf16'",
        ),
        (
            row(dense_tflops="{ bf16 = 1 }", sparse_tflops="{ bf16 = 2 }"),
            "states bf16 dense and sparse, expected one of both; correct the row",
        ),
        (
            row(sources='{ memory = "log", bandwidth = "log", bf16 = "log" }'),
            "a source is 'bf16', expected one of memory, bandwidth; the nearest is 'bandwidth'",
        ),
        (
            row(sources='{ memory = "log" }'),
            "has no source of bandwidth, expected an address or a name of [pages]; correct the row",
        ),
        (
            row(sources='{ memory = "log", bandwidth = "log", link = "log" }'),
            "a source is 'link', expected one of memory, bandwidth; the nearest is 'bandwidth'",
        ),
        (
            row(sources='{ memory = "log", bandwidth = "http://maker.com" }'),
            "bandwidth is from 'http://maker.com', expected an https address or a name of [pages]; correct the row",
        ),
        (row(name=""), "has a name that is no text, or none; correct the row"),
    ],
)
def test_a_row_that_is_wrong(text: str, message: str) -> None:
    with pytest.raises(Mistake) as refused:
        rows(text)
    assert str(refused.value) == f"devices.toml: card: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            row().replace("nvidia.card", "nvidia.Card"),
            "Card: is no id, expected small letters, digits and hyphens; correct the row",
        ),
        (
            row() + row().split("\n", 2)[2].replace("nvidia.card", "amd.other"),
            "other: is called 'card' as card is, expected names of its own; correct the row",
        ),
        ("[nvidia", "is no TOML: "),
        ('[nvida.card]\nname = "Card"', "a table is 'nvida', expected one of nvidia, amd, "),
        ('[pages]\nlog = "log"', "pages: log is from 'log', expected an https address "),
        ("[apple.m9]\nmemory_gb = 1", "m9: a key is 'memory_gb', expected one of "),
    ],
)
def test_a_file_that_is_wrong(text: str, message: str) -> None:
    with pytest.raises(Mistake) as refused:
        rows(text)
    assert str(refused.value).startswith(f"devices.toml: {message}")
