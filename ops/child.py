"""python -m ops.child MODULE ARGS...: run a module as a program that never outlives its parent.

The kernel kills it when the process that started it ends, however that ends; what it forks
(gunicorn's and Celery's workers) is tied to it in the same way.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
_parent = 0


def end_with(parent: int, number: int = signal.SIGKILL) -> None:
    """Have the kernel send `number` to this process when `parent` ends."""
    _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), number)


def _before_fork() -> None:
    global _parent
    _parent = os.getpid()


def main() -> None:
    end_with(int(os.environ["PCP_PARENT"]))
    os.register_at_fork(before=_before_fork, after_in_child=lambda: end_with(_parent))
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
