"""Reads files that are files: opening a pipe would wait for ever; a device, or a hole of gigabytes, fill the memory."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path


def open_plain(path: Path) -> io.BufferedReader:
    """The file *path*, open for reading. Raises OSError, also where it is a pipe, a socket, a device or a folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_plain(path: Path, at_most: int) -> bytes:
    """The content of the file *path*. Raises as `open_plain`, and OSError where it has more bytes than *at_most*."""
    with open_plain(path) as file:
        if os.fstat(file.fileno()).st_size <= at_most:
            content = file.read(at_most + 1)  # it may have grown since
            if len(content) <= at_most:
                return content
    raise OSError(errno.EFBIG, f"it is larger than {at_most:,} bytes", str(path))


def beginning_of(path: Path, at_most: int) -> bytes:
    """Up to *at_most* bytes from the beginning of the file *path*. Raises as `open_plain`."""
    with open_plain(path) as file:
        return file.read(at_most)
