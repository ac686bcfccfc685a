"""Which matrices of a model an adapter's config means: by their ends, by a pattern, or all of them.

Reference: https://github.com/huggingface/peft (tuners/tuners_utils.py: check_target_module_exists)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeGuard

ALL = "all-linear"
LONGEST, MOST = 2000, 12
"""Characters of a pattern, and its repetitions: a stranger's may else take years over a name."""
NESTED = re.compile(r"\)[*+{]")
"""A group that repeats: patterns of releases have none, and such take longest."""
Shape = tuple[int, ...]


def targeted(
    config: Mapping[str, Any], modules: Mapping[str, Shape], linear: Collection[str]
) -> dict[str, Shape]:
    """The modules that are meant, with the shapes of their weights; empty where it can't be told.

    `modules` are all that have a weight, by their paths; `linear` those that `all-linear` means: no
    embedding, and no output head.
    """
    targets = config.get("target_modules")
    if isinstance(targets, str) and targets.lower() == ALL:
        targets_found = [name for name in modules if name in linear]
    elif isinstance(targets, str):
        targets_found = [*_matching(targets, modules)]
    elif listed(targets):
        targets_found = [
            name
            for name in modules
            if name in targets or (ends(name, targets) and _in_layers(config, name))
        ]
    else:
        return {}
    left_out = config.get("exclude_modules") or []
    if isinstance(left_out, str):
        left_out = [*_matching(left_out, modules)]
    saved_modules = config.get("modules_to_save") or []
    return {
        name: modules[name]
        for name in targets_found
        if not ends(name, left_out)
        and not any(_below(name, saved_name) for saved_name in saved_modules)
    }


def has_unknown_target(config: Mapping[str, Any], modules: Mapping[str, Shape]) -> bool:
    """Whether a target is named that no module of the model ends in."""
    targets = config.get("target_modules")
    return listed(targets) and not all(
        any(ends(m, [target]) for m in modules) for target in targets
    )


def rank(config: Mapping[str, Any], name: str) -> int:
    """The rank of a module: its own, by the first pattern that its path ends in, or that of all."""
    for pattern, rank_of_pattern in (config.get("rank_pattern") or {}).items():
        if bounded(pattern) and re.match(rf"(.*\.)?({pattern})$", name):
            return int(rank_of_pattern)
    return int(config["r"])


def ends(name: str, targets: list[str]) -> bool:
    """Whether a path is one of those, or ends in one."""
    return any(name == target or name.endswith(f".{target}") for target in targets)


def listed(targets: object) -> TypeGuard[list[str]]:
    """Whether that is a list of words."""
    return isinstance(targets, list) and all(
        isinstance(target, str) and target for target in targets
    )


def bounded(pattern: str) -> bool:
    """Whether a pattern is one, and can't take long."""
    few = len(pattern) <= LONGEST and len(re.findall(r"[*+{]", pattern)) <= MOST
    if not few or NESTED.search(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _matching(pattern: str, modules: Mapping[str, Shape]) -> Iterator[str]:
    if bounded(pattern):
        compiled = re.compile(pattern)
        yield from (name for name in modules if compiled.fullmatch(name))


def _below(name: str, part: str) -> bool:
    return ends(name, [part]) or f".{name}.".find(f".{part}.") >= 0


def _in_layers(config: Mapping[str, Any], name: str) -> bool:
    """Whether the layer that a path names first is one of those that are changed."""
    layers = config.get("layers_to_transform")
    if layers in (None, []):
        return True
    patterns = config.get("layers_pattern") or [r"[^.]*"]
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        if bounded(pattern) and (match := re.match(rf"(?:^|.*?\.){pattern}\.(\d+)\.", name)):
            return int(match[1]) in ([layers] if isinstance(layers, int) else layers)
    return False
