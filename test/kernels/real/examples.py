# SPDX-License-Identifier: GPL-2.0-only
"""The README's questions have the answers that the README shows.

    examples.py --tool PLUGSCHED-GRAPH --old REPORT --new REPORT

Each line "$ plugsched-graph ..." of the section "Asking a report" is run where boundary.json and
6.1.json are the old report and 6.12.json the new one; what it prints must be the lines below it.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../README.md')


def examples():
    """(command, lines) of each example."""
    with open(README, encoding='utf-8') as file:
        section = file.read().split('\n## Asking a report\n')[1].split('\n## ')[0]
    code = [line[4:] if line.startswith('    ') else line for line in section.split('\n')
            if line.startswith('    ') or not line]
    for part in re.split(r'^\$ ', '\n'.join(code), flags=re.M)[1:]:
        command, *lines = part.rstrip('\n').split('\n')
        yield command, lines


def any_build(text):
    """The text without build-ids, which change with the releases of the compiler and binutils."""
    return re.sub(r'\b[0-9a-f]{40}\b', 'BUILD-ID', text)


def main():
    parser = argparse.ArgumentParser()
    for name in ('tool', 'old', 'new'):
        parser.add_argument('--' + name, required=True, type=os.path.abspath)
    options = parser.parse_args()
    path = os.path.dirname(options.tool) + os.pathsep + os.environ['PATH']
    wrong = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, report in (('boundary', options.old), ('6.1', options.old), ('6.12', options.new)):
            os.symlink(report, os.path.join(folder, name + '.json'))
        for command, lines in examples():
            done = subprocess.run(command, shell=True, cwd=folder, env=dict(os.environ, PATH=path), capture_output=True, text=True)
            count += 1
            if done.stderr or any_build(done.stdout).rstrip('\n').split('\n') != [any_build(line) for line in lines]:
                wrong += 1
                print(f'WRONG: {command}\n{done.stderr}{done.stdout}')
    print(f'examples: {count} in the README, {wrong} wrong')
    sys.exit(1 if wrong or not count else 0)


main()
