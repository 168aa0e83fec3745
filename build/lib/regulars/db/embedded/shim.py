"""Becomes another program that ends when its parent does. Run as a script, never imported by it.

    python -I -S shim.py PARENT DEATH_SIGNAL UID GID PROGRAM [ARGUMENT …]

A script of its own rather than `preexec_fn`: that one runs Python between fork and exec, which may deadlock
as soon as the parent has a second thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become UID and GID (−1: stay as we are), ask to die with PARENT, then exec PROGRAM."""
    parent, death_signal, uid, gid = (int(word) for word in arguments[:4])
    program = arguments[4:]
    # Everything Python needs is loaded by now: after the drop its own files may be unreadable.
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the drop, because the kernel forgets the request whenever a process changes its user.
    if libc is not None and libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # A parent that died before the request was made would never be reported.
    if os.getppid() != parent:
        sys.exit(f"the parent process {parent} has ended; {program[0]} was not started")
    # Python ignores these two, and an ignored signal stays ignored after exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execv(program[0], program)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
