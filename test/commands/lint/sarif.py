#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks SARIF files against sarif.schema.json: the part of SARIF 2.1.0 that is written, without further keys.

    sarif.py FILE...

Also checks what a schema cannot: each result's rule is the one at its index, and paths are relative only to a base.
"""
import json
import sys
from pathlib import Path

import jsonschema

SCHEMA = Path(__file__).resolve().parent / 'sarif.schema.json'


def faults(log, schema):
    validator = jsonschema.Draft7Validator(schema)
    yield from (f'{"/".join(map(str, error.path))}: {error.message[:200]}' for error in validator.iter_errors(log))
    for run in log['runs']:
        rules = [rule['id'] for rule in run['tool']['driver']['rules']]
        if len(set(rules)) != len(rules):
            yield f'a rule is there twice: {rules}'
        prints = [json.dumps(result['partialFingerprints']) for result in run['results']]
        if len(set(prints)) != len(prints):
            yield 'two results have one fingerprint'
        for result in run['results']:
            if rules[result['ruleIndex']] != result['ruleId']:
                yield f'ruleIndex {result["ruleIndex"]} is not {result["ruleId"]}'
            for place in result['locations'] + result.get('relatedLocations', []):
                artifact = place['physicalLocation']['artifactLocation']
                if artifact['uri'].startswith('file:///') == ('uriBaseId' in artifact):
                    yield f'neither absolute nor with a base, or both: {artifact}'


def main():
    with open(SCHEMA, encoding='utf-8') as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    wrong = 0
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            for fault in faults(json.load(file), schema):
                print(f'{path}: {fault}')
                wrong += 1
    return 1 if wrong or len(sys.argv) < 2 else 0


if __name__ == '__main__':
    sys.exit(main())
