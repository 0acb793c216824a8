#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks reports against a JSON Schema, and checks that the schema notices damage.

    schema.py SCHEMA REPORT...

Each report must be valid. Then a small copy of it (a few entries of each array) is damaged in one
place at a time, and each damaged copy must be invalid. Every object in the schema must be closed
and every key described. Prints what is wrong and exits 1, or prints nothing and exits 0.
"""
import copy
import json
import sys

from jsonschema import Draft202012Validator

ARRAYS = ("functions", "variables", "records", "members", "instances", "edges", "references", "sites")

# What is done to the first entry that has all the keys in the path; None removes the key.
DAMAGE = [
    (("schema",), "boundary"),
    (("version",), 1),
    (("version",), "1"),
    (("tool", "version"), None),
    (("kernel", "build_id"), "not hex"),
    (("kernel", "config_hash"), "00"),
    (("complete",), "yes"),
    (("problems",), [{"code": "new", "file": "x", "message": "y"}]),
    (("problems",), None),
    (("unknown",), 1),
    (("counts", "functions", "external"), -1),
    (("counts", "variables", "interface"), 1),
    (("functions", 0, "name"), None),
    (("functions", 0, "file"), ""),
    (("functions", 0, "line"), -1),
    (("functions", 0, "line"), "12"),
    (("functions", 0, "class"), "inside"),
    (("functions", 0, "reason"), "because"),
    (("functions", 0, "reason"), None),
    (("functions", 0, "why"), "no class at its beginning"),
    (("functions", 0, "why"), None),
    (("functions", 0, "id"), "without-a-colon"),
    (("functions", 0, "unknown"), 1),
    (("functions", 0, "linkage"), "weak"),
    (("functions", 0, "attributes"), ["inline", "inline"]),
    (("functions", 0, "attributes"), ["fast"]),
    (("functions", 0, "binary"), {"symbol": None, "address": "0x1"}),
    (("functions", 0, "binary"), {"symbol": "f"}),
    (("functions", 0, "binary"), {"symbol": "f", "address": 4096, "size": 1}),
    (("records", 0, "reason"), "waits"),
    (("records", 0, "reason"), None),
    (("instances",), None),
    (("instances", 0, "kind"), "heap"),
    (("instances", 0, "by"), None),
    (("instances", 0, "source"), ""),
    (("variables", 0, "class"), "interface"),
    (("variables", 0, "type"), None),
    (("variables", 0, "storage"), "copied"),
    (("records", 0, "kind"), "class"),
    (("records", 0, "size"), 1.5),
    (("members", 0, "offset_bits"), None),
    (("members", 0, "width_bits"), 0),
    (("edges", 0, "from"), None),
    (("edges", 0, "kind"), "read"),
    (("edges", 0, "line"), None),
    (("edges", 0, "detail"), ""),
    (("references", 0, "kind"), "call"),
    (("references", 0, "to"), 7),
    (("references", 0), {"from": "a.c:f", "to": "a.c:v", "kind": "object", "file": "a.o", "line": 0}),
    (("references", 0), {"from": None, "to": "a.c:v", "kind": "read", "file": "a.c", "line": 1}),
    (("references",), {}),
    (("kernel", "vmlinux"), None),
    (("edges", 0, "flags"), []),
    (("edges", 0, "flags"), ["fast"]),
    (("edges", 0, "order"), -1),
    (("edges", 0, "handed_to"), "without-a-colon"),
    (("functions", 0, "unknown_calls"), []),
    (("sites",), None),
    (("sites",), [{"from": "a.c:f", "file": "a.c", "line": 1, "signature": "", "layer": "guess"}]),
    (("sites",), [{"from": "a.c:f", "file": "a.c", "line": 1, "signature": "", "layer": "member", "targets": ["f"]}]),
]


def small(report):
    """The report with the first entries of each array only."""
    return {key: value[:3] if key in ARRAYS else value for key, value in report.items()}


def damaged(report, path, value):
    result = copy.deepcopy(report)
    place = result
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return result


def loose_ends(schema, path="#"):
    """The objects of the schema that are open, and the keys without a description."""
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from loose_ends(item, f"{path}/{index}")
        return
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield f"{path}: takes any key"
        for key, value in schema.get("properties", {}).items():
            if not value.get("description", "").endswith("."):
                yield f"{path}/properties/{key}: no sentence describes it"
    for key, value in schema.items():
        yield from loose_ends(value, f"{path}/{key}")


def check_report(validator, name):
    with open(name, encoding="utf-8") as file:
        report = json.load(file)
    for error in list(validator.iter_errors(report))[:5]:
        yield f"{name}: {error.json_path}: {error.message[:200]}"
    sample = small(report)
    for path, value in DAMAGE:
        if validator.is_valid(damaged(sample, path, value)):
            yield f"{name}: damage at {path} ({value!r}) goes unnoticed"


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    faults = list(loose_ends(schema))
    for name in arguments[1:]:
        faults += check_report(validator, name)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
