"""Run it: whether a model fits devices under an engine, how far its context goes, and how fast it is at best."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.fit_report import gib
from llm_gallery.catalog.measured_bands import Band, bands
from llm_gallery.catalog.run_terms import COUNTS, MIXES, run_terms
from llm_gallery.engines.bound import peak
from llm_gallery.engines.device import Device, devices
from llm_gallery.engines.engine import Engine, expect_device
from llm_gallery.engines.fit import rows
from llm_gallery.engines.registry import NAMES, engine
from llm_gallery.engines.request import Request
from llm_gallery.engines.split import ALONE
from llm_gallery.engines.subject import Subject
from llm_gallery.quants.mixes import PACKED
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.describe_page import WORK, parts
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import Document, Page
from llm_gallery.site.render import script

LARGE = "h100-sxm"
"""A device in which engines keep more tokens in flight, beside the one that is asked about."""
FIRST, DEVICE, MIX = "gemma-3-27b", "rtx-4090", "Q4_K_M"
"""What the page opens on: a model, a device and a mix that people know."""
BANDS = {"dense": "Dense models", "mixture": "Mixtures of experts"}
UNSAID = 131_072
"""Tokens, where a model states no longest context."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, the terms of each model as it loads them, and the old address of it."""
    yield Document(
        "run-it/index.html", "run_it.html", lambda: _values(site), work=WORK, card=site.card
    )
    yield Document("calculator/index.html", "moved.html", dict)
    for shown in site.models:
        yield Page(f"data/run/{shown.id}.js", partial(_terms, shown), work=shown.id)


def subject_of(exhibit: Exhibit) -> Subject:
    """A model of the catalog as engines are asked about it."""
    entry = exhibit.entry
    return Subject(
        entry.name, exhibit.architecture, dict(entry.config), repository=entry.repository or ""
    )


def _terms(shown: Shown) -> bytes:
    return script(f"run/{shown.id}", {"id": shown.id, **run_terms(subject_of(shown.exhibit))})


def _values(site: Site) -> dict[str, Any]:
    first = next((shown for shown in site.models if shown.id == FIRST), site.models[0])
    known = {
        "engines": [_engine(engine(name)) for name in NAMES],
        "devices": [_device(device) for device in devices()],
        "bands": {name: _shares(band) for name, band in bands().items()},
        "first": {"model": first.id, "device": DEVICE, "mixes": (PACKED, MIX), "large": LARGE},
    }
    return {
        "known": json.dumps(known, ensure_ascii=False, separators=(",", ":")),
        "parts": json.dumps(parts(site)),
        "counts": COUNTS,
        "first": first,
        "organizations": _by_organization(site),
        "devices": devices(),
        "bands": [(BANDS[name], _shares(band)) for name, band in bands().items()],
        "plain": _plain(first),
    }


def _shares(band: Band) -> dict[str, Any]:
    """A band in numbers as a page draws them."""
    return {name: float(share) for name, share in band._asdict().items()} | {"runs": band.runs}


def _plain(first: Shown) -> dict[str, Any]:
    """What is read without JavaScript: the first model on the first device, in every mix that the page offers."""
    subject, used = subject_of(first.exhibit), engine(NAMES[0])
    device = next(device for device in devices() if device.id == DEVICE)
    length = subject.context or UNSAID
    request = Request(
        subject=subject,
        engine=used,
        device=device,
        split=ALONE,
        cache=used.caches[0],
        context=length,
    )
    try:
        found = rows(request)
    except Refusal as refusal:
        return {"refused": str(refusal), "device": device, "engine": used}
    lengths = sorted({max(1, length // part) for part in (16, 4, 1)})
    return {
        "refused": "",
        "device": device,
        "engine": used,
        "lengths": lengths,
        "rows": [
            {
                "name": row.weights,
                "gib": gib(row.stored),
                "spare": [gib(row.spare(at)) for at in lengths],
                "longest": row.longest,
            }
            for row in found
            if row.weights in MIXES
        ],
    }


def _engine(used: Engine) -> dict[str, Any]:
    """What is the same for every model; `said` are sentences on margins and settings, which devices name by place."""
    return {
        "name": used.name,
        "title": used.title,
        "version": used.version,
        "known": used.known,
        "said": _said(used),
        "mixes": used.by_layers,
    }


def _said(used: Engine) -> list[str]:
    """All sentences on margins and settings, each once."""
    return list(
        dict.fromkeys(
            sentence
            for device in devices()
            if not _refusal(used, device)
            for sentence in used.assumptions(device)
        )
    )


def _refusal(used: Engine, device: Device) -> str:
    """Why an engine doesn't run on a device; empty where it does."""
    try:
        expect_device(used, device)
        used.usable(device)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _device(device: Device) -> dict[str, Any]:
    """A device, and under each engine: usable bytes, tokens in flight, the places of what is assumed; or a refusal."""
    by_engine: dict[str, Any] = {}
    for name in NAMES:
        used = engine(name)
        if refused := _refusal(used, device):
            by_engine[name] = refused
            continue
        said = _said(used)
        places = [said.index(sentence) for sentence in used.assumptions(device)]
        by_engine[name] = [used.usable(device), used.in_flight(device), places]
    return {
        "id": device.id,
        "name": device.name,
        "memory": device.memory,
        "bandwidth": device.bandwidth,
        "peaks": [peak(device, "bf16", "bf16") or 0, peak(device, "packed", "packed") or 0],
        "engines": by_engine,
    }


def _by_organization(site: Site) -> list[tuple[str, list[Exhibit]]]:
    by_maker: dict[str, list[Exhibit]] = {}
    for exhibit in site.exhibits:
        by_maker.setdefault(exhibit.entry.organization, []).append(exhibit)
    return sorted(by_maker.items(), key=lambda pair: pair[0].lower())
