#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares what is derived from a fixture with what its comment expects.

    run.py PRINT FIXTURE.S

PRINT is springboard-print. The fixture is assembled and linked, with FIXTURE.inc.S beside it as a
second file if it exists. In its comment:

    expect: KEY VALUE     a line that PRINT writes
    refuse: TEXT          PRINT fails, and its message contains TEXT

where {LABEL} stands for the distance of LABEL from __schedule, such as "+0x2b",
according to the linker.

A fixture with neither tag, with both, or with an unknown one fails. What is derived is also written
as a header, which C and the assembler must accept.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TAG = re.compile(r'^ \* ([\w-]+): (.*\S)$', re.MULTILINE)
USE_C = '''#include "springboard.h"
_Static_assert(PLUGSCHED_SCHEDULE_FRAME_SIZE == 8 * PLUGSCHED_SCHEDULE_PUSH_COUNT + PLUGSCHED_SCHEDULE_SUB, "frame");
unsigned long offset(void) { return PLUGSCHED_SCHEDULE_SWITCH_OFFSET; }
'''
USE_S = '''#include "springboard.h"
#if PLUGSCHED_SCHEDULE_HAS_CANARY && !defined(PLUGSCHED_SCHEDULE_CANARY_OFFSET)
#error no offset
#endif
PLUGSCHED_SCHEDULE_ENTER
jmp __schedule + PLUGSCHED_SCHEDULE_SWITCH_OFFSET
PLUGSCHED_SCHEDULE_LEAVE
ret
'''


def read_tags(fixture):
    found = {'expect': [], 'refuse': []}
    for tag, value in TAG.findall(fixture.read_text()):
        if tag not in found:
            sys.exit(f'{fixture}: unknown tag {tag}')
        found[tag].append(value)
    if bool(found['expect']) == bool(found['refuse']):
        sys.exit(f'{fixture}: has no expectation, or both kinds')
    return found


def build(fixture, out):
    sources = [fixture, *[path for path in [fixture.with_suffix('.inc.S')] if path.exists()]]
    subprocess.run(['gcc', '-nostdlib', '-static', '-no-pie', '-Wl,-e,0,--build-id,-z,noexecstack',
                    f'-I{fixture.parent}', '-I' + str(Path(__file__).parent / 'fixtures'), '-o', out, *sources], check=True)


def distances(binary):
    places = {}
    for line in subprocess.run(['nm', binary], capture_output=True, text=True, check=True).stdout.splitlines():
        address, _, name = line.split()
        places.setdefault(name, int(address, 16))
    return {name: f'{place - places["__schedule"]:+#x}' for name, place in places.items() if '__schedule' in places}


def compile_header(folder):
    for name, text in (('use.c', USE_C), ('use.S', USE_S)):
        (folder / name).write_text(text)
        subprocess.run(['gcc', '-Wall', '-Werror', '-c', '-o', folder / 'use.o', folder / name], check=True)


def check(printer, fixture, folder):
    tags = read_tags(fixture)
    build(fixture, folder / 'vmlinux')
    places = distances(folder / 'vmlinux')
    tags = {tag: [value.format(**places) for value in values] for tag, values in tags.items()}
    run = subprocess.run([printer, folder / 'vmlinux', folder / 'springboard.h'], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        return [f'exit status {run.returncode}: {run.stderr}']
    if run.returncode != bool(tags['refuse']):
        return [f'exit status {run.returncode}: {run.stdout}{run.stderr}']
    if run.returncode == 0:
        compile_header(folder)
        return [f'no line "{line}" in\n{run.stdout}' for line in tags['expect'] if line not in run.stdout.splitlines()]
    return [f'no "{text}" in {run.stderr}' for text in tags['refuse'] if text not in run.stderr]


def main():
    printer, fixture = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        wrong = check(printer, fixture, Path(folder))
    for message in wrong:
        print(f'{fixture.name}: {message}')
    sys.exit(bool(wrong))


main()
