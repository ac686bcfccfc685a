"""The three formats of a tower: sizes in px, and nothing else in which they differ but where call-outs stand."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
    picture: float  # height of a block's picture at most; 0: none
    smallest: float  # of names and second lines
    tagged: float  # the same of tags

    @property
    def tag(self) -> float:
        """Of a tag, before it gives way."""
        return max(self.tagged, self.small * 0.86)

    @property
    def tighter(self) -> Format:
        """Smaller type and lower blocks, for a tower that else has no room; the same where none is smaller."""
        small = max(self.smallest, self.small * 0.9)
        title = max(self.smallest * 1.04, self.title * 0.88)
        if (small, title) == (self.small, self.title):
            return self
        return replace(self, title=title, small=small, least=self.least * 0.88, end=self.end * 0.88)

    def down(self, size: float, least: float = 0.0) -> tuple[float, ...]:
        """Sizes of a text from one on, of which the largest that has room is taken."""
        low, steps = max(self.smallest, least), 6
        if low >= size:
            return (size,)
        return tuple(round(size - (size - low) * step / steps, 2) for step in range(steps + 1))


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
    most=48,
    stroke=1.3,
    end=19,
    margin=14,
    picture=30,
    smallest=9.6,
    tagged=9,
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
    picture=0,
    smallest=10.2,
    tagged=9,
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
    picture=58,
    smallest=17,
    tagged=16,
)
