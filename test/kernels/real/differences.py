# SPDX-License-Identifier: GPL-2.0-only
"""plugsched-graph diff between two real kernels.

    differences.py --tool PLUGSCHED-GRAPH --old REPORT --new REPORT

Truth: the two reports' tables, compared by dictionaries of ids, then of ids without their files.
"""
import argparse
import collections
import json
import subprocess
import sys

ARRAYS = {'functions': 'function', 'variables': 'variable', 'members': 'member'}


def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def entries(report, array):
    return {node['id']: node for node in report[array]}


def bare(node):
    return node['id'][len(node['file']) + 1:]


def pairs(old, new):
    """(old, new) for each entry that both reports have."""
    found = [(old[name], new[name]) for name in old.keys() & new.keys()]
    lefts, rights = collections.defaultdict(list), collections.defaultdict(list)
    for name in old.keys() - new.keys():
        lefts[bare(old[name])].append(old[name])
    for name in new.keys() - old.keys():
        rights[bare(new[name])].append(new[name])
    moved = [(lefts[name][0], rights[name][0]) for name in lefts.keys() & rights.keys()
             if len(lefts[name]) == len(rights[name]) == 1]
    return found + moved


def expected(old, new):
    """(change, kind, id) for each difference."""
    for array, kind in ARRAYS.items():
        lefts, rights = entries(old, array), entries(new, array)
        both = pairs(lefts, rights)
        for node in lefts.keys() - {left['id'] for left, _ in both}:
            if lefts[node]['scheduler']:
                yield 'left', kind, node
        for node in rights.keys() - {r['id'] for _, r in both}:
            if rights[node]['scheduler']:
                yield 'entered', kind, node
        for left, right in both:
            if not (left['scheduler'] or right['scheduler'] or kind == 'member'):
                continue
            for change, differ in (('class', left['class'] != right['class']), ('file', left['file'] != right['file']),
                                   ('signature', left.get('signature') != right.get('signature')),
                                   ('type', left.get('type') != right.get('type')),
                                   ('offset', (left.get('offset_bits'), left.get('width_bits')) !=
                                    (right.get('offset_bits'), right.get('width_bits')))):
                if differ:
                    yield change, kind, right['id']


def main():
    parser = argparse.ArgumentParser()
    for name in ('tool', 'old', 'new'):
        parser.add_argument('--' + name, required=True)
    options = parser.parse_args()
    done = subprocess.run((options.tool, options.old, 'diff', options.new, '--json'), capture_output=True, text=True)
    rows = [r for r in json.loads(done.stdout)['rows'] if 'id' in r.get('values', {})]
    got = collections.Counter((r['role'], r['values']['kind'], r['values']['id']) for r in rows if r['values']['kind'] != 'record')
    wanted = collections.Counter(expected(load(options.old), load(options.new)))
    for change in list((wanted - got).items())[:10]:
        print('WRONG: missing', change)
    for change in list((got - wanted).items())[:10]:
        print('WRONG: too many', change)
    print(f'differences: {sum(wanted.values())} changes')
    sys.exit(1 if got != wanted or done.returncode != 1 or not wanted else 0)


main()
