# SPDX-License-Identifier: GPL-2.0-only
"""Tests the tests: a guest whose kernel complains must fail, for every kind of complaint. If one
kind is missed, this fails."""
import re

import run
from truth import Check, arguments

KINDS = 'warn stall expedited lockup hung oops bug'
SEEN = 'WRONG the kernel complains: '  # printed by the watcher at once


def main():
    found, check = arguments('out', 'command', 'seconds'), Check('complaint')
    lines, status = run.run_guest(found, 'sh /complaint.sh')
    seen = sum(line.startswith(SEEN) for line in lines)
    for line in lines:
        check.expect('WRONG' not in line or line.startswith(SEEN), line)
    check.expect(f'ok seen: {KINDS}' in lines, f'not all of these were seen: {KINDS}')
    check.expect(seen == len(KINDS.split()), f'the watcher saw {seen}')
    check.expect(any(re.match('boot.sh: .*panicked', line) for line in lines), 'nobody saw the panic')
    check.expect(status == 125, f'the guest that panicked ended with {status}')
    check.expect(run.judge('complaint.sh', lines, status), 'such a guest passes')
    check.finish(f'{seen} kinds and a panic')


if __name__ == '__main__':
    main()
