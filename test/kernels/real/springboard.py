# SPDX-License-Identifier: GPL-2.0-only
"""The springboard's header says about vmlinux's __schedule what binutils show.

Truth: objdump's text, parsed only by this script: the pushes, the subtraction, where the canary is
stored, the call of __switch_to_asm and the bytes there, and every use of the frame by code that can
be reached behind the call. The header is read through the preprocessor and the assembler.
"""
import os
import re
import subprocess
import tempfile

import truth

LINE = re.compile(r'^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*(?:\t(.*?))?\s*$')
SLOT = re.compile(r'(-?0x[0-9a-f]+)?\(%(rbp|rsp)')
TARGET = re.compile(r'^(\w+)\s+([0-9a-f]+) <')
PREFIX = 'PLUGSCHED_SCHEDULE_'
LEAVES = ('ret', 'jmp')
REGISTERS = 6


def disassemble(path, *options):
    """[(address, bytes, text)], without objdump's comments."""
    lines = []
    for line in truth.run('objdump', '-d', '-w', *options, path).splitlines():
        match = LINE.match(line)
        if match and match[3]:
            text = re.sub(r'\s+', ' ', match[3].split('#')[0]).strip()
            lines.append((int(match[1], 16), bytes.fromhex(match[2]), text))
    return lines


def number(text):
    return int(text or '0', 0)


class Frame:
    """What the text of __schedule shows."""

    def __init__(self, lines):
        self.lines, self.start = lines, lines[0][0]
        texts = [text for _, _, text in lines]
        end = next(i for i, text in enumerate(texts) if re.match(r'(sub|add) +\$-?0x[0-9a-f]+,%rsp', text))
        self.sub = abs(number(re.search(r'\$(-?0x[0-9a-f]+)', texts[end])[1]))
        self.pushes = [text.split('%')[1] for text in texts[:end] if text.startswith('push')]
        self.pointer = 'mov %rsp,%rbp' in texts[:end]
        self.canary = self.find_canary(texts)
        self.switches = [address for address, _, text in lines if re.match(r'call [0-9a-f]+ <__switch_to_asm>', text)]

    @staticmethod
    def find_canary(texts):
        for text, following in zip(texts, texts[1:]):
            loaded = re.match(r'mov %gs:0x28,(%r\w+)$', text)
            stored = loaded and re.match(rf'mov {loaded[1]},(-?0x[0-9a-f]+)\(%r[bs]p\)$', following)
            if stored:
                return number(stored[1])
        return None

    def tail(self, switch):
        """The indices of the lines that can be reached from the line
        behind the call at `switch`."""
        places = {address: i for i, (address, _, _) in enumerate(self.lines)}
        waiting, seen = [places[switch] + 1], set()
        while waiting:
            i = waiting.pop()
            if i in seen:
                continue
            seen.add(i)
            text = self.lines[i][2]
            target = TARGET.match(text)
            if text.startswith('j') and target and int(target[2], 16) in places:
                waiting.append(places[int(target[2], 16)])
            if not text.startswith(LEAVES) and '<__stack_chk_fail>' not in text:
                waiting.append(i + 1)
        return sorted(seen)


def macros(header):
    text = truth.run('gcc', '-E', '-dM', '-x', 'assembler-with-cpp', header)
    return dict(re.findall(rf'^#define {PREFIX}(\w+) (.*)$', text, re.MULTILINE))


def assemble(folder, macro):
    """The instructions that a macro of the header produces, as objdump shows them."""
    source, out = os.path.join(folder, 'use.S'), os.path.join(folder, 'use.o')
    with open(source, 'w', encoding='utf-8') as file:
        file.write(f'#include "springboard.h"\n{PREFIX}{macro}\n')
    subprocess.run(['gcc', '-c', '-o', out, source], check=True)
    return [text for _, _, text in disassemble(out)]


def compile_c(folder):
    source = os.path.join(folder, 'use.c')
    with open(source, 'w', encoding='utf-8') as file:
        file.write(f'#include "springboard.h"\nint size(void) {{ return {PREFIX}FRAME_SIZE + {PREFIX}SWITCH_OFFSET; }}\n')
    subprocess.run(['gcc', '-Wall', '-Werror', '-c', '-o', os.path.join(folder, 'c.o'), source], check=True)


def check_numbers(check, frame, found):
    expected = {
        'SWITCH_OFFSET': frame.switches[0] - frame.start,
        'SUB': frame.sub,
        'FRAME_SIZE': frame.sub + 8 * len(frame.pushes),
        'PUSH_COUNT': len(frame.pushes),
        'HAS_FRAME_POINTER': int(frame.pointer),
        'HAS_CANARY': int(frame.canary is not None),
        'ENTRY_LENGTH': next(address for address, _, text in frame.lines if text.startswith('push')) - frame.start,
    }
    if frame.canary is not None:
        expected['CANARY_OFFSET'] = frame.canary
    for name, value in expected.items():
        check.expect(number(found.get(name)) == value, f'{name} is {found.get(name)}, objdump shows {value:#x}')


def check_enter(check, frame, folder):
    """The frame's instructions are in the kernel in the same order, among others."""
    wanted = assemble(folder, 'ENTER')
    ours = iter(wanted)
    following = next(ours)
    for _, _, text in frame.lines:
        if text == following:
            following = next(ours, None)
    check.expect(following is None, f'__schedule has no "{following}" after those before it')
    leave = assemble(folder, 'LEAVE')
    shown = [text for _, _, text in frame.lines]
    check.expect(any(shown[i:i + len(leave)] == leave for i in range(len(shown))), f'__schedule has no {leave} in a row')


def check_switch(check, frame, found, symbols):
    offset = number(found['SWITCH_OFFSET'])
    place, code, _ = next(line for line in frame.lines if line[0] == frame.start + offset)
    target = place + 5 + int.from_bytes(code[1:], 'little', signed=True)
    check.expect(code[0] == 0xe8 and len(code) == 5 and target == symbols['__switch_to_asm'],
                 f'{code.hex()} at the switch is no call of __switch_to_asm')


def check_tail(check, frame, switch):
    tail = frame.tail(switch)
    check.expect(any(frame.lines[i][2].startswith(LEAVES) for i in tail), 'nothing behind the switch returns')
    for i in tail:
        text = frame.lines[i][2]
        for offset, base in SLOT.findall(text):
            check.expect(number(offset) == frame.canary and base == ('rbp' if frame.pointer else 'rsp'),
                         f'"{text}" uses the frame')
    return len(tail)


def check_proof(check, frame, header):
    """Every instruction behind the switch has a line in the comment, and
    no other instruction has."""
    with open(header, encoding='utf-8') as file:
        told = {int(offset, 16) for offset in re.findall(r'^ \*\t\+(0x[0-9a-f]+)  ', file.read(), re.MULTILINE)}
    shown = {frame.lines[i][0] - frame.start for switch in frame.switches for i in frame.tail(switch)}
    shown |= {switch - frame.start for switch in frame.switches}
    check.expect(told == shown, f'the proof tells of {sorted(told ^ shown)} where objdump shows otherwise')


def main():
    options, check = truth.arguments('tool'), truth.Check('springboard')
    vmlinux = os.path.join(options.tree, 'vmlinux')
    symbols = {name: int(address, 16) for address, _, name in re.findall(
        r'^([0-9a-f]+) (\w) (\S+)$', truth.run('nm', vmlinux), re.MULTILINE)}
    frame = Frame(disassemble(vmlinux, '--disassemble=__schedule', '-j', '.text'))
    with tempfile.TemporaryDirectory() as folder:
        header = os.path.join(folder, 'springboard.h')
        truth.run(options.tool, vmlinux, header)
        found = macros(header)
        check_numbers(check, frame, found)
        check_enter(check, frame, folder)
        check_switch(check, frame, found, symbols)
        check_proof(check, frame, header)
        compile_c(folder)
    steps = sum(check_tail(check, frame, switch) for switch in frame.switches)
    check.expect(len(set(frame.pushes)) == len(frame.pushes) <= REGISTERS, f'pushes {frame.pushes}')
    check.finish(f'{len(frame.switches)} switch, {steps} instructions behind it')


main()
