#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""plugsched check and anchor on damaged modules with a digest that fits: they refuse or accept them,
and never crash.

    damaged.py TOOL
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from digest import finished

CUTS, FLIPS, HEADER_FLIPS = 50, 200, 100


def run(tool, *words):
    """0 if the tool accepts the file, 1 if it refuses it in one line; all else ends the test."""
    done = subprocess.run([tool, *words], capture_output=True, timeout=600, env={**os.environ, 'PLUGSCHED_ROOT': 'root'})
    said = done.stderr.decode(errors='replace')
    if done.returncode == 0 and not said:
        return 0
    if done.returncode == 1 and said.startswith('plugsched: ') and said.count('\n') == 1:
        return 1
    sys.exit(f'damaged.py: {words}: status {done.returncode}: {said}')


def check(tool, content, name):
    pathlib.Path('bad.ko').write_bytes(content)
    refused = run(tool, 'check', 'bad.ko')
    anchored = run(tool, 'anchor', '--vmlinux=vmlinux', 'bad.ko')
    # what can be anchored can be checked then
    assert anchored or refused or run(tool, 'check', 'bad.ko') == 0, name
    return refused


def flip(content, places, random_source):
    changed = bytearray(content)
    for place in places:
        changed[place] ^= 1 << random_source.randrange(8)
    return bytes(changed)


def main():
    tool = os.path.realpath(sys.argv[1])
    here = pathlib.Path(__file__).resolve().parent
    source = random.Random(1)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        subprocess.run([here / 'prepare.sh'], check=True)
        plain = pathlib.Path('plain.ko').read_bytes()
        assert check(tool, finished(plain), 'good') == 0
        for i in range(CUTS):
            size = len(plain) * i // CUTS
            assert check(tool, finished(plain[:size]), f'cut to {size}') == 1, f'accepted, cut to {size}'
            assert check(tool, finished(plain)[:size], f'cut to {size}, unfinished') == 1, f'accepted, cut to {size}'
        refused = sum(check(tool, finished(flip(plain, [source.randrange(len(plain))], source)), f'flip {i}') for i in range(FLIPS))
        # most bytes are not interpreted; those of the headers are
        headers = list(range(64)) + list(range(int.from_bytes(plain[40:48], 'little'), len(plain)))
        refused_headers = sum(check(tool, finished(flip(plain, source.sample(headers, 2), source)), f'headers {i}')
                              for i in range(HEADER_FLIPS))
        assert refused_headers > HEADER_FLIPS // 4, f'only {refused_headers} damaged headers refused'
    print(f'damaged.py: {2 * CUTS} cuts refused; of {FLIPS} flips {refused}, of {HEADER_FLIPS} in headers {refused_headers}')


main()
