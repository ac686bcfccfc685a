"""The command line: arguments, printed answers, and exit codes that scripts can rely on."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` would take longer than all that is imported here
if TYPE_CHECKING:
    from collections.abc import Sequence

FAULT, INTERRUPTED = 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command: 0 done, 1 no by `check`, 2 wrong usage or a missing extra, 3 the input was read and refused, 70 a fault of ours, 130 stopped.

    All imports are within: Ctrl+C ends them as quietly as the command, and what is wrong in them is a fault as any.
    """
    hook, sys.unraisablehook = sys.unraisablehook, _unraised
    try:
        import gc

        gc.set_threshold(200_000)  # a short run makes fewer: one look is a tenth of it
        from llm_gallery.cli.command import exit_code

        return exit_code(arguments)
    except BaseException as error:
        if not _comes_of_interrupt(error):
            if not isinstance(error, Exception):  # the interpreter is asked to exit
                raise
            return _print_fault(error, sys.argv[1:] if arguments is None else arguments)
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second one ends it at once
        return INTERRUPTED
    finally:
        sys.unraisablehook = hook


def _print_fault(error: Exception, arguments: Sequence[str]) -> int:
    """One line in place of a traceback, which asks to report it."""
    from llm_gallery.architecture.fault import fault

    command = next((word for word in arguments if not word.startswith("-")), "llm-gallery")
    print(f"llm-gallery: {fault(error, command)}", file=sys.stderr)
    return FAULT


def _comes_of_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl+C is what an error is or was raised from: Python 3.11 makes another one of what falls into the making of a class."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _unraised(lost: sys.UnraisableHookArgs) -> None:
    """Ctrl+C that fell into a callback of the interpreter, where it is lost, as some of imports: it comes again."""
    if lost.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(lost)
        return
    import threading

    again = threading.Timer(0.01, _interrupt_main_thread)
    again.daemon = True
    again.start()


def _interrupt_main_thread() -> None:
    """As the terminal does: also a call that waits is broken off."""
    import signal
    import threading

    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
