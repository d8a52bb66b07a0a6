import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ops.servers import BASE

PARENT = """
import os, subprocess, sys, time
os.environ["PCP_PARENT"] = str(os.getpid())
subprocess.Popen([sys.executable, "-m", "ops.child", "ops.tests.forking"])
time.sleep(60)
"""


def gone(pid: int) -> bool:
    """No such process, or one that has ended and waits to be noticed."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_child_and_what_it_forked_end_when_its_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=BASE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]

        os.kill(parent.pid, signal.SIGKILL)

        parent.wait()
    assert len(pids) == 2
    end = time.monotonic() + 10
    while not all(gone(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)
    assert [pid for pid in pids if not gone(pid)] == []
