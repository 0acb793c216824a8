# SPDX-License-Identifier: GPL-2.0-only
"""Functions that wait only by a jump at their end: by objdump, they jump to the function that the
report names, and call none that waits. The others that wait are not such, or are handed what they call.
"""
import re

import truth

BRANCH = re.compile(r'\t(call|j\w+)\s+[0-9a-f]+ <([\w.]+)>$', re.M)


def branches(vmlinux, binary):
    """(instruction, symbol) of the direct branches of a function to beginnings of others."""
    begin = int(binary['address'], 16)
    text = truth.run('objdump', '-d', '--no-show-raw-insn', f'--start-address={begin}',
                     f"--stop-address={begin + binary['size']}", vmlinux)
    return [(what, to) for what, to in BRANCH.findall(text) if to != binary['symbol']]


def main():
    options = truth.arguments('report')
    report, check = truth.Report(options.report), truth.Check('tails')
    tails = [f for f in report.functions if f.get('binary', {}).get('ends_in')]
    waiting = {f['name'] for f in report.functions if f['reason'] == 'waits'} | {f['name'] for f in tails}
    waiting |= {f['name'] for f in report.functions if re.match(r'(__|io_)?schedule(_|$)', f['name'])}
    for function in tails:
        found = branches(f'{options.tree}/vmlinux', function['binary'])
        ends = function['binary']['ends_in']
        check.expect(any(what != 'call' and to == ends for what, to in found), f"{function['name']} does not jump to {ends}")
        check.expect(ends.split('.')[0] in waiting, f"{function['name']} ends in {ends}, which does not wait")
        called = [to for what, to in found if what == 'call' and to.split('.')[0] in waiting]
        check.expect(not called, f"{function['name']} calls {called}")
        check.expect(function['reason'] != 'waits', f"{function['name']} waits only at its end and stays for that")
    names = {f['name'] for f in tails}
    check.expect({'wait_for_completion', 'yield', 'do_sched_yield'} <= names, f'only {sorted(names)} are such')
    check.finish(f'{len(tails)} functions wait only by a jump at their end')


if __name__ == '__main__':
    main()
