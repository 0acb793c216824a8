#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Extracts the fixture kernel's scheduler and compares the result with what its sources expect.

    check.py ANALYZER EXTRACTOR KERNEL [--print]

Each source ends in a comment block behind a line "// extracted:". The block lists the lines that
the edits remove and add, "// -OLD" and "// +NEW", in order and without the last include; it is
empty if nothing else changes. --print shows what the blocks should be. A source without a block, or
with a line of another form in it, fails. In addition: patch reverses the edits to the same bytes;
every unit compiles with the kernel's own command and -Wall without a warning; what the objects
leave undefined is in vmlinux: unique there, or listed in symbols.h; and the tables of replaced code,
of jumps and of names agree with vmlinux's symbols.
"""
import collections
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCHED = 'kernel/sched'
# the fixture's command lines disable all warnings; those that stay disabled here are provoked on
# purpose by its sources
WARNINGS = ['-Wall', '-Werror', '-Wno-unused-variable', '-Wno-main']


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{shlex.join(map(str, command))}: {done.stdout}{done.stderr}')
    return done.stdout


def expected(path, problems):
    """The block at the end of a source."""
    lines = path.read_text().splitlines()
    if '// extracted:' not in lines:
        problems.append(f'{path.name}: no block "// extracted:"')
        return []
    block = lines[lines.index('// extracted:') + 1:]
    for line in block:
        if not re.match(r'// [-+]', line):
            problems.append(f'{path.name}: not understood: {line}')
    return [line[3:] for line in block]


def found(record):
    """By file, the lines removed and added, from the diffs in EXTRACTED.md. Where vmlinux has a string
    depends on the link: OFFSET stands for that."""
    changes, name = collections.defaultdict(list), None
    in_diff = False
    for line in record.read_text().splitlines():
        if line.startswith('```'):
            in_diff = line == '```diff'
        elif in_diff and line.startswith('--- '):
            name = os.path.basename(line[4:])
        elif in_diff and re.match(r'[-+]', line) and not line.startswith('+++ '):
            changes[name].append(re.sub(r'(vmlinux_string\("[^"]*", )0x[0-9a-f]+', r'\1OFFSET', line))
    for lines in changes.values():
        if lines[-2:] == ['+', '+#include "boundary.h"']:
            del lines[-2:]
    return changes


def check_expectations(kernel, out, problems, is_printing):
    changes = found(out / 'EXTRACTED.md')
    for path in sorted((kernel / SCHED).glob('*.[ch]')):
        lines = changes.get(path.name, [])
        if is_printing:
            print(f'== {path.name}')
            print('\n'.join('// ' + line for line in lines))
            continue
        wanted = expected(path, problems)
        if lines != wanted:
            for sign, left, right in (('expected', wanted, lines), ('found', lines, wanted)):
                extra = collections.Counter(left) - collections.Counter(right)
                problems += [f'{path.name}: only {sign}: {line}' for line in extra]
            if collections.Counter(lines) == collections.Counter(wanted):
                problems.append(f'{path.name}: the lines come in another order')


def check_round_trip(kernel, out, work, problems):
    copy = work / 'copy'
    run('cp', '-r', out, copy)
    done = subprocess.run("sed -n '/^```diff$/,/^```$/{/^```/d;p}' EXTRACTED.md | patch -s -R -p0", shell=True, cwd=copy,
                          capture_output=True, text=True)
    if done.returncode:
        problems.append(f'patch: {done.stdout}{done.stderr}')
    for path in (kernel / SCHED).glob('*.[ch]'):
        if (copy / path.name).read_bytes() != path.read_bytes():
            problems.append(f'{path.name}: patch does not give the original back')


def compile_unit(kernel, out, unit, problems):
    line = (kernel / SCHED / f'.{unit}.o.cmd').read_text().splitlines()[0]
    words = shlex.split(line.split(' := ', 1)[1])[:-1]
    command = [w for w in words if not w.startswith('-Wp,') and w not in ('-w', '-c')]
    at = command.index('-o')
    del command[at:at + 2]
    command += WARNINGS + ['-include', str(out / 'plugsched.h'), f'-I{SCHED}', f'-DPLUGSCHED_UNIT={unit}', f'-DPLUGSCHED_UNIT_{unit}',
                           '-c', '-o', str(out / f'{unit}.o'), str(out / f'{unit}.c')]
    done = subprocess.run(command, cwd=kernel, capture_output=True, text=True)
    if done.returncode:
        problems.append(f'{unit}: {done.stderr}')


def check_symbols(kernel, out, units, problems):
    in_vmlinux = collections.Counter(line.split()[-1] for line in run('nm', kernel / 'vmlinux').splitlines())
    table = {label for label in re.findall(r'^PLUGSCHED_SYMBOL\("([^"]+)"', (out / 'symbols.h').read_text(), re.M)}
    defined, undefined = set(), set()
    for unit in units:
        for line in run('nm', '-g', out / f'{unit}.o').splitlines():
            (undefined if line.split()[-2] == 'U' else defined).add(line.split()[-1])
    for name in undefined - defined:
        if name not in table and not name.startswith('plugsched_') and in_vmlinux[name] != 1:
            problems.append(f'{name}: vmlinux has {in_vmlinux[name]}, and symbols.h does not tell which')
    return len(undefined - defined)


def check_tables(kernel, out, report, problems):
    """Against nm: each copy of a header's function is replaced code, and each place has one jump, whatever it is called."""
    symbols = [(int(words[0], 16), words[2]) for words in map(str.split, run('nm', kernel / 'vmlinux').splitlines())
               if len(words) == 3 and words[1] in 'tTwW']
    base = next(address for address, name in symbols if name == '_text')
    symbols = [(address - base, name) for address, name in symbols if name != '_text' and not name.startswith('__sched_text')]
    text = {int(offset, 16) for offset in re.findall(r'^PLUGSCHED_TEXT\w*\("\S+", 0x([0-9a-f]+),', (out / 'text.h').read_text(), re.M)}
    jumps = [(name, int(offset, 16)) for name, offset in
             re.findall(r'^PLUGSCHED_(?:INTERFACE|SPRINGBOARD)\((\w+), 0x([0-9a-f]+),', (out / 'interface.h').read_text(), re.M)]
    names = [(int(offset, 16), name) for name, offset in
             re.findall(r'^PLUGSCHED_NAME\("(\S+)", 0x([0-9a-f]+)\)$', (out / 'names.h').read_text(), re.M)]
    copied = 0
    for function in json.loads(report.read_text())['functions']:
        if function['class'] == 'external' or not function['file'].endswith('.h') or 'binary' not in function:
            continue
        copies = {address for address, name in symbols if name == function['name']}
        copied += len(copies) > 1
        if not copies <= text:
            problems.append(f"{function['name']}: {len(copies - text)} of {len(copies)} copies are not in text.h")
    places = collections.Counter(offset for _, offset in jumps)
    problems += [f'{offset:#x} has {n} jumps' for offset, n in places.items() if n > 1]
    others = sorted((address, name) for address, name in symbols if address in places and (name, address) not in jumps)
    if names != others:
        problems.append(f'names.h has {names}, vmlinux {others}')
    if not copied or not others:
        problems.append('no function with several copies, or none with several names: the tables are not tested')


def main():
    analyzer, extractor, kernel = sys.argv[1:4]
    kernel, is_printing, problems = Path(kernel).resolve(), '--print' in sys.argv, []
    with tempfile.TemporaryDirectory() as work:
        report, out = Path(work, 'boundary.json'), Path(work, 'scheduler')
        run(analyzer, '-q', '--no-cache', '-k', kernel, '-c', HERE / 'boundary.yaml', '-o', report)
        run(extractor, '-q', '-k', kernel, '--boundary', report, '-o', out)
        check_expectations(kernel, out, problems, is_printing)
        check_tables(kernel, out, report, problems)
        check_round_trip(kernel, out, Path(work), problems)
        units = re.findall(r'^PLUGSCHED_EACH_UNIT\((\w+)\)', (out / 'units.h').read_text(), re.M)
        for unit in units:
            compile_unit(kernel, out, unit, problems)
        n = check_symbols(kernel, out, units, problems) if not problems else 0
    for problem in problems:
        print('WRONG:', problem)
    print(f'{len(units)} units, {n} undefined symbols, {len(problems)} wrong')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
