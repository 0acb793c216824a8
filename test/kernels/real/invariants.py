# SPDX-License-Identifier: GPL-2.0-only
"""The report keeps the boundary's own rules (FIELD-NOTES, section 3) and is consistent in itself.

Truth: the definitions, computed plainly from the report's nodes and uses; System.map for symbols.
"""
import collections
import json
import os

import truth

REASONS = {
    'interface': {'called-from-outside', 'called-by-external', 'address-taken', 'sched-class', 'syscall', 'exported', 'marked-used',
                  'named-by-object', 'springboard', 'forced-interface'},
    'internal': {'callers-inside', 'unused'},
    'external': {'forced-external', 'init-text', 'overridden', 'noinstr', 'noreturn', 'thread', 'waits', 'no-symbol',
                 'abi-changed', 'too-short', 'patched', 'inlined-outside', 'clone-called', 'same-place'},
}
KINDS = {'functions': 0, 'variables': 1, 'members': 2}


def describe(use):
    return f"{use['kind']} of {use['to']} by {use['from']} at {use['file']}:{use['line']}"


def check_form(check, report):
    """Ids, ends of uses, sentences, order, counts."""
    kinds = {}
    for array, kind in KINDS.items():
        nodes = report.json[array]
        for node in nodes:
            check.expect(node['id'] not in kinds, f"{node['id']} is an id twice")
            kinds[node['id']] = kind
            check.expect(node['why'].startswith(node['class'] + ': '), f"{node['id']}: why is {node['why']!r}")
            check.expect(node.get('via') is None or node['via'] in report.nodes, f"{node['id']}: unknown via")
        keys = [(n['file'], n['line'], n['name']) for n in nodes]
        check.expect(keys == sorted(keys), f'{array} are not sorted by file, line, name')
        counts = collections.Counter(n['class'] for n in nodes)
        told = report.json['counts'][array]
        check.expect(counts == told, f'{array}: counted {told}, are {dict(counts)}')
    for use in report.all_uses:
        check.expect(use['to'] in kinds, f'{describe(use)}: unknown target')
        is_object = use['from'] is None and use['kind'] == 'object'
        check.expect(is_object or use['from'] in kinds, f'{describe(use)}: unknown source')
    for array in ('edges', 'references'):
        keys = [(kinds.get(u['from'], -1), u['from'] or '', u['file'], u['line']) for u in report.json[array]]
        check.expect(keys == sorted(keys), f'{array} are not sorted by source and place')
        shown = collections.Counter(json.dumps(u, sort_keys=True) for u in report.json[array])
        check.expect(max(shown.values()) == 1, f'{array}: the same use twice: {shown.most_common(1)}')
    for node in report.nodes.values():
        outside = sum(report.is_outside(u) for u in report.uses_of[node['id']])
        inside = len(report.uses_of[node['id']]) - outside
        check.expect((inside, outside) == (node['uses_inside'], node['uses_outside']),
                     f"{node['id']}: uses {inside} inside and {outside} outside, not as it says")


def is_module(report, name):
    """True if an end of a use is a function that the module replaces: interface or internal."""
    node = report.nodes.get(name)
    return node is not None and node['class'] != 'external' and node['scheduler']


def check_functions(check, report, symbols, freed):
    for node in report.functions:
        if not node['scheduler']:
            check.expect((node['class'], node['reason']) == ('external', 'outside'), f"{node['id']}: {node['why']}")
            continue
        check.expect(node['reason'] in REASONS[node['class']], f"{node['id']} is {node['class']} by {node['reason']}")
        binary = node.get('binary', {})
        symbol = binary.get('symbol')
        check.expect(not symbol or (int(binary['address'], 16), symbol) in symbols,
                     f"{node['id']}: System.map has no such symbol")
        is_freed = bool(symbol) and int(binary['address'], 16) in freed
        check.expect(not symbol or is_freed == ('init' in binary.get('flags', ())), f"{node['id']}: freed after boot or not?")
        if node['class'] == 'interface':
            check.expect(symbol or node['reason'] == 'sched-class', f"{node['id']} is interface without a symbol")
        if node['class'] == 'internal':
            check.expect(not node.get('objects'), f"{node['id']} is internal, objects outside name it")
            check.expect(node['reason'] == 'callers-inside' or not report.uses_of[node['id']], f"{node['id']} is used")
            for use in report.uses_of[node['id']]:
                is_kind = use['kind'] in ('call', 'clone') or (use['kind'] == 'address' and not symbol)
                is_inside = is_module(report, use['from']) or (use['kind'] == 'call' and report.is_freed(use['from']))
                check.expect(is_kind and is_inside, f'an internal function: {describe(use)}')
        for holder in node.get('inlined_into', ()):
            found = report.nodes.get(holder)
            if not check.expect(found, f"{node['id']}: unknown holder {holder}") or node['class'] == 'external':
                continue
            stays = found['class'] == 'external' and found['reason'] not in ('init-text', 'overridden')
            check.expect(not stays, f"{node['id']} is {node['class']}, but {holder} holds a copy")


def check_data(check, report):
    for node in report.variables + report.members:
        check.expect(node['class'] in ('internal', 'external'), f"{node['id']} is {node['class']}")
        if node['class'] == 'internal':
            check.expect(not node.get('objects'), f"{node['id']} is internal, objects outside name it")
            for use in report.uses_of[node['id']]:
                is_over = use['kind'] in ('read', 'write', 'read-write') and report.is_freed(use['from'])
                check.expect(use['from'] and (is_over or report.nodes[use['from']]['class'] != 'external'),
                             f'internal data: {describe(use)}')


def main():
    options = truth.arguments('report')
    report, check = truth.Report(options.report), truth.Check('invariants')
    with open(os.path.join(options.tree, 'System.map'), encoding='utf-8') as file:
        symbols = {(int(address, 16), name) for address, _, name in (line.split() for line in file)}
    check.expect(report.json['complete'] and not report.json['problems'], f"incomplete: {report.json['problems'][:3]}")
    check_form(check, report)
    places = {name: address for address, name in symbols}
    check_functions(check, report, symbols, range(places['__init_begin'], places['__init_end']))
    check_data(check, report)
    task = report.scheduler('finish_task_switch')
    check.expect(len(task) == 1 and task[0]['class'] == 'interface' and task[0]['binary']['symbol'].startswith('finish_task_switch'),
                 f'finish_task_switch is to be interface, under whichever name: {[n["why"] for n in task]}')
    check.finish(f'{len(report.nodes)} nodes and {len(report.uses)} uses')


main()
