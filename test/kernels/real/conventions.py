# SPDX-License-Identifier: GPL-2.0-only
"""A clone that counts as the function itself is called as the source says.

Truth: the last form of each function in which gcc still has types (-fdump-tree-optimized): the
parameters of NAME.isra are those of NAME in the source, and only the result may be gone.
"""
import os
import re
import tempfile

from truth import Check, Report, Tree, arguments, run


def dump_unit(tree, target, folder):
    """gcc's own words for each function of the unit, by symbol: result and parameters."""
    words = [w for w in tree.command(target) if not w.startswith('-Wp,-M')]
    words[words.index('-o') + 1] = os.path.join(folder, 'unit.o')
    run(*words, '-w', '-fdump-tree-optimized', tree=tree.path)
    dump = next(name for name in os.listdir(folder) if name.endswith('.optimized'))
    with open(os.path.join(folder, dump), encoding='utf-8') as file:
        text = file.read()
    found = {}
    for piece in re.split(r'^(?=;; Function )', text, flags=re.M)[1:]:
        head = re.match(r';; Function \S+ \(([^,]+),', piece)
        declaration = re.search(r'^(\S.*) \(([^()]*(?:\([^()]*\)[^()]*)*)\)\n\{', piece, re.M)
        if head and declaration:
            found[head[1]] = declaration[1], declaration[2]
    return found


def types_of(parameters):
    """The types in gcc's list of parameters, which has a name behind each; none for void."""
    types = []
    for part in parameters.split(', '):
        part = re.sub(r'\b(const|volatile|restrict|__restrict__) ?', '', part).strip()
        types.append(re.sub(r'\s*\b\w+$', '', part) if part != 'void' else '')
    return [t for t in types if t]


def source_types(signature):
    """The same of a type as the report has it."""
    inner = signature[signature.index('(') + 1:-1]
    types = [re.sub(r'\b(const|volatile|restrict) ?', '', part).strip() for part in inner.split(', ')]
    return [t for t in types if t and t != 'void']


def main():
    found = arguments('report')
    check, tree, report = Check('conventions'), Tree(found.tree), Report(found.report)
    alike, changed = [], []
    for function in report.functions:
        binary = function.get('binary', {})
        if not function['scheduler'] or not function.get('unit'):
            continue
        if '.' in (binary.get('symbol') or ''):
            alike.append(function)
        elif not binary.get('symbol') and binary.get('clones'):
            changed.append(function)
    units = sorted({f['unit'] for f in alike + changed})
    with tempfile.TemporaryDirectory() as work:
        dumps = {}
        for number, unit in enumerate(units):
            folder = os.path.join(work, str(number))
            os.mkdir(folder)
            dumps[unit] = dump_unit(tree, unit.removesuffix('.c') + '.o', folder)
    for function in alike:
        declared = dumps[function['unit']].get(function['binary']['symbol'])
        if check.expect(declared, f"{function['name']}: gcc's dump has no {function['binary']['symbol']}"):
            check.expect(types_of(declared[1]) == source_types(function['signature']),
                         f"{function['name']} is {function['signature']}, gcc has {function['binary']['symbol']} ({declared[1]})")
    check.expect(any(f['name'] == 'finish_task_switch' for f in alike), f'finish_task_switch is not among {[f["name"] for f in alike]}')
    check.finish(f'{len(alike)} clones that count as the function, {len(changed)} functions with changed clones only')


main()
