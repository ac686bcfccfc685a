"""The palette: five tones a mechanism and eight neutrals, for light, dark and print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

ThemeName = Literal["light", "dark", "print"]


@dataclass(frozen=True, slots=True)
class Tones:
    """One mechanism: a full block, the text on it, an inset's ground, its border, text on ground or paper."""

    solid: str
    on: str
    tint: str
    edge: str
    text: str


def _wiring(stream: str, ground: str, edge: str) -> dict[str, Tones]:
    """Ink on a plain ground: what changes how branches read and write the stream has the stream's own tone."""
    return {"wiring": Tones(stream, ground, ground, edge, stream)}


Of = TypeVar("Of")


class Each(NamedTuple, Generic[Of]):
    """One of something for each colour; where one lacks, or is misspelt, this module can't be imported."""

    full: Of
    window: Of
    latent: Of
    linear: Of
    convolution: Of
    mlp: Of
    moe: Of
    norm: Of
    embedding: Of
    position: Of


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role; a role is a neutral's name or "mechanism.tone"."""

    name: ThemeName
    tones: Mapping[str, Tones]
    neutrals: Mapping[str, str]

    def colour(self, role: str) -> str:
        """The #rrggbb of a role.

        "mechanism.line" is the tone that a thin line needs on paper, "mechanism.pale" the ground of a
        cell that its bar doesn't fill, "mechanism.lit" all of the solid, which print blackens among greys,
        "mechanism.wire" that of a wire as thick as it is wide, "mechanism.dim" what stands back on a full block,
        "mechanism.cell" a cell too small to be hatched. With a number behind it, as "mechanism.30" of the solid or
        "ink.30", it is so many percent of the role on paper.
        """
        whole = full_role(role)
        if whole != role:
            share = int(role.rpartition(".")[2]) / 100
            return _mixed(self.colour(whole), self.colour("paper"), share)
        head, _, tone = role.partition(".")
        if not tone:
            return self.neutrals[head]
        tones = self.tones[head]
        if tone == "line":
            pale = self.name == "light" and head in _PALE
            return tones.text if pale else tones.solid
        if tone == "pale":
            return (
                self.colour("lens")
                if self.name == "print"
                else _mixed(tones.solid, self.colour("paper"), 0.16)
            )
        if tone == "cell":
            return _GREYS[head] if self.name == "print" else tones.solid
        if tone == "dim":
            return tones.edge if self.name == "print" else _mixed(tones.on, tones.solid, _DIM)
        if tone == "lit":
            return tones.solid
        if tone == "wire":
            return _mixed(tones.solid, tones.tint, 0.62)
        return str(getattr(tones, tone))


def full_role(role: str) -> str:
    """The role of which another is so many percent: "moe.solid" of "moe.30"; else the role itself."""
    whole, _, share = role.rpartition(".")
    if not share.isdigit():
        return role
    return f"{whole}.solid" if whole in _LIGHT else whole


def _mixed(colour: str, ground: str, share: float) -> str:
    """So much of a colour on a ground, both #rrggbb."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:]), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)


_DIM = 0.36
"""Share of the text's colour in what stands back on a full block."""
_PALE = ("mlp", "window", "convolution", "norm")
"""Mechanisms whose light solid has less than 3:1 on paper: too little for a thin line."""

_LIGHT = Each(
    full=Tones("#0B4FB0", "#FFFFFF", "#EBF1F9", "#99B5DE", "#0B479C"),
    window=Tones("#8CC6F8", "#0B2A46", "#EEF6FE", "#9DCFF9", "#1A5C94"),
    latent=Tones("#8672D2", "#120930", "#F2EFFA", "#BCB1E6", "#5443A8"),
    linear=Tones("#1A7A60", "#FFFFFF", "#EDF4F2", "#9FC7BC", "#12614C"),
    convolution=Tones("#9B9E4A", "#1D1E05", "#F2F2E7", "#C1C38F", "#5A5D16"),
    mlp=Tones("#F4CA45", "#352700", "#FDF7E1", "#F6D261", "#745500"),
    moe=Tones("#C04B10", "#FFFFFF", "#FAF1EC", "#E5B39B", "#983B0A"),
    norm=Tones("#BBC1C7", "#1B2430", "#F0F1F3", "#C2C7CD", "#4A5361"),
    embedding=Tones("#353E4B", "#FFFFFF", "#EFF0F1", "#B8BBC0", "#353E4B"),
    position=Tones("#CF6488", "#2E0716", "#FBF3F5", "#EBBECD", "#9C3259"),
)._asdict() | _wiring("#1B2430", "#FFFFFF", "#8A93A0")
_DARK = Each(
    full=Tones("#4F85EA", "#020B1E", "#172133", "#2E4B7F", "#9DBFFB"),
    window=Tones("#A9DBFB", "#08233A", "#212B35", "#597487", "#B9E2FC"),
    latent=Tones("#B39ADA", "#160B2B", "#222431", "#5E5577", "#CBB8EC"),
    linear=Tones("#2F9F82", "#00120D", "#132427", "#1F574D", "#74CDB5"),
    convolution=Tones("#C9E094", "#1D2606", "#242B29", "#697656", "#D3E6A6"),
    mlp=Tones("#E8BC45", "#2A1E00", "#282721", "#786530", "#F1D07A"),
    moe=Tones("#F0704C", "#2A0900", "#291F21", "#7C4133", "#F9A288"),
    norm=Tones("#69717A", "#FFFFFF", "#22272F", "#535A62", "#BAC3CE"),
    embedding=Tones("#B4BCC6", "#10151C", "#20262D", "#4E545D", "#C9D0D9"),
    position=Tones("#CD6FA3", "#22061A", "#251F2B", "#6B405D", "#EDA6CB"),
)._asdict() | _wiring("#E4E9EF", "#10151C", "#6E7986")
_BLACK, _WHITE = "#151A22", "#FFFFFF"
_PRINT = {name: Tones(_BLACK, _BLACK, _WHITE, "#8A8F96", _BLACK) for name in _LIGHT}
_PRINT |= _wiring(_BLACK, _WHITE, "#8A8F96")  # not hatched
_TONES: dict[ThemeName, Mapping[str, Tones]] = {"light": _LIGHT, "dark": _DARK, "print": _PRINT}
_NEUTRALS = {
    "paper": ("#FFFFFF", "#10151C", _WHITE),
    "ink": ("#151A22", "#EEF1F5", _BLACK),
    "muted": ("#56606E", "#A3ADBA", "#3A4049"),
    "stream": ("#1B2430", "#E4E9EF", _BLACK),
    "flow": ("#39424F", "#AEB8C4", _BLACK),
    "hairline": ("#CFD5DC", "#343D49", "#8A8F96"),
    "frame": ("#C3CAD3", "#3B4552", "#6A7078"),
    "lens": ("#EDF0F3", "#1A212A", "#F1F1F1"),
    "matrix": ("#FFFFFF", "#1C232D", _WHITE),
    "wire": ("#858B93", "#78818C", "#8A8F96"),
}
"""In the order of the themes."""
THEMES = {
    name: Theme(name, tones, {role: row[i] for role, row in _NEUTRALS.items()})
    for i, (name, tones) in enumerate(_TONES.items())
}

_GREYS = Each(
    full="#151A22",
    window="#9AA0A7",
    latent="#4C535D",
    linear="#C3C8CE",
    convolution="#E1E4E7",
    mlp="#DADDE1",
    moe="#7A818A",
    norm="#C3C8CE",
    embedding="#8A8F96",
    position="#666D76",
)._asdict()
"""Cells in print: what mixes tokens is told apart from what mixes channels by its track, and in it by its grey."""
HATCHES = Each(
    full='<rect width="6" height="6" fill="#151A22"/>',
    window='<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="#151A22" stroke-width="1.1"/>',
    latent='<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5M-1 -1L7 7M-1 5L1 7M5 -1L7 1" stroke="#151A22"/>',
    linear='<path d="M0 1.5H6M0 4.5H6" stroke="#151A22" stroke-width="1.6"/>',
    convolution='<path d="M1.5 0V6M4.5 0V6" stroke="#151A22" stroke-width="1.1"/>',
    mlp='<path d="M.7 1.5h1.6M3.7 4.5h1.6" stroke="#151A22" stroke-width="1.6"/>',
    moe='<path d="M0 .75h4.5v4.5H0z" fill="#151A22"/>',
    norm="",
    embedding='<rect width="6" height="6" fill="#8A8F96"/>',
    position='<path d="M-1 -1L7 7M-1 5L1 7M5 -1L7 1" stroke="#151A22" stroke-width="2"/>',
)._asdict()
"""What fills a 6 px tile in print, by mechanism: told apart by pattern, not by colour."""
