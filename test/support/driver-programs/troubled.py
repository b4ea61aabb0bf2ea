"""The example driver in trouble: the file `trouble` beside the folder names which. For the driver contract."""

import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "../../../config/examples/drivers"))

import json_files  # noqa: E402


def trouble_of(folder):
    try:
        with open(folder + ".trouble", encoding="utf8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def respond(request):
    folder = request["settings"]["path"]
    trouble = trouble_of(folder)
    is_write = request["method"] == "apply"
    if trouble == "slow":
        # In a session of its own, so that it leaves the process group.
        subprocess.Popen(["sleep", "1000"], start_new_session=True)
        time.sleep(1000)
    if trouble == "too many requests" or trouble == "unavailable":
        raise json_files.Failure("busy", "not now")
    if trouble == "unauthorised":
        raise json_files.Failure("unauthorised", "who is this?")
    if trouble == "connection cut":
        raise json_files.Failure("unreachable", "the connection broke")
    if trouble == "garbage":
        print("<html>")
        sys.exit(0)
    if trouble == "lying success" and is_write:
        return {}
    if trouble == "answer lost" and is_write:
        json_files.answer(request)
        os.kill(os.getpid(), 9)
    if trouble == "partial failure" and is_write:
        locked = "Theme/default/b"
        request["params"]["changes"] = [c for c in request["params"]["changes"] if c["key"] != locked]
        json_files.answer(request)
        raise json_files.Failure("refused", "one was not taken", [{"key": locked, "message": "it is locked"}])
    return json_files.answer(request)


json_files.main(respond)
