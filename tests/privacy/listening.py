"""The program, with every attempt to reach another machine written to a file that the first argument names.

Belongs here: the hook. Does not belong here: the program's own arguments, which follow.
"""

from __future__ import annotations

import sys
from pathlib import Path

LOCAL = ("127.0.0.1", "::1", "localhost")


def listen(told: Path) -> None:
    """Write down every address and name that this process asks for."""
    told.touch()

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        address: object = None
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            address = arguments[1][0]
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
            address = arguments[0]
        if address is not None and address not in LOCAL:
            with told.open("a") as file:
                file.write(f"{event} {address}\n")

    sys.addaudithook(heard)


if __name__ == "__main__":
    listen(Path(sys.argv[1]))
    from orchestration.cli import main

    main(sys.argv[2:])
