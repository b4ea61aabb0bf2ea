#!/usr/bin/env python3
"""A driver for the `command` target (protocol honua-driver/1, docs/drivers.md): a folder elsewhere, kept by rsync.

settings: {"destination": "user@host:/srv/things" or "/srv/things", "options": ["--rsh=ssh -o BatchMode=yes"]}
Each call brings the folder here, works on the copy as json_files.py does, and, after an apply, brings back what changed. Files are
put in place one by one at the end of the transfer (--delay-updates), removals come last. Nothing stays here.
"""

import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import json_files  # noqa: E402
from json_files import Failure  # noqa: E402

# rsync's exit codes for what may pass: socket, timeout, vanished files, the remote shell.
LATER = {10, 12, 24, 30, 35, 255}
COMMON = ["rsync", "--recursive", "--times", "--checksum", "--timeout=60"]


def rsync(arguments):
    """Runs rsync; its own words are the reason when it fails."""
    done = subprocess.run(COMMON + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        words = done.stderr.decode("utf8", "replace").strip().splitlines()
        code = "unreachable" if done.returncode in LATER else "refused"
        raise Failure(code, f"rsync ended with {done.returncode}: {words[0] if words else 'no reason given'}")


def settings_of(request):
    destination = request["settings"].get("destination")
    options = request["settings"].get("options", [])
    if not isinstance(destination, str) or destination == "" or destination.startswith("-"):
        raise Failure("refused", "settings.destination is where rsync writes")
    if not all(isinstance(option, str) and option.startswith("--") for option in options):
        raise Failure("refused", "settings.options are rsync's long options")
    return destination.rstrip("/") + "/", options


def answer(request):
    destination, options = settings_of(request)
    if request["method"] == "act":
        raise Failure("unsupported", "it does no steps")
    if ":" not in destination:
        os.makedirs(destination, exist_ok=True)
    with tempfile.TemporaryDirectory() as copy:
        rsync([*options, "--", destination, copy + "/"])
        result = json_files.answer({**request, "settings": {"path": copy}})
        if request["method"] == "apply":
            rsync([*options, "--delay-updates", "--delete-delay", "--", copy + "/", destination])
        if request["method"] == "probe":
            result["description"] = f"JSON files at {destination}, by rsync"
            # Between the copy and the way back somebody may write; what they wrote would be lost.
            result["abilities"]["conditionalWrite"] = False
            # A backup of the copy would go with the copy.
            result["abilities"]["actions"] = []
    return result


if __name__ == "__main__":
    json_files.main(answer)
