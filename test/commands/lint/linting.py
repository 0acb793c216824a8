# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of plugsched-lint share: an edit, as an overlay or in a copy of the tree, and its
findings.

A case is (description, file, regular expression, replacement, rules found). The replacement is a
text, or a function of the match. A rule is (rule, level, mark, word) and, if the finding is in
another file, the name of that file. `mark` is a text that occurs once in the edited file, in the
finding's line; `word` is what the columns enclose, or None. Without rules, nothing may be found.
"""
import json
import os
import re
import shutil
import subprocess


def lint(tool, *arguments):
    """The exit status and the result of one run."""
    done = subprocess.run([tool, '--json', *arguments], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def line_with(text, mark):
    """The number of the only line of code that contains the mark; 0 if there is not exactly one.
    (mark, n) means n lines below."""
    if isinstance(mark, tuple):
        return line_with(text, mark[0]) + mark[1]
    found = [number for number, line in enumerate(text.splitlines(), 1) if mark in line and not line.startswith('//')]
    return found[0] if len(found) == 1 else 0


def found_in(result, folder):
    return sorted((f['rule'], f['level'], os.path.relpath(f['file'], os.path.realpath(folder)), f['line']) for f in result['findings'])


def place_of(folder, name, edited, rule):
    """The expected finding, in the form that found_in() returns."""
    code, level, mark, _, *others = rule
    if others:
        with open(os.path.join(folder, others[0]), encoding='utf-8') as file:
            return code, level, others[0], line_with(file.read(), mark)
    return code, level, name, line_with(edited, mark)


def check_columns(check, what, edited, finding, word):
    line = edited.splitlines()[finding['line'] - 1]
    enclosed = line.encode()[finding['column'] - 1:finding['end_column'] - 1].decode()
    check(enclosed == word, f'{what}: the columns enclose {enclosed!r}, not {word!r}')


def run_case(check, tool, folder, work, case, *options, asked=None, is_saved=True):
    """Checks once with the text as an overlay, and once saved in a copy of the folder; both must
    find the same. `asked` is the unit, if it is not the file."""
    what, name, pattern, text, rules = case
    with open(os.path.join(folder, name), encoding='utf-8') as file:
        original = file.read()
    edited, n = re.subn(pattern, text if callable(text) else lambda _: text, original, count=1, flags=re.M)
    if not check(n == 1, f'{what}: nothing in {name} fits; the case tests nothing'):
        return
    wanted = sorted(place_of(folder, name, edited, rule) for rule in rules)
    status = 1 if any(rule[1] == 'error' for rule in rules) else 0
    buffer, copy = os.path.join(work, 'buffer'), os.path.join(work, 'copy')
    with open(buffer, 'w', encoding='utf-8') as file:
        file.write(edited)
    path = os.path.join(folder, name)
    code, result, stderr = lint(tool, *options, f'--overlay={path}={buffer}', folder, os.path.join(folder, asked or name))
    if not check(result is not None, f'{what}: {stderr}'):
        return
    found = found_in(result, folder)
    check(found == wanted, f'{what}: found {found} instead of {wanted}: {[f["message"] for f in result["findings"]]} {result["problems"]}')
    check(code == status, f'{what}: exit status {code} instead of {status}')
    check(result['units'], f'{what}: no unit was checked')
    if found == wanted:
        for rule, _, mark, word, *_ in rules:
            if word is None:
                continue
            line = line_with(edited, mark)
            check_columns(check, what, edited, next(f for f in result['findings'] if f['rule'] == rule and f['line'] == line), word)
    if not is_saved:
        return
    if not os.path.exists(copy):
        shutil.copytree(folder, copy, symlinks=True)
    shutil.copy(buffer, os.path.join(copy, name))
    again, saved, stderr = lint(tool, *options, copy, os.path.join(copy, asked or name))
    shutil.copy(path, os.path.join(copy, name))
    check(again == code and saved and found_in(saved, copy) == found,
          f'{what}: the saved file gives another answer than the overlay: {saved} {stderr}')


def unwrapped(text):
    """The text with `f` in place of each `vmlinux(f)`, and the line numbers and
    names of those replaced."""
    pattern = r'vmlinux(?:_at)?\((\w+)(?:, \d+)?\)'
    places = {(number, name) for number, line in enumerate(text.splitlines(), 1) if not re.match(r'\s*(//|/?\*)|#define|.*\\$', line)
              for name in re.findall(pattern, line)}
    return re.sub(pattern, r'\1', text), places
