#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares the four formats of one answer: formats.py SCHEMA STEM

STEM.json must match the schema. STEM.graphml, read by networkx, and STEM.dot, read by Graphviz,
must be the graph of STEM.json; STEM.text must be its rows. Prints what is wrong and exits 1.
"""
import collections
import json
import subprocess
import sys

import networkx
from jsonschema import Draft202012Validator

CONTROL = {c: '?' for c in [*range(32), 127]}


def clean(text):
    return text.translate(CONTROL)


def check_json(schema, answer):
    for error in list(Draft202012Validator(schema).iter_errors(answer))[:5]:
        yield f'json: {error.json_path}: {error.message[:200]}'
    ids = [n['id'] for n in answer['nodes']]
    if len(ids) != len(set(ids)):
        yield 'json: an id twice'
    for edge in answer['edges']:
        if edge['from'] not in ids or edge['to'] not in ids:
            yield f'json: an end of {edge} is no node'
    for row in answer['rows']:
        if row.get('node', ids[0] if ids else None) not in (ids or [None]):
            yield f'json: the node of {row} is missing'
        if row.get('edge', -1) >= len(answer['edges']):
            yield f'json: the edge of {row} is missing'


def check_text(answer, text):
    wanted = [' ' * 2 * row['depth'] + clean(row['text']) for row in answer['rows']]
    if [line for line in text.split('\n') if line] != wanted:
        yield 'text: not the rows of the JSON'


def shape(edges):
    return collections.Counter((clean(e['from']), clean(e['to']), e['kind'], e.get('file', ''), e.get('line', 0))
                               for e in edges)


def check_graphml(answer, path):
    graph = networkx.read_graphml(path, force_multigraph=True)
    names = {n: data['entry'] for n, data in graph.nodes(data=True)}
    if any('id' in data for _, data in [*graph.nodes(data=True), *((None, e) for _, _, e in graph.edges(data=True))]):
        yield 'graphml: an attribute is called id, which readers take for the identifier'
    for number, node in enumerate(answer['nodes']):
        got = graph.nodes.get(f'n{number}')
        wanted = {key: clean(value) if isinstance(value, str) else value for key, value in node.items()}
        wanted |= {'entry': wanted.pop('id'), 'label': wanted['name']}
        if got != wanted:
            yield f'graphml: node {got} instead of {wanted}'
    if len(graph) != len(answer['nodes']):
        yield 'graphml: another number of nodes'
    edges = [dict(data, **{'from': names[a], 'to': names[b]}) for a, b, data in graph.edges(data=True)]
    if shape(edges) != shape(answer['edges']):
        yield 'graphml: other edges'
    if any(edge.get('label') != edge['kind'] for edge in edges):
        yield 'graphml: an edge has no label'


def check_dot(answer, path):
    done = subprocess.run(('dot', '-Tjson0', path), capture_output=True, text=True)
    if done.returncode or done.stderr:
        yield f'dot: {done.stderr[:300]}'
        return
    graph = json.loads(done.stdout)
    objects = graph.get('objects', [])
    if [o['label'].replace('\\\\', '\\') for o in objects] != [clean(n['name']) for n in answer['nodes']]:
        yield 'dot: other nodes'
    ids = [n['id'] for n in answer['nodes']]
    got = collections.Counter((ids[e['tail']], ids[e['head']], e['label']) for e in graph.get('edges', []))
    if got != collections.Counter((e['from'], e['to'], e['kind']) for e in answer['edges']):
        yield 'dot: other edges'


def main(schema_path, stem):
    with open(schema_path, encoding='utf-8') as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    with open(stem + '.json', encoding='utf-8') as file:
        answer = json.load(file)
    with open(stem + '.text', encoding='utf-8') as file:
        text = file.read()
    faults = [*check_json(schema, answer), *check_text(answer, text), *check_graphml(answer, stem + '.graphml'),
              *check_dot(answer, stem + '.dot')]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
