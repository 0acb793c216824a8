# SPDX-License-Identifier: GPL-2.0-only
"""Which entries the kernel patches itself: the flag "patched" compared with vmlinux's tables, read
with readelf and nm alone.

A jump label is two or five bytes long; the table does not say which. So an entry that
two bytes would touch must have the flag, and an entry with the flag must be touched if
the label has five bytes.
"""
import bisect
import os
import re
import struct

from truth import Check, Report, arguments, run

JUMP = 5
# first symbol, last symbol, bytes of an entry, least and most bytes that are patched
TABLES = (('__start___jump_table', '__stop___jump_table', 16, 2, 5),
          ('__start_static_call_sites', '__stop_static_call_sites', 8, 5, 5),
          ('__smp_locks', '__smp_locks_end', 4, 1, 1))


def symbols_of(path):
    return {words[2]: int(words[0], 16) for words in (line.split() for line in run('nm', path).splitlines()) if len(words) == 3}


def sections_of(path):
    """(address, size, offset in the file) of each loaded section that has bytes."""
    for line in run('readelf', '-SW', path).splitlines():
        match = re.match(r'\s*\[\s*\d+\]\s+\S+\s+PROGBITS\s+([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) \S+\s+\w*A', line)
        if match:
            address, offset, size = (int(word, 16) for word in match.groups())
            yield address, size, offset


def patched_places(path):
    """(address, least, most) of each place that is patched while the kernel runs."""
    symbols, sections = symbols_of(path), [s for s in sections_of(path) if s[0]]
    with open(path, 'rb') as file:
        image = file.read()
    for first, last, step, least, most in TABLES:
        for at in range(symbols.get(first, 0), symbols.get(last, 0), step):
            offset = next(at - address + where for address, size, where in sections if address <= at < address + size)
            yield at + struct.unpack_from('<i', image, offset)[0], least, most


def is_hit(places, begin, length):
    """True if one of the places overlaps the five bytes at `begin`. Each place has `length`
    bytes, or its own length."""
    at = bisect.bisect_left(places, (begin - JUMP,))
    while at < len(places) and places[at][0] < begin + JUMP:
        if places[at][0] + places[at][length] > begin:
            return True
        at += 1
    return False


def main():
    found = arguments('report')
    check, report = Check('patched'), Report(found.report)
    places = sorted(patched_places(os.path.join(found.tree, 'vmlinux')))
    flagged = looked = 0
    for function in report.functions:
        binary = function.get('binary', {})
        if not function['scheduler'] or not binary.get('symbol'):
            continue
        flags = binary.get('flags', ())
        begin = int(binary['address'], 16) + (4 if 'endbr' in flags else 0) + (5 if 'fentry' in flags else 0)
        looked += 1
        flagged += 'patched' in flags
        check.expect('patched' in flags or not is_hit(places, begin, 1), f'{function["name"]}: the kernel patches its entry')
        check.expect('patched' not in flags or is_hit(places, begin, 2), f'{function["name"]}: nothing patches its entry')
    check.expect(len(places) > 1000 and flagged > 5, 'hardly any: the truth is broken')
    check.finish(f'{flagged} of {looked} functions, {len(places)} places in vmlinux')


if __name__ == '__main__':
    main()
