"""Runs a program whose standard error is a terminal of a given width, and prints as JSON what it wrote.

    run.py <columns> <program> [<argument>…]

With the variable TYPED, standard input is the terminal too, and this line is typed.
"""

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
import threading

columns, command = int(sys.argv[1]), sys.argv[2:]
terminal, other_end = os.openpty()
fcntl.ioctl(other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
typed = os.environ.get("TYPED")
if typed is not None:
    os.write(terminal, typed.encode() + b"\n")
stdin = subprocess.DEVNULL if typed is None else other_end
process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=other_end)
os.close(other_end)
shown = bytearray()


def read():
    # A terminal whose other end is closed answers with an error, not with an end.
    try:
        while part := os.read(terminal, 65536):
            shown.extend(part)
    except OSError:
        pass


reader = threading.Thread(target=read)
reader.start()
stdout = process.stdout.read()
code = process.wait()
reader.join()
json.dump({"code": code, "stdout": stdout.decode(), "shown": shown.decode(errors="replace")}, sys.stdout)
