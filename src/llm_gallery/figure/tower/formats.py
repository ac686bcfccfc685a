"""The three formats of a tower: sizes in px, and nothing else in which they differ but where call-outs stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Sizes of type, widths of the columns, and how high a block may be."""

    width: float
    height: float  # 0: as high as the rows need
    name: float
    sub: float
    title: float
    small: float
    count: float
    number: float
    words: float
    source: float
    strip: float
    channel: float
    gap: float  # from the strip to the frames
    counts: float  # from a frame to the stream
    wire: float  # from the stream to the blocks
    least: float
    most: float
    stroke: float
    end: float
    margin: float


CARD = Format(
    width=320,
    height=400,
    name=20,
    sub=12,
    title=13.5,
    small=11,
    count=16,
    number=25,
    words=12,
    source=9,
    strip=11,
    channel=5,
    gap=11,
    counts=34,
    wire=33,
    least=22,
    most=46,
    stroke=1.3,
    end=19,
    margin=14,
)
PAPER = Format(
    width=340,
    height=0,
    name=19,
    sub=11.5,
    title=12,
    small=11,
    count=14,
    number=24,
    words=11,
    source=9,
    strip=8,
    channel=4,
    gap=9,
    counts=31,
    wire=24,
    least=36,
    most=52,
    stroke=1.2,
    end=21,
    margin=2,
)
SLIDE = Format(
    width=1280,
    height=720,
    name=46,
    sub=24,
    title=26,
    small=23,
    count=30,
    number=64,
    words=24,
    source=16,
    strip=20,
    channel=10,
    gap=18,
    counts=68,
    wire=58,
    least=40,
    most=96,
    stroke=2.2,
    end=38,
    margin=44,
)
