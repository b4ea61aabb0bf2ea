#!/usr/bin/env python3
"""A driver for the `command` target (protocol honua-driver/1, docs/drivers.md): one JSON file a resource, in a folder.

settings: {"path": "/srv/things"}       the folder; it is made when it is not there
It can do one step of a topology, `create-backup`: a copy of the folder beside it, in <path>.backups.
The file of a resource is <kind>/<namespace>/<name>.json, each part percent-encoded. Its version is the digest of its bytes, so a
change made by hand is noticed. Copy it as a start for a driver of your own; `honua driver test` says whether yours keeps the protocol.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from urllib.parse import quote

PROTOCOL = "honua-driver/1"


class Failure(Exception):
    """What the program tells instead of a result: a code of the protocol, words, and the resources that did not land."""

    def __init__(self, code, message, failures=()):
        super().__init__(message)
        self.code = code
        self.failures = list(failures)


def file_of(folder, key):
    """Where a resource is kept. A leading dot would hide it, or lead out of the folder."""
    parts = [quote(part, safe=" ") for part in key.split("/", 2)]
    kind, namespace, name = ["%2E" + part[1:] if part.startswith(".") else part for part in parts]
    return os.path.join(folder, kind, namespace, name + ".json")


def read(path):
    """The resource in a file with its version; None when there is no file."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    resource = json.loads(text)
    resource["version"] = hashlib.sha256(text).hexdigest()
    return resource


def observe(folder):
    """Everything the folder holds. A file that cannot be read is a failure, never a smaller answer."""
    found = []
    for where, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".json"):
                found.append(read(os.path.join(where, name)))
    return {"resources": [resource for resource in found if resource is not None]}


def stale_in(folder, changes):
    """The changes whose resource is neither as it was observed nor as it is to be."""
    moved = []
    for change in changes:
        live = read(file_of(folder, change["key"]))
        if (live and live["version"]) != change["version"]:
            moved.append({"key": change["key"], "message": "it has changed since it was observed"})
    return moved


def write(path, resource):
    """Puts the whole file there in one step: a reader sees the old one or the new one."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = json.dumps(resource, ensure_ascii=True, sort_keys=True, indent=1)
    handle, draft = tempfile.mkstemp(dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def apply(folder, changes):
    """Looks first, then writes in the order given."""
    moved = stale_in(folder, changes)
    if moved:
        raise Failure("stale", "the folder has changed", moved)
    for change in changes:
        path = file_of(folder, change["key"])
        if change["action"] == "delete":
            os.unlink(path)
        else:
            write(path, change["resource"])
    return {}


def dry_run(folder, changes):
    """What would not be taken, and why."""
    too_long = [change["key"] for change in changes if len(os.path.basename(file_of(folder, change["key"]))) > 255]
    return {"refusals": [{"key": key, "message": "its name is too long for a file"} for key in too_long]}


def back_up(folder, key):
    """A copy under a name made of the key: asked again with the same key, it is there already."""
    name = hashlib.sha256(key.encode()).hexdigest()[:16]
    backups = folder.rstrip("/") + ".backups"
    copy = os.path.join(backups, name)
    if os.path.isdir(copy):
        return {"message": f"backup {name} is there already"}
    os.makedirs(folder, exist_ok=True)
    os.makedirs(backups, exist_ok=True)
    draft = tempfile.mkdtemp(prefix=".draft-", dir=backups)
    try:
        shutil.copytree(folder, draft, dirs_exist_ok=True)
        os.rename(draft, copy)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return {"message": f"backup {name}"}


def act(folder, params):
    """Steps of a topology, by name."""
    if params["action"] != "create-backup":
        raise Failure("unsupported", f"no step {params['action']}")
    return back_up(folder, params["idempotencyKey"])


def probe(folder):
    return {
        "description": f"JSON files in {folder}",
        "abilities": {
            "delete": "delete",
            "fixed": [],
            "conditionalWrite": True,
            "transactional": False,
            "dryRun": True,
            "exclusive": False,
            "actions": ["create-backup"],
        },
    }


def answer(request):
    """The result of one request. Fields that are not known are left alone: later versions may add some."""
    if request.get("protocol") != PROTOCOL:
        raise Failure("unsupported", f"this program speaks {PROTOCOL}")
    folder = request["settings"].get("path")
    if not isinstance(folder, str) or not os.path.isabs(folder):
        raise Failure("refused", "settings.path is the absolute path of a folder")
    changes = request["params"].get("changes", [])
    methods = {
        "probe": lambda: probe(folder),
        "observe": lambda: observe(folder),
        "dryRun": lambda: dry_run(folder, changes),
        "apply": lambda: apply(folder, changes),
        "act": lambda: act(folder, request["params"]),
        "health": lambda: {"healthy": True},
    }
    if request["method"] not in methods:
        raise Failure("unsupported", f"no method {request['method']}")
    return methods[request["method"]]()


def main(respond=answer):
    """One request on standard input, one answer on standard output; what is said on standard error goes to people."""
    try:
        told = {"result": respond(json.load(sys.stdin))}
    except Failure as failure:
        told = {"error": {"code": failure.code, "message": str(failure), "failures": failure.failures}}
    except OSError as error:
        told = {"error": {"code": "refused", "message": f"{error.filename}: {error.strerror}"}}
    json.dump({"protocol": PROTOCOL, **told}, sys.stdout)


if __name__ == "__main__":
    main()
