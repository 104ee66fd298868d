"""Text files as bytes: what can be said of them while they stream by, and a rewrite where it is needed.

Belongs here: size of lines, NUL, encoding, line ends, quotes and blanks. Does not belong here: where the
bytes come from (``take.py``), headers and fields.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

from orchestration.landing.model import Refused
from orchestration.settings import Settings

CHUNK = 1 << 20
LONG_LINE = 1 << 20
"""Longest line, in bytes, that DuckDB reads with its ordinary buffers."""
_WIDE_BLANKS = (b"\t", b"\v", b"\f", b"\xa0", b"\xe2")
"""Bytes of the blanks, beside the space, that are trimmed (``parse.BLANKS``), in either encoding."""
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True)
class Text:
    """What the bytes of a text file say: a UTF-8 file with LF or CRLF line ends, and how to read it."""

    path: Path
    lines: int
    """Lines up to the last one that is not blank."""
    crlf: bool
    """Every line ends in CRLF (else in LF)."""
    quoted: bool
    blanks: bool
    wide_blanks: bool
    """Other blanks than the plain space may occur."""
    long_lines: bool


class Look:
    """What is seen of a text, chunk by chunk."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.size = 0
        self.feeds = self.returns = self.pairs = 0
        self.quoted = self.blanks = self.wide_blanks = self.long_lines = False
        self.bad_utf8_line: int | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._open_line = 0
        self._last = b""

    def at(self, chunk: bytes) -> None:
        """Look at the next chunk.

        Raises:
            Refused: ``too_large``, ``nul``, or ``encoding`` for UTF-16 and UTF-32.
        """
        if self.size == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Refused("encoding", 1)
        self.size += len(chunk)
        if self.size > self.settings.max_expanded_bytes:
            raise Refused("too_large")
        if (place := chunk.find(b"\0")) >= 0:
            raise Refused("nul", self.feeds + chunk.count(b"\n", 0, place) + 1)
        self._look_at_lines(chunk)
        self._look_at_letters(chunk)

    def _look_at_lines(self, chunk: bytes) -> None:
        ends = chunk
        if b"\r" in chunk or self._last == b"\r":
            self.returns += chunk.count(b"\r")
            self.pairs += chunk.count(b"\r\n") + (self._last == b"\r" and chunk[:1] == b"\n")
            ends = chunk.replace(b"\r", b"\n")
        limit = self.settings.max_line_bytes
        first = ends.find(b"\n")
        pieces = ends.split(b"\n") if limit < CHUNK else [ends[: first if first >= 0 else None]]
        for number, piece in enumerate(pieces):
            length = len(piece) + (0 if number else self._open_line)
            if length > limit:
                raise Refused("too_large", self.feeds + number + 1)
            self.long_lines |= length > LONG_LINE
        self._open_line = len(ends) - ends.rfind(b"\n") - 1 if first >= 0 else self._open_line + len(ends)
        self.feeds += chunk.count(b"\n")
        self._last = chunk[-1:]

    def _look_at_letters(self, chunk: bytes) -> None:
        plain = chunk.isascii()
        self.quoted |= b'"' in chunk
        self.blanks |= b" " in chunk
        self.wide_blanks |= any(byte in chunk for byte in _WIDE_BLANKS)
        if self.bad_utf8_line is None and not (plain and not self._decoder.getstate()[0]):
            try:
                self._decoder.decode(chunk)
            except UnicodeDecodeError as error:
                before = self.feeds - chunk.count(b"\n")
                self.bad_utf8_line = before + error.object.count(b"\n", 0, error.start) + 1

    def text(self, path: Path, folder: Path) -> Text:
        """The text as UTF-8 with one kind of line end, rewritten only where it has to be.

        Raises:
            Refused: ``encoding``, neither UTF-8 nor Windows-1252.
        """
        if self.bad_utf8_line is None:
            try:
                self._decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                self.bad_utf8_line = self.feeds + 1
        crlf = 0 < self.pairs == self.returns == self.feeds
        feeds = self.feeds
        if self.bad_utf8_line is not None or (self.returns and not crlf):
            encoding = "utf-8" if self.bad_utf8_line is None else "cp1252"
            feeds = _rewrite(path, folder / "text", encoding, self.bad_utf8_line or 1)
            path, crlf = folder / "text", False
        return Text(
            path,
            _lines_until_blank(path, feeds),
            crlf,
            self.quoted,
            self.blanks,
            self.wide_blanks,
            self.long_lines,
        )


def _rewrite(source: Path, target: Path, encoding: str, bad_line: int) -> int:
    """Write a text anew as UTF-8 with LF; returns the number of line ends.

    Raises:
        Refused: ``encoding``; the line is the first one that fits neither encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line_ends = io.IncrementalNewlineDecoder(decoder, translate=True)
    feeds = 0
    with source.open("rb") as old, target.open("xb") as new:
        for chunk in iter(lambda: old.read(CHUNK), b""):
            if encoding == "cp1252" and (bad := _UNDEFINED_1252.search(chunk)):
                raise Refused("encoding", max(bad_line, feeds + chunk.count(b"\n", 0, bad.start()) + 1))
            rewritten = line_ends.decode(chunk).encode()
            feeds += rewritten.count(b"\n")
            new.write(rewritten)
        rest = line_ends.decode(b"", final=True).encode()
        new.write(rest)
    return feeds + rest.count(b"\n")


def _lines_until_blank(path: Path, feeds: int) -> int:
    """Number of lines up to the last one that is not blank; ``feeds`` is the number of line feeds.

    Looks at the last chunk only: more blank than that counts as lines, which the slower reader then skips.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - CHUNK))
        tail = file.read()
    blank = tail[len(tail.rstrip()) :]
    return feeds - blank.count(b"\n") + (1 if len(tail) > len(blank) else 0)
