# SPDX-License-Identifier: GPL-2.0-only
"""Every symbol that the built module leaves undefined is in vmlinux, and it is clear which one: by
nm and readelf alone.

Either vmlinux exports it, or vmlinux has exactly one symbol of that name, or the module's own table
(section .comment.plugsched) gives name and position. The interface table is compared with the
report and vmlinux's symbols.
"""
import collections
import os
import re
import subprocess
import tempfile

from truth import Check, Report, arguments, run


def vmlinux_symbols(tree):
    """name -> addresses in ascending order, as kallsyms counts positions."""
    found = collections.defaultdict(list)
    for line in run('nm', '-n', os.path.join(tree, 'vmlinux')).splitlines():
        words = line.split()
        if len(words) == 3:
            found[words[2]].append(words[0])
    return found


def exports(tree):
    with open(os.path.join(tree, 'Module.symvers'), encoding='utf-8') as file:
        return {line.split('\t')[1] for line in file}


def text_of(module, section):
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(['objcopy', '-O', 'binary', f'--only-section={section}', '--set-section-flags', f'{section}=alloc',
                        module, out.name], check=True)
        return out.read().decode('ascii')


def table_of(module):
    lines = (line.split('\t') for line in text_of(module, '.comment.plugsched').splitlines())
    return {label: (name, int(position)) for label, name, position in lines}


def check_undefined(check, module, symbols, exported, table):
    # the last link defines __this_module
    undefined = [line.split() for line in run('nm', '-u', module).splitlines() if not line.endswith(' __this_module')]
    counts = collections.Counter()
    for kind, name in undefined:
        if kind == 'w' and not symbols[name.removeprefix('__vmlinux_')]:
            counts['weak and not in vmlinux'] += 1
        elif name in table:
            counts['by the table'] += 1
        elif re.fullmatch(r'plugsched_\d+_[0-9a-f]+', name):
            counts['of the core'] += 1
        elif name in exported:
            counts['exported'] += 1
        else:
            check.expect(len(symbols[name]) == 1, f'{name}: vmlinux has {len(symbols[name])} of that name, and the table is silent')
            counts['unique'] += 1
    return counts


def check_static_calls(check, module, symbols):
    """A static call is a key and a trampoline. One that belongs to vmlinux must be changed in
    vmlinux and not in a copy."""
    own = [line.split()[-1] for line in run('nm', '--defined-only', module).splitlines()]
    for name in own:
        check.expect(not re.match('__SC[KT]__', name) or name not in symbols, f'{name} is vmlinux\'s and the module\'s')


def check_table(check, symbols, table):
    for label, (name, position) in table.items():
        n = len(symbols[name])
        if position:
            check.expect(n > 1 and position <= n, f'{label}: {name} {position}, vmlinux has {n}')
        else:
            check.expect(n == 1, f'{label}: {name} is to be unique, vmlinux has {n}')


def is_method_only(report, function):
    """True if the function is entered only through the scheduling classes, whose contents the module replaces."""
    uses = [(use['kind'], report.nodes[use['from']] if use['from'] else {}) for use in report.uses_of[function['id']]]
    return function['reason'] == 'sched-class' and not any(
        kind == 'call' and user.get('class') == 'external' and not report.is_freed(user['id']) or
        kind == 'address' and not user.get('type', '').endswith('struct sched_class') for kind, user in uses)


def check_interface(check, folder, report, symbols):
    with open(os.path.join(folder, 'interface.h'), encoding='utf-8') as file:
        rows = re.findall(r'^PLUGSCHED_(?:INTERFACE|SPRINGBOARD)\((\w+), 0x([0-9a-f]+), (\d+), \w+\)$', file.read(), re.M)
    wanted = {f['name']: int(f['binary']['address'], 16) for f in report.functions
              if f['scheduler'] and f['class'] == 'interface' and f.get('binary', {}).get('symbol') and
              not is_method_only(report, f)}
    # a clone that is called as the source says counts as the function
    names = {int(f['binary']['address'], 16): f['binary']['symbol'] for f in report.functions if f['name'] in wanted and f['scheduler']}
    # of several names at one place one has the row
    check.expect({name for name, _, _ in rows} <= set(wanted) and len(rows) == len(set(wanted.values())) and
                 {wanted.get(name) for name, _, _ in rows} == set(wanted.values()), 'the interface table is not the report\'s set')
    for name, offset, _ in rows:
        symbol = names[wanted[name]]
        check.expect(f"{int(symbols['_text'][0], 16) + int(offset, 16):016x}" in symbols[symbol], f'{symbol} is not at _text + 0x{offset}')
    return len(rows)


def check_text(check, folder, report, tree):
    """The replaced code, by nm's addresses and sizes, with everything that
    vmlinux has as NAME.suffix."""
    with open(os.path.join(folder, 'text.h'), encoding='utf-8') as file:
        rows = re.findall(r'^PLUGSCHED_TEXT(?:_SPRINGBOARD)?\("(\S+)", 0x([0-9a-f]+), 0x([0-9a-f]+)\)$', file.read(), re.M)
    rows = {(name, int(offset, 16), int(size, 16)) for name, offset, size in rows}
    words = [line.split() for line in run('nm', '-S', os.path.join(tree, 'vmlinux')).splitlines()]
    base = next(int(word[0], 16) for word in words if word[-1] == '_text')
    known = {(word[3], int(word[0], 16) - base, int(word[1], 16)) for word in words if len(word) == 4 and word[2] in 'tTwW'}
    check.expect(rows <= known, f'not in vmlinux: {sorted(rows - known)[:5]}')
    moving = {f['name']: f for f in report.functions if f['scheduler'] and f['class'] != 'external'}
    staying = {f['name'] for f in report.functions if f['scheduler'] and f['class'] == 'external'} - set(moving)
    offsets = {offset for _, offset, _ in rows}
    listed = {name for name, offset, _ in known if offset in offsets}
    for name in {symbol for symbol, _, _ in known}:
        plain = name.split('.')[0]
        # without any of these the symbol belongs to a namesake
        binary = moving.get(plain, {}).get('binary', {})
        if binary.get('symbol') or name != plain and (binary.get('clones') or binary.get('cold')):
            check.expect(name in listed, f'{name} is replaced and not in text.h')
        check.expect(plain not in staying or name not in listed, f'{name} stays and is in text.h')
    check.expect(len(offsets) == len(rows), 'two pieces begin at one place')
    return len(rows)


def main():
    found = arguments('report', 'out')
    check = Check('symbols')
    module = os.path.join(found.out, 'scheduler.o')
    symbols, table = vmlinux_symbols(found.tree), table_of(module)
    counts = check_undefined(check, module, symbols, exports(found.tree), table)
    check_table(check, symbols, table)
    check_static_calls(check, module, symbols)
    pieces = check_text(check, found.out, Report(found.report), found.tree)
    rows = check_interface(check, found.out, Report(found.report), symbols)
    check.finish(f'{sum(counts.values())} undefined symbols: ' + ', '.join(f'{n} {what}' for what, n in counts.items()) +
                 f'; {len(table)} rows in the table, {rows} interface functions, {pieces} pieces of code')


if __name__ == '__main__':
    main()
