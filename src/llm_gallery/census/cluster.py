"""The steps of a census on the nodes of a Ray cluster, which share the folders: plain tasks, done again where a node is lost."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import ray
from ray.exceptions import RayError

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.census import storage
from llm_gallery.census.program import program
from llm_gallery.census.workers import Crew

P = ParamSpec("P")
T = TypeVar("T")
AGAIN = 10
"""Times that a task is begun again after its process or its node was lost; one that ends each is at fault itself."""

SECONDS = 10.0
"""How long the cluster's first node may take to be reached."""


class Needed(NamedTuple):
    """What a node must see to work at a census: its plan as this machine sees it, and its input."""

    plan: bytes
    folder: str  # from which the command was given: paths start there
    file: Path  # of the plan
    inputs: tuple[str, ...]


class Cluster(Crew):
    """The nodes of a cluster that was started before; it stays when the census is done.

    Raises Refusal where there is none at the address.
    """

    def __init__(self, address: str, needed: Needed) -> None:
        try:
            if address != "auto":
                _connect(address)
            ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
        except (OSError, RuntimeError, ValueError) as error:
            raise Refusal(
                f"no Ray cluster answers at {printable(address)} ({printable(str(error), 120)}), expected "
                "HOST:PORT as `ray start --head` printed it, or auto on one of its machines; begin one"
            ) from None
        self._task: Any = ray.remote(num_cpus=1, max_retries=AGAIN)(node_outcome)
        self._needed = ray.put(needed)

    @property
    def at_once(self) -> int:
        """The number of cores of all nodes; 1 where no node is left."""
        untyped: Any = ray
        return max(1, int(untyped.cluster_resources().get("CPU", 0)))

    def submit(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        reference = self._task.remote(self._needed, work, arguments, named)
        reference.future().add_done_callback(lambda of: _pass_on(of, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leaves the cluster; its tasks of this census end."""
        ray.shutdown()


def _connect(address: str) -> None:
    """Checks that a server listens: Ray would retry for minutes. Raises OSError or ValueError."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host, int(port)), SECONDS).close()


def node_outcome(
    needed: Needed, work: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]
) -> T | Refusal:
    """The result of a node's work; a refusal is returned, since raised it would carry the node's traceback."""
    try:
        _check_node(needed)
        return work(*arguments, **named)
    except Refusal as refusal:
        return refusal


@cache
def _check_node(needed: Needed) -> None:
    """Refuses work on a node that would read other files or describe otherwise; asked once in each process."""
    if os.path.isdir(needed.folder):
        os.chdir(needed.folder)
    node = os.uname().nodename
    missing = [file for file in needed.inputs if not storage.exists(file)]
    if missing:
        raise Refusal(
            f"the node {node} doesn't see {printable(missing[0], 160)}, expected inputs that all nodes read "
            "under the same path; share their folder, or give absolute paths"
        )
    if not needed.file.exists() or needed.file.read_bytes() != needed.plan:
        raise Refusal(
            f"the node {node} doesn't see {printable(str(needed.file.parents[1]), 160)}, expected an output "
            "that all nodes share under the same path; share its folder, or give an absolute path"
        )
    if program().encode() not in needed.plan:
        raise Refusal(
            f"the node {node} has another version of llm-gallery, DuckDB or Arrow, expected that of the "
            "machine of the command; install the same"
        )


def _pass_on(of: Future[Any], future: Future[Any]) -> None:
    """Passes a task's result or exception on to a future."""
    if (error := of.exception()) is None:
        result = of.result()
        if isinstance(result, Refusal):
            future.set_exception(result)
        else:
            future.set_result(result)
    elif isinstance(error, RayError) and getattr(error, "cause", None) is None:
        future.set_exception(
            Refusal(
                f"the cluster lost a task {AGAIN + 1} times ({type(error).__name__}), expected a node to end it "
                "(is the memory full?); give the same command again, and it goes on where it stopped"
            )
        )
    else:
        future.set_exception(error)
