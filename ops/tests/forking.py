"""A program for test_child: forks, tells both process ids, and waits for its end."""

import os
import time

if __name__ == "__main__":
    child = os.fork()
    if child:
        print(os.getpid(), child, flush=True)
    time.sleep(60)
