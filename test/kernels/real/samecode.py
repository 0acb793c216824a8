# SPDX-License-Identifier: GPL-2.0-only
"""The unedited module's code is vmlinux's: checks plugsched-compare's figures, and its verdicts
against objdump's text.

The independent truth is the text that objdump prints for each function in both files. Addresses
become names (vmlinux's by nm, the module's by relocation), the numbers of static locals and the
module's names for vmlinux's symbols are reverted, and offsets into sections are dropped. A function
that the command calls identical must have the same text; one that it calls different must not.
"""
import collections
import json
import os
import re
import subprocess

from truth import Check, arguments, run

GOAL = 95.0
ADDRESS = re.compile(r'0xffffffff([0-9a-f]{8})')
LOCAL = re.compile(r'(\.(?:constprop|isra|part))?(?:\.\d+)+')


def plain(name):
    """A symbol's name without what the compiler and the rewriter add."""
    name = re.sub(r'^__module_', '', name)
    if name.startswith('__vmlinux_'):
        name = re.sub(r'__\d+$', '', re.sub(r'__pos_\d+$', '', name[len('__vmlinux_'):]))
    return LOCAL.sub(r'\1', name)


def disassemble(path, *sections):
    """name -> list of bodies, each a list of (instruction, relocations)."""
    found, body = collections.defaultdict(list), None
    for line in run('objdump', '-dr', '--no-show-raw-insn', *sections, path).splitlines():
        head = re.match(r'[0-9a-f]+ <([^>]+)>:$', line)
        if head:
            body = []
            found[plain(head[1])].append(body)
        elif '\tR_X86_64_' in line or ': R_X86_64_' in line:
            if body:
                body[-1][1].append(line.split()[-1])
        elif body is not None and re.match(r'\s*[0-9a-f]+:\t', line):
            body.append((line.split('\t', 1)[1].split('#')[0].strip(), []))
    return found


def shape(text):
    """An instruction without operands that hold addresses: its name and its registers."""
    text = re.sub(r'\s*<[^>]*>', '', text)
    text = re.sub(r'\$?-?0x[0-9a-f]+|\$-?\d+', 'N', text)
    return re.sub(r'^(?:cs )?(j\w+|call)\s+.*', r'\1', re.sub(r'\b[0-9a-f]{6,}\b', 'N', text))


def strip_padding(body):
    shapes = [shape(text) for text, _ in body]
    while shapes and re.match(r'nop|int3|xchg\s+%ax,%ax|data16|cs nop', shapes[-1]):
        shapes.pop()
    return shapes


def aliases_of(path):
    """name -> all names for its addresses: memset is also __memset."""
    at, names = collections.defaultdict(set), collections.defaultdict(set)
    for line in run('nm', path).splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in 'tTwW':
            at[words[0]].add(plain(words[2]))
    for group in at.values():
        for name in group:
            names[name] |= group
    return names


def callees_vmlinux(body):
    return [plain(m[1]) for text, _ in body for m in [re.match(r'(?:cs )?(?:call|jmp)\s+\S+ <([^>+]+)>$', text)] if m]


def callees_module(body):
    """The names of called functions, by relocation or text; None for
    calls by section and offset."""
    found = []
    for text, relocations in body:
        if not re.match(r'(cs )?(call|jmp)\b(?!.*\*)', text):
            continue
        if relocations:
            symbol = re.sub(r'[-+]0x[0-9a-f]+$', '', relocations[0])
            found.append(None if symbol.startswith('.') else plain(symbol))
        else:
            match = re.search(r'<([^>+]+)>$', text)
            if match:
                found.append(plain(match[1]))
    return found


def is_same_text(ours, theirs, aliases):
    wanted = strip_padding(ours)
    # the linker leaves the code of an overridden weak function, without its symbol, behind the
    # function before it
    if [shape(text) for text, _ in theirs[:len(wanted)]] != wanted:
        return False
    called = set().union(*(aliases[name] | {name} for name in callees_vmlinux(theirs)))
    return all(name is None or name in called for name in callees_module(ours))


def main():
    found = arguments('tool', 'report', 'out')
    check = Check('samecode')
    vmlinux, module = os.path.join(found.tree, 'vmlinux'), os.path.join(found.out, 'scheduler.o')
    done = subprocess.run([found.tool, '--json', '--all', '--boundary', found.report, vmlinux, module], capture_output=True, text=True)
    check.expect(done.returncode == 0, f'exit status {done.returncode}: something is unexplained: {done.stderr}')
    functions = json.loads(done.stdout)['functions']
    print(run(found.tool, '--boundary', found.report, vmlinux, module), end='')
    verdicts = collections.Counter(f['verdict'] for f in functions)
    compared = verdicts['identical'] + verdicts['different']
    share = 100 * verdicts['identical'] / max(compared, 1)
    check.expect(compared > 500 and share >= GOAL, f'{share:.1f} % of {compared} functions are identical; the goal is {GOAL} %')
    for f in functions:
        check.expect(f['verdict'] != 'different' or f.get('cause') not in (None, 'unexplained'), f'{f["name"]}: unexplained')

    ours, theirs = disassemble(module), disassemble(vmlinux)
    aliases, agreed = aliases_of(vmlinux), 0
    for f in functions:
        if f['verdict'] != 'identical':
            continue
        name = plain(f['name'])
        is_same = any(is_same_text(a, b, aliases) for a in ours[name] for b in theirs[name])
        agreed += check.expect(is_same, f'{f["name"]}: called identical, but objdump prints other instructions or callees')
    check.finish(f'{compared} functions compared, {verdicts["identical"]} identical ({share:.1f} %), every other explained; '
                 f'{agreed} have the same text by objdump')


if __name__ == '__main__':
    main()
