#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Edits of the extracted fixture kernel, those of the folder corpus: each forbidden one is found in
its line, and allowed ones give nothing.

    edits.py ANALYZER EXTRACTOR LINT KERNEL
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus  # noqa: E402
from linting import lint, unwrapped  # noqa: E402

HERE = Path(__file__).resolve().parent
CONFIG = HERE.parent / 'extract' / 'boundary.yaml'


def check_unwrapped(check, tool, folder, work):
    """With vmlinux() removed everywhere, every place is found again, except addresses that are
    compared or only called."""
    silent = {('addresses.c', 'returned'), ('addresses.c', 'in_typeof'), ('addresses.c', 'as_compared'), ('classes.c', 'enqueue_task_idle')}
    options, wanted = [], set()
    for path in sorted(Path(folder).glob('*.c')):
        text, places = unwrapped(path.read_text())
        if not places:
            continue
        Path(work, path.name).write_text(text)
        options.append(f'--overlay={path}={work}/{path.name}')
        wanted |= {(path.name, line, name) for line, name in places if (path.name, name) not in silent}
    _, result, stderr = lint(tool, *options, folder)
    if not check(result is not None, stderr):
        return 0
    found = {(os.path.basename(f['file']), f['line'], f['id'].split(':')[1]) for f in result['findings'] if f['rule'] == 'address-stored'}
    check(wanted <= found, f'taken off vmlinux() and not found: {sorted(wanted - found)}')
    check(len(wanted) > 10, f'only {len(wanted)} places')
    return len(wanted)


def main():
    analyzer, extractor, tool, kernel = map(os.path.abspath, sys.argv[1:5])
    wrong = []

    def check(is_good, message):
        if not is_good:
            wrong.append(message)
        return is_good

    with tempfile.TemporaryDirectory() as work:
        report, folder = f'{work}/boundary.json', f'{work}/scheduler'
        subprocess.run([analyzer, '-q', '--no-cache', '-k', kernel, '-c', CONFIG, '-o', report], check=True)
        subprocess.run([extractor, '-q', '-k', kernel, '--boundary', report, '-o', folder], check=True)
        code, result, stderr = lint(tool, folder)
        check(code == 0 and result and not result['findings'] and not result['problems'], f'the unedited folder gives {result} {stderr}')
        code, result, stderr = lint(tool, '-r', report, kernel)
        check(code == 0 and result and not result['findings'], f'the unedited kernel gives {result} {stderr}')
        edits = corpus.read(HERE / 'corpus')
        scores = corpus.run(check, tool, folder, work, edits)
        places = check_unwrapped(check, tool, folder, work)
    for message in wrong:
        print('WRONG:', message)
    print(corpus.table(scores))
    print(f'lint/edits: {len(edits)} edits, {places} addresses laid bare, {len(wrong)} wrong')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
