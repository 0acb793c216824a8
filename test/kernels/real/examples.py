# SPDX-License-Identifier: GPL-2.0-only
"""The commands in the README and the documents print what is shown below them.

    examples.py --tool PLUGSCHED-GRAPH --version 6.1 --old REPORT --new REPORT --out SCHEDULER

Every line "    $ COMMAND" is run by bash where the kernel is linux, its extracted and built scheduler
is scheduler, and its report is boundary.json and 6.1.json; 6.12.json is the new report. What the
command prints must be the lines below it. "..." alone in a line stands for any lines, and at the end
of a line for the rest of it. A build's figures (build-ids, seconds, memory) may differ. A command
that needs a service, a keyboard or minutes is in OTHERS, and not run.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile

import truth

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../..')
OTHERS = re.compile(r'journalctl|make -C|.*<TAB>')
# what another build or another run gives otherwise
CHANGING = ((r'\b[0-9a-f]{40}\b', 'BUILD-ID'), (r'\d+(\.\d+)? (s|MiB)\b', 'N'))


def is_open(command):
    """True if the command goes on in the next line."""
    return command.rstrip().endswith(('|', '\\')) or command.count("'") % 2 == 1


def examples(path):
    """(command, lines) of each example of a document."""
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    at = 0
    while at < len(lines):
        command = lines[at].removeprefix('    $ ')
        at += 1
        if command == lines[at - 1]:
            continue
        while is_open(command):
            command += '\n' + lines[at].strip()
            at += 1
        shown = []
        # an empty line ends the example, unless what it prints goes on
        while at < len(lines) and (lines[at].startswith('    ') or not lines[at]) and not lines[at].startswith('    $ '):
            shown.append(lines[at].removeprefix('    '))
            at += 1
        while shown and not shown[-1]:
            shown.pop()
        yield command, shown


def plain(text):
    """The text without what changes."""
    for pattern, word in CHANGING:
        text = re.sub(pattern, word, text)
    return text


def pattern_of(lines):
    """A pattern for what the lines show."""
    parts = []
    for line in lines:
        if line.strip() == '...':
            parts.append('(?:.*\n)*?')
        elif line.endswith('...'):
            parts.append(re.escape(plain(line[:-3])) + '.*\n')
        else:
            parts.append(re.escape(plain(line)) + '\n')
    return ''.join(parts) or '\n'


def lay_out(folder, options):
    """The files that the commands name."""
    os.makedirs(os.path.join(folder, 'build'))
    for name, path in (('boundary.json', options.old), ('build/boundary.json', options.old), ('6.1.json', options.old),
                       ('6.12.json', options.new), ('linux', options.tree)):
        os.symlink(os.path.abspath(path), os.path.join(folder, name))


def main():
    options = truth.arguments('tool', 'old', 'new', 'out')
    check = truth.Check('examples')
    environment = dict(os.environ, PATH=os.path.dirname(os.path.abspath(options.tool)) + os.pathsep + os.environ['PATH'], LC_ALL='C.UTF-8')
    count = others = 0
    with tempfile.TemporaryDirectory() as folder:
        lay_out(folder, options)
        for path in [os.path.join(TOP, 'README.md'), *sorted(glob.glob(os.path.join(TOP, 'docs/*.md')))]:
            for command, lines in examples(path):
                if OTHERS.match(command):
                    others += 1
                    continue
                count += 1
                done = subprocess.run(('bash', '-c', command), cwd=folder, env=environment, text=True, errors='replace',
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                printed = plain(done.stdout.rstrip('\n') + '\n')
                check.expect(re.fullmatch(pattern_of(lines), printed), f'{os.path.basename(path)}: {command}\n{done.stdout}')
                module = os.path.join(folder, 'scheduler')
                if os.path.isdir(module) and not os.path.exists(module + '/scheduler.o'):
                    shutil.copy(os.path.join(options.out, 'scheduler.o'), module)  # instead of building it again
        check.expect(count, 'no document has an example')
    check.finish(f'{count} in the README and docs, {others} not run')


main()
