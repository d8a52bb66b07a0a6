"""make demo-reset: throw away what `make run` made, so that the next one starts with a new demo."""

import shutil
import sys

from ops.servers import Trouble, make_folder, var_folder
from ops.supervisor import the_only_one

MADE = ["pg", "pg.new", "redis", "prepared.json", "mail", "media", "static"]


def main() -> None:
    var = make_folder(var_folder())
    with the_only_one(var):
        for name in MADE:
            path = var / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    print("The local database is gone. `make run` makes a new one with the demo programme.")


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(str(trouble))
