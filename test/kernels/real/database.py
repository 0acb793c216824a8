# SPDX-License-Identifier: GPL-2.0-only
"""The units that the tool finds in the .cmd files are those of the kernel's own
compile_commands.json.

Truth: scripts/clang-tools/gen_compile_commands.py of the tree. The tree may not be written to, so
the file goes into a build tree of symbolic links. The report made from it must be the same, byte
for byte, and of as many units.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import truth


def mirror(tree, farm):
    """Makes `farm` look like the tree: folders with objects are real, everything else is a link."""
    folders = {''}
    for target in tree.objects:
        while target := os.path.dirname(target):
            folders.add(target)
    for folder in sorted(folders):
        os.makedirs(os.path.join(farm, folder), exist_ok=True)
        for entry in os.scandir(os.path.join(tree.path, folder)):
            path = os.path.join(folder, entry.name)
            if path not in folders:
                os.symlink(entry.path, os.path.join(farm, path))


def write_database(tree, farm):
    """The kernel's own list, with commands that run in `farm`."""
    path = os.path.join(farm, 'compile_commands.json')
    script = os.path.join(tree.path, 'scripts/clang-tools/gen_compile_commands.py')
    truth.run(sys.executable, '-B', script, '-d', tree.path, '-o', path)
    with open(path, encoding='utf-8') as file:
        entries = json.load(file)
    for entry in entries:
        entry['directory'] = farm
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(entries, file)
    return len(entries)


def analyze(tool, *arguments):
    """Runs the tool; returns the bytes of its report, and the numbers of
    relevant units and of all units."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'report.json')
        done = subprocess.run((tool, *arguments, '-o', path), capture_output=True, text=True)
        units = re.search(r'(\d+) of (\d+) units matter', done.stderr)
        if done.returncode or not units:
            sys.exit(f'{tool} {arguments}: exit status {done.returncode}: {done.stderr[-2000:]}')
        with open(path, 'rb') as file:
            return file.read(), units.groups()


def main():
    options = truth.arguments('tool')
    tree, check = truth.Tree(options.tree), truth.Check('database')
    if os.path.exists(os.path.join(tree.path, 'compile_commands.json')):
        sys.exit(f'{tree.path} has a compile_commands.json: it must not, for this test')
    with tempfile.TemporaryDirectory() as farm:
        farm = os.path.realpath(farm)
        mirror(tree, farm)
        entries = write_database(tree, farm)
        plain, plain_units = analyze(options.tool, '--kernel', tree.path)
        other, other_units = analyze(options.tool, '--kernel', tree.path, '--build', farm)
    check.expect(plain_units == other_units,
                 f'units that matter and all: {plain_units} by .cmd, {other_units} by database')
    check.expect(plain == other, 'the reports differ: ' + truth.difference(plain, other))
    check.finish(f'{plain_units[1]} units ({entries} entries with programs of the host)')


main()
