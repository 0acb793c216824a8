#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command and writes what it cost: wall seconds, CPU seconds, peak memory in KiB, exit
status.

    measure.py FILE COMMAND [ARGUMENT...]    FILE: gets the line of results
"""
import resource
import subprocess
import sys
import time


def main():
    if len(sys.argv) < 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    begin = time.monotonic()
    status = subprocess.run(sys.argv[2:], check=False).returncode
    wall = time.monotonic() - begin
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(sys.argv[1], 'w', encoding='utf-8') as file:
        print(f'{wall:.2f} {usage.ru_utime + usage.ru_stime:.2f} {usage.ru_maxrss} {status}', file=file)
    return status if status >= 0 else 2


if __name__ == '__main__':
    sys.exit(main())
