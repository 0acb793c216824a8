#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What plugsched-lsp costs on real kernels: starting, hovering over every identifier of core.c and
fair.c, editing, memory.

"start" is the time from starting the process to the answer to a first hover, including the opening
of core.c: the minimum and the median of some starts, and the CPU time of one, which other work on
the machine does not affect. Hovers are requested one after the other, from Python over pipes, so
each time includes the client's part; "p99" is the 99th percentile. "edit" is a hover after a change
of one letter in the middle of fair.c, after which the text's lines and words must be found again.
"refs" is a request for the references of the function with the most uses, whose files are read for
the first time. Peak is VmHWM.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path.insert(0, os.path.join(TOP, 'test/commands/lsp'))
sys.dont_write_bytecode = True
import client as lsp  # noqa: E402

STARTS = 9
FILES = ('kernel/sched/core.c', 'kernel/sched/fair.c')
CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def identifiers(text):
    """Line and column, from 0, of each identifier outside comments and strings."""
    code = CODE.sub(lambda match: re.sub(r'[^\n]', ' ', match[0]), text)
    for number, line in enumerate(code.split('\n')):
        for match in re.finditer(r'\b[A-Za-z_]\w*', line):
            yield number, match.start()


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def begin(server, tree, report):
    """Starts a server; returns it with the time until it has answered a first hover."""
    path = os.path.join(tree, FILES[0])
    line, column = lsp.find(read(path), 'notrace __schedule(', '__schedule')
    started = time.monotonic()
    client = lsp.Client([server, f'--report={report}', '--lint=/none'], seconds=600)
    client.initialize(tree)
    client.open(path)
    answer = client.at('hover', path, line, column)
    seconds = time.monotonic() - started
    assert '__schedule' in lsp.hover_text(answer), answer
    return client, seconds, cpu(client)


def cpu(client):
    """CPU seconds of the server so far."""
    return sum(map(int, read(f'/proc/{client.process.pid}/stat').rsplit(')', 1)[1].split()[11:13])) / os.sysconf('SC_CLK_TCK')


def timed(ask, *words, **more):
    started = time.monotonic()
    answer = ask(*words, **more)
    return 1000 * (time.monotonic() - started), answer


def peak(client):
    return int(re.search(r'VmHWM:\s+(\d+)', read(f'/proc/{client.process.pid}/status'))[1]) / 1024


def measure(server, tree, report):
    starts, costs = [], []
    for _ in range(STARTS):
        client, seconds, cost = begin(server, tree, report)
        starts.append(seconds)
        costs.append(cost)
        if len(starts) < STARTS:
            client.close()
    hovers, answered = [], 0
    for name in FILES:
        path = os.path.join(tree, name)
        client.open(path)
        for line, column in identifiers(read(path)):
            milliseconds, answer = timed(client.at, 'hover', path, line, column)
            hovers.append(milliseconds)
            answered += answer is not None
    path = os.path.join(tree, FILES[1])
    middle = read(path).count('\n') // 2
    edits = []
    for version in range(2, 42):
        client.notify('textDocument/didChange', {'textDocument': {'uri': lsp.uri_of(path), 'version': version}, 'contentChanges': [
            {'range': {'start': {'line': middle, 'character': 0}, 'end': {'line': middle, 'character': 0}}, 'text': 'x'}]})
        edits.append(timed(client.at, 'hover', path, middle + 5, 5)[0])
    where = lsp.find(read(os.path.join(tree, 'kernel/sched/wait.c')), 'int __wake_up(', '__wake_up')
    references, found = timed(client.at, 'references', os.path.join(tree, 'kernel/sched/wait.c'), *where,
                              context={'includeDeclaration': False})
    hovers.sort()
    figures = (min(starts), statistics.median(starts), statistics.median(costs), len(hovers), answered, statistics.median(hovers),
               hovers[len(hovers) * 99 // 100], hovers[-1],
               statistics.median(edits), len(found), references, peak(client))
    client.close()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--tools', default=os.path.join(TOP, 'build/plain'), help='the build tree that holds the tools')
    parser.add_argument('--report', action='append', default=[], metavar='VERSION=FILE', help='one that is there already')
    parser.add_argument('versions', nargs='*', default=['6.1', '6.12'], metavar='VERSION', help='test kernels (default: 6.1 6.12)')
    found = parser.parse_args()
    reports = dict(each.split('=', 1) for each in found.report)
    server, analyze = (os.path.join(found.tools, name) for name in ('bin/plugsched-lsp', 'bin/plugsched-analyze'))
    print('Linux   start s  median   CPU s   hovers answered  median ms  p99 ms  max ms  edit ms   refs  refs ms  peak MiB')
    with tempfile.TemporaryDirectory() as work:
        for version in found.versions:
            tree = subprocess.run([os.path.join(TOP, 'test/lib/kernel/prepare.sh'), '--path', version], capture_output=True, text=True,
                                  check=True).stdout.strip()
            if version not in reports:
                reports[version] = os.path.join(work, f'{version}.json')
                subprocess.run([analyze, '-q', '--kernel', tree, '-o', reports[version]], check=True)
            print('{:6} {:8.3f} {:7.3f} {:7.2f} {:8} {:8} {:10.3f} {:7.3f} {:7.1f} {:8.2f} {:6} {:8.1f} {:9.0f}'.format(
                version, *measure(server, tree, reports[version])), flush=True)


if __name__ == '__main__':
    main()
