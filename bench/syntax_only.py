#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs clang -fsyntax-only on units of a built kernel tree, for comparison with the analyser.

    syntax_only.py TREE JOBS UNITS [CLANG]    UNITS: a file with one source path per line, relative to TREE

The commands come from the .cmd files of the build. Flags that clang does not know are dropped; this
list is shorter than the analyser's own (analyzer/tree/flags.c). Prints the number of units and of
those that clang refused, then wall and CPU seconds and the peak memory of one clang in KiB.
"""
import concurrent.futures
import os
import re
import resource
import shlex
import subprocess
import sys
import time

# Flags that gcc has and clang does not, and flags that do not concern syntax: warnings, debugging,
# code generation.
DROPPED = re.compile(r'''-W.* | -g.* | -M.* | -c | -pg | --param=.* | -f(?!no-builtin|no-common|freestanding
    |short-wchar|signed-char|unsigned-char|no-PIE|no-pic|cf-protection|no-strict|ms-ext|stack-prot|wrapv).*
    | -m(?!64$|32$|arch=|cmodel=|no-sse|no-mmx|no-avx|no-3dnow|no-80387|soft-float|general-regs).*''', re.VERBOSE)
WITH_OPERAND = ('-o', '--param', '-MF', '-MT', '-MQ')


def clang_arguments(command):
    """The arguments without the compiler and the input, and the input."""
    words = shlex.split(command)
    kept, index = [], 1
    while index < len(words) - 1:
        word = words[index]
        index += 1
        if word in WITH_OPERAND:
            index += 1
        elif not DROPPED.fullmatch(word):
            kept.append(word)
    return kept, words[-1]


def commands(tree):
    """Source -> arguments of the first object made from it."""
    found = {}
    for folder, _, files in os.walk(tree):
        for name in sorted(files):
            if not re.fullmatch(r'\..*\.[os]\.cmd', name):
                continue
            with open(os.path.join(folder, name), encoding='utf-8', errors='replace') as file:
                line = file.readline()
            match = re.match(r'(?:saved)?cmd_\S+ := (.*?\.c)\s*(?:;.*)?$', line)
            if not match:
                continue
            arguments, source = clang_arguments(match.group(1).replace('$(pound)', '#').replace('$$', '$'))
            source = os.path.relpath(os.path.join(tree, source), tree)
            found.setdefault(source, arguments)
    return found


def check(clang, tree, arguments, source):
    command = [clang, '-fsyntax-only', '-w', *arguments, source]
    return subprocess.run(command, cwd=tree, stderr=subprocess.DEVNULL, check=False).returncode == 0


def main():
    if len(sys.argv) not in (4, 5):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    tree, jobs, list_file = os.path.realpath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    clang = sys.argv[4] if len(sys.argv) == 5 else 'clang-19'
    known = commands(tree)
    with open(list_file, encoding='utf-8') as file:
        units = [name for name in file.read().splitlines() if name in known]
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(lambda name: check(clang, tree, known[name], name), units))
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(len(units), results.count(False), f'{wall:.2f} {cpu:.2f}', after.ru_maxrss)
    return 0


if __name__ == '__main__':
    sys.exit(main())
