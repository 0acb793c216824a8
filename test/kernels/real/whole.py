# SPDX-License-Identifier: GPL-2.0-only
"""The graph of the whole kernel has every symbol that any object uses from another.

Truth: nm over all objects of which vmlinux is linked. Each symbol that an object compiled from C
leaves undefined, and that another such object defines, must be used in the report by a place in one
of the files from which the object was compiled (make's dependency lists). What no C text names is
exempt by its cause; each cause must occur.
"""
import collections
import json
import re
import subprocess
import tempfile

import truth

# symbols that the compiler, or assembly in macros, names and C text does not
BY_COMPILER = {'__fentry__', '__stack_chk_fail', '__stack_chk_guard', '__x86_return_thunk', 'memcpy', 'memset', 'memmove',
               'memcmp', 'strlen', 'strcpy', 'strcmp', 'strchr', '__popcountdi2', '__popcountsi2', '__hweight64', '__hweight32'}

# followed by the symbol's name, a number, and another for a static local
ADDRESSABLE = '__UNIQUE_ID___addressable_'


def read_uses(path):
    """By name of a function or variable, the files where it is used; and the sites that call
    through pv_ops.

    Read line by line, as the report is large.
    """
    files, names, array, sites = collections.defaultdict(set), {}, None, []
    with open(path, encoding='utf-8') as report:
        for line in report:
            if line.startswith('"'):
                array = line.split('"')[1]
            elif array and line.startswith('{'):
                entry = json.loads(line.rstrip().rstrip(','))
                if array in ('functions', 'variables'):
                    names[entry['id']] = entry['name']
                elif array in ('edges', 'references'):
                    files[entry['to']].add(entry['file'])
                elif array == 'sites' and entry.get('through', [''])[-1].endswith(':pv_ops'):
                    sites.append(entry)
    by_name = collections.defaultdict(set)
    for node, places in files.items():
        if node in names:
            by_name[names[node]] |= places
    return by_name, sites


def check_paravirt(check, tree, sites):
    """What the source stores in pv_ops is called, by assembly, where the member is.
    Returns the number checked."""
    if 'CONFIG_PARAVIRT=y' not in tree.config():
        check.expect(not sites, 'calls through pv_ops without CONFIG_PARAVIRT')
        return 0
    with open(f'{tree.path}/arch/x86/kernel/paravirt.c', encoding='utf-8') as file:
        table = file.read().split('pv_ops = {', 1)[1].split('\n};', 1)[0]
    checked = 0
    for group, member, function in re.findall(r'\.(\w+)\.(\w+)\s*=\s*(\w+),', table):
        for site in sites:
            if site['through'][0].endswith(f'.{member}') and site['through'][1].endswith(f'.{group}'):
                checked += 1
                # paravirt_nop is a cast of _paravirt_nop
                check.expect(any(target.endswith((f':{function}', f':_{function}')) for target in site.get('targets', ())),
                             f"{site['file']}:{site['line']}: {function} is in pv_ops.{group}.{member}, but no target")
    check.expect(checked > 3, f'only {checked} calls through pv_ops are checked')
    return checked


def main():
    options = truth.arguments('tool')
    tree, check = truth.Tree(options.tree), truth.Check('whole')
    with tempfile.TemporaryDirectory() as folder:
        path = f'{folder}/whole.json'
        subprocess.run([options.tool, '--kernel', tree.path, '--exhaustive', '--whole', '-q', '-o', path], check=True)
        used, paravirt = read_uses(path)
    compiled = {o for o in tree.objects if any(f.endswith('.c') for f in tree.inputs(o))}
    defined, wanted = {}, collections.defaultdict(set)
    for target, kind, name, _ in tree.symbols(tree.objects, '-g'):
        if kind in 'Uwv':
            wanted[target].add(name)
        elif target in compiled:
            defined[name] = target
    # __ADDRESSABLE(symbol) makes the compiler keep what only assembly names: exports,
    # static calls, PCI fixups
    marked = collections.defaultdict(list)
    for target, _, name, _ in tree.symbols(sorted(compiled)):
        if name.startswith(ADDRESSABLE):
            marked[target].append(name.removeprefix(ADDRESSABLE))
    counts = collections.Counter()
    for target in sorted(compiled):
        for name in sorted(wanted[target] & defined.keys()):
            if used[name] & tree.inputs(target):
                counts['found'] += 1
            elif any(re.fullmatch(re.escape(name) + r'\d+(\.\d+)?', mark) for mark in marked[target]):
                counts['by assembly'] += 1
            elif name in BY_COMPILER:
                counts['by the compiler'] += 1
            else:
                check.expect(False, f'{target} uses {name} of {defined[name]}: not in the graph')
    check.expect(counts['found'] > 10000, 'the truth is broken')
    for cause in ('by assembly', 'by the compiler'):
        check.expect(counts[cause], f'none {cause}: take it out')
    for cause, n in sorted(counts.items()):
        print(f'{n:6} {cause}')
    checked = check_paravirt(check, tree, paravirt)
    check.finish(f'{sum(counts.values())} pairs of object and symbol in {len(compiled)} objects, '
                 f'{checked} targets of calls through pv_ops')


main()
