#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""plugsched check on damaged modules with a valid seal: it refuses or accepts them, and never
crashes.

    damaged.py TOOL
"""
import hashlib
import os
import pathlib
import random
import subprocess
import sys
import tempfile

CUTS, FLIPS, HEADER_FLIPS = 50, 200, 100
SEAL = b'\n~plugsched sha256 '


def sealed(content):
    return content + SEAL + hashlib.sha256(content).hexdigest().encode() + b'\n'


def check(tool, content, name):
    pathlib.Path('bad.ko').write_bytes(content)
    run = subprocess.run([tool, 'check', '--resolved', 'resolved', 'bad.ko'], capture_output=True, timeout=600,
                         env={**os.environ, 'PLUGSCHED_ROOT': 'root'})
    said = run.stderr.decode(errors='replace')
    if run.returncode == 0 and not said:
        return 0
    if run.returncode == 1 and said.startswith('plugsched: ') and said.count('\n') == 1:
        return 1
    sys.exit(f'damaged.py: {name}: status {run.returncode}: {said}')


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
        assert check(tool, sealed(plain), 'good') == 0
        for i in range(CUTS):
            size = len(plain) * i // CUTS
            assert check(tool, sealed(plain[:size]), f'cut to {size}') == 1, f'accepted, cut to {size}'
            assert check(tool, sealed(plain)[:size], f'cut to {size}, unsealed') == 1, f'accepted, cut to {size}'
        refused = sum(check(tool, sealed(flip(plain, [source.randrange(len(plain))], source)), f'flip {i}') for i in range(FLIPS))
        # most bytes are not interpreted; those of the headers are
        headers = list(range(64)) + list(range(int.from_bytes(plain[40:48], 'little'), len(plain)))
        refused_headers = sum(check(tool, sealed(flip(plain, source.sample(headers, 2), source)), f'headers {i}')
                              for i in range(HEADER_FLIPS))
        assert refused_headers > HEADER_FLIPS // 4, f'only {refused_headers} damaged headers refused'
    print(f'damaged.py: {2 * CUTS} cuts refused; of {FLIPS} flips {refused}, of {HEADER_FLIPS} in headers {refused_headers}')


main()
