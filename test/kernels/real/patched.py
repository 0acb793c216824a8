# SPDX-License-Identifier: GPL-2.0-only
"""Which entries the kernel patches itself: the flag "patched" compared with vmlinux's tables, read
with readelf and nm alone.

Jump labels do not have the flag, as the module holds them; but the runtime meets them at such
entries, so that some must be there.
"""
import bisect
import os
import re
import struct

from truth import Check, Report, arguments, run

JUMP = 5
# first symbol, last symbol, bytes of an entry, bytes that are patched
TABLES = (('__start_static_call_sites', '__stop_static_call_sites', 8, 5), ('__smp_locks', '__smp_locks_end', 4, 1))
LABELS = (('__start___jump_table', '__stop___jump_table', 16, 2),)  # or five; the table does not say which


def symbols_of(path):
    return {words[2]: int(words[0], 16) for words in (line.split() for line in run('nm', path).splitlines()) if len(words) == 3}


def sections_of(path):
    """(address, size, offset in the file) of each loaded section that has bytes."""
    for line in run('readelf', '-SW', path).splitlines():
        match = re.match(r'\s*\[\s*\d+\]\s+\S+\s+PROGBITS\s+([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) \S+\s+\w*A', line)
        if match:
            address, offset, size = (int(word, 16) for word in match.groups())
            yield address, size, offset


def patched_places(path, tables):
    """(address, bytes) of each place that is patched while the kernel runs, sorted."""
    symbols, sections = symbols_of(path), [s for s in sections_of(path) if s[0]]
    places = []
    with open(path, 'rb') as file:
        image = file.read()
    for first, last, step, length in tables:
        for at in range(symbols.get(first, 0), symbols.get(last, 0), step):
            offset = next(at - address + where for address, size, where in sections if address <= at < address + size)
            places.append((at + struct.unpack_from('<i', image, offset)[0], length))
    return sorted(places)


def is_hit(places, begin):
    """True if one of the places overlaps the five bytes at `begin`."""
    at = bisect.bisect_left(places, (begin - JUMP,))
    return any(address + length > begin for address, length in places[at:bisect.bisect_left(places, (begin + JUMP,))])


def main():
    found = arguments('report')
    check, report = Check('patched'), Report(found.report)
    vmlinux = os.path.join(found.tree, 'vmlinux')
    places, labels = patched_places(vmlinux, TABLES), patched_places(vmlinux, LABELS)
    flagged = looked = labelled = 0
    for function in report.functions:
        binary = function.get('binary', {})
        if not function['scheduler'] or not binary.get('symbol'):
            continue
        flags = binary.get('flags', ())
        begin = int(binary['address'], 16) + (4 if 'endbr' in flags else 0) + (5 if 'fentry' in flags else 0)
        looked += 1
        flagged += 'patched' in flags
        labelled += function['class'] == 'interface' and is_hit(labels, begin)
        check.expect(('patched' in flags) == is_hit(places, begin), f'{function["name"]}: the kernel patches its entry, or the flag says so')
        check.expect('patched' not in flags or function['class'] != 'interface' or function['reason'] == 'sched-class',
                     f'{function["name"]} gets a jump where the kernel patches')
    check.expect(len(places) > 100 and len(labels) > 1000, 'hardly any: the truth is broken')
    check.expect(labelled > 5, f'only {labelled} jumps lie over a jump label')
    check.finish(f'{flagged} of {looked} functions, {labelled} jumps over a jump label, {len(places)} and {len(labels)} places in vmlinux')


if __name__ == '__main__':
    main()
