# SPDX-License-Identifier: GPL-2.0-only
"""The report is valid according to its schema, docs/boundary.schema.json."""
import json
import os
import sys

import jsonschema

import truth

SKIPPED = 77


def main():
    options = truth.arguments('report', 'schema')
    check = truth.Check('schema')
    if not os.path.exists(options.schema):
        print(f'skipped: no {options.schema}')
        sys.exit(SKIPPED)
    with open(options.schema, encoding='utf-8') as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    with open(options.report, encoding='utf-8') as file:
        report = json.load(file)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(report):
        place = '/'.join(str(part) for part in error.absolute_path)
        check.expect(False, f'{place}: {error.message[:300]}')
    check.finish(f"{sum(len(part) for part in report.values() if isinstance(part, list))} entries")


main()
