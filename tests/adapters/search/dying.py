"""A process that works on an index and kills itself at a point: ``python -m … FOLDER POINT``."""

import os
import signal
import sys
from pathlib import Path

from tests.adapters.search.feeds import PaperFeed, word
from tongqu.adapters.search.index import TantivyIndex
from tongqu.adapters.search.shelf import Folder


def main(folder: Path, point: str) -> None:
    def die(at: str) -> None:
        if at == point:
            os.kill(os.getpid(), signal.SIGKILL)

    feed = PaperFeed(folder / "feed.json")
    index = TantivyIndex(Folder(folder / "index"), feed, step=die)
    if (folder / "index").exists():
        feed.write(1, "new")
        feed.write(9, "ninth")
    index.find(word("new"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
