"""Where a config from outside the catalog comes from: a path, a GGUF's own keys, or a repository of the Hub."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.catalog.names import identifier
from llm_gallery.sources import config_file, hub
from llm_gallery.sources.hub_id import HubId, parsed, refuse_address
from llm_gallery.sources.place import holds_config, is_path

if TYPE_CHECKING:
    from llm_gallery.sources.stored import Stored


class Source(NamedTuple):
    """A config from outside the catalog, the name that its place gives it, and its Hub id if it has one."""

    name: str
    config: Mapping[str, Any]
    repository: str | None = None
    place: str = ""
    """Where it was found; empty where it came through a pipe."""
    revision: str = ""
    """On the Hub; empty for the branch main."""
    unsaid: str = ""
    """What of the model a GGUF doesn't say, as a warning."""


def source(place: str, *, path: bool = False) -> Source:
    """The config at a path or in a Hub repository; an address is refused, with the Hub id in it where there is one.

    With `path`, the place is a path, whatever it looks like.
    """
    if not path:
        refuse_address(place)
    if path or is_path(place):
        at = Path(place)
        if (file := _gguf(at)) is not None:
            from llm_gallery.sources import gguf

            return of_gguf(gguf.read(file))
        config = _config(at)
        return Source(_named(at.resolve()), config, place=place)
    if (named := parsed(place)) is not None:
        return on_hub(named)
    raise Refusal(
        f"{quoted(place)} is no path and no Hub id, expected a config.json, the folder that holds "
        "it, or organization/name"
    )


def on_hub(named: HubId) -> Source:
    """The config of a repository of the Hub; of one of its GGUFs, or where it holds nothing else, what its keys say."""
    if not named.variant and not named.file.endswith(".gguf"):
        try:
            config = hub.read(str(named._replace(file="")))
            return Source(named.name, config, named.repository, str(named), named.revision)
        except hub.NoConfig:
            from llm_gallery.sources.hub_listing import of_ggufs

            if not of_ggufs(named):
                raise
    from llm_gallery.sources.hub_headers import stored

    return of_stored(*stored(named))


def of_gguf(stored: Stored) -> Source:
    """The config that a GGUF says whose header is read already. Raises Refusal where it says none."""
    return _said(stored, Source(_named(stored.place.resolve()), {}, place=str(stored.place)))


def of_stored(stored: Stored, named: HubId) -> Source:
    """The config of what a repository stores at a commit."""
    if stored.format != "GGUF":
        return on_hub(named)._replace(place=str(stored.place))
    place = Source(named.name, {}, named.repository, str(stored.place), named.revision)
    return _said(stored, place)


def stored_gguf(given: str | Path) -> Stored | None:
    """The header of the GGUF that a word or a path means, also on the Hub; None where it means something else."""
    if isinstance(given, str) and not is_path(given):
        named = parsed(given)
        if named is None or not (named.variant or named.file.endswith(".gguf")):
            return None
        from llm_gallery.sources.hub_headers import stored

        return stored(named)[0]
    of_catalog = (
        isinstance(given, str) and not holds_config(given) and identifier(given) is not None
    )
    file = None if of_catalog else _gguf(Path(given))
    if file is None:
        return None
    from llm_gallery.sources import gguf

    return gguf.read(file)


def stored_weights(given: str | Path) -> Stored | None:
    """The headers of the weights that a word or a path means: of a GGUF, or of a checkpoint beside its config on disk.

    None where it means no weights. Raises Refusal where headers can't be read, or some of a checkpoint's files lack.
    """
    if (found := stored_gguf(given)) is not None:
        return found
    if isinstance(given, str) and not holds_config(given):
        return None
    path = Path(given)
    files = path.iterdir() if path.is_dir() else (path,)
    if not any(config_file.of_weights(file) and file.is_file() for file in files):
        return None
    from llm_gallery.sources import checkpoint

    stored = checkpoint.read(path)
    if stored.faults:
        raise Refusal(f"{stored.faults[0]}; run llm-gallery check on it")
    return stored


def _said(stored: Stored, source: Source) -> Source:
    """A source whose config the keys of a GGUF say."""
    from llm_gallery.conversion.config import config_of, unsaid  # only for such files

    return source._replace(config=config_of(stored), unsaid=unsaid(stored))


def _gguf(path: Path) -> Path | None:
    """The GGUF that describes its model itself: a file, or what a folder without a config holds."""
    if not config_file.of_gguf(path) and (not os.path.isdir(path) or config_file.in_folder(path)):
        return None
    from llm_gallery.sources.gguf_place import gguf_at  # only for such places

    return gguf_at(path)


def _config(path: Path) -> Mapping[str, Any]:
    """What describes a model at a path: of weights in safetensors the config beside them."""
    return config_file.read(
        path.parent if config_file.of_weights(path) and os.path.isfile(path) else path
    )


def _named(path: Path) -> str:
    """A folder's name, or a file's without its ending; `config.json` or `params.json` is named by its folder."""
    if path.is_dir():
        return path.name
    of_the_folder = path.name in config_file.NAMES or config_file.of_weights(path)
    return path.parent.name if of_the_folder else path.stem
