# SPDX-License-Identifier: GPL-2.0-only
"""No pointer into the module can outlive it. This checks the relocations of the built module as
readelf prints them.

A function of the module to which vmlinux's entry leads may be called and jumped to, and may
be in the module's own tables. Any other relocation for it is its address, which code could
store. Functions without a symbol in vmlinux are passed to inlined code. So are those in a
constant table without a symbol in vmlinux (RB_DECLARE_CALLBACKS): they may be in an argument
register, and are counted.
"""
import bisect
import collections
import os
import re

from truth import Check, RELOCATION, Report, arguments, run

# sections whose relocations the scheduler's code does not read: they are for loaders and debuggers
BOOKKEEPING = re.compile(r'\.rela(\.debug|\.orc|__bug_table|__ex_table|__mcount_loc|__patchable|__jump_table|\.altinstr|\.static_call'
                         r'|\.parainstructions|\.retpoline|\.return_sites|\.call_sites|\.ibt_endbr|\.smp_locks|_kprobe_blacklist'
                         r'|_error_injection_whitelist|\.discard|\.BTF|\.gnu\.linkonce|\.printk_index|\.init\.data|__bpf|\.init\.plt)')
CALLS = {'R_X86_64_PLT32', 'R_X86_64_PC32'}


def functions_of(module):
    """(section, begin, end, name) of every function."""
    found = collections.defaultdict(list)
    for line in run('readelf', '-sW', module).splitlines():
        words = line.split()
        if len(words) >= 8 and words[3] == 'FUNC' and words[6].isdigit():
            found[int(words[6])].append((int(words[1], 16), int(words[2], 0), words[7]))
    return {section: sorted(rows) for section, rows in found.items()}


def sections_of(module):
    names = {}
    for line in run('readelf', '-SW', module).splitlines():
        match = re.match(r'\s*\[\s*(\d+)\]\s+(\S+)', line)
        if match:
            names[match[2]] = int(match[1])
    return names


def objects_of(module):
    """The objects of each section: (begin, end, name)."""
    found = collections.defaultdict(list)
    for line in run('readelf', '-sW', module).splitlines():
        words = line.split()
        if len(words) >= 8 and words[3] == 'OBJECT' and words[6].isdigit():
            begin = int(words[1], 16)
            found[int(words[6])].append((begin, begin + int(words[2], 0), words[7]))
    return {section: sorted(rows) for section, rows in found.items()}


def covering(rows, offset):
    at = bisect.bisect_right([row[0] for row in rows], offset) - 1
    return rows[at] if at >= 0 else None


class Module:
    def __init__(self, path):
        self.path, self.sections = path, sections_of(path)
        self.functions, self.objects = functions_of(path), objects_of(path)
        self.by_name = {row[2]: section for section, rows in self.functions.items() for row in rows}

    def target(self, symbol, addend, kind):
        """The function whose entry a relocation names, or None. A relative one counts from
        behind its four bytes."""
        if symbol in self.by_name:
            return symbol
        section = self.sections.get(symbol)
        if section not in self.functions:
            return None
        offset = addend + (4 if kind in CALLS else 0)
        row = covering(self.functions[section], offset)
        return row[2] if row and row[0] == offset else None

    def holder(self, section, offset):
        rows = self.functions.get(section) or self.objects.get(section) or []
        row = covering(rows, offset)
        return row[2] if row else '?'

    def relocations(self):
        section = None
        for line in run('readelf', '-rW', self.path).splitlines():
            match = re.match(r"Relocation section '(\S+)'", line)
            if match:
                section = match[1]
                continue
            match = RELOCATION.search(line)
            if match and section and not BOOKKEEPING.match(section):
                offset, kind, symbol, sign, addend = match.groups()
                value = int(addend or '0', 16) * (-1 if sign == '-' else 1)
                yield section[len('.rela'):], int(offset, 16), kind, symbol, value


def is_call(text, offset):
    """True if the four bytes at the offset belong to a call or jump."""
    return text[offset - 1] in (0xe8, 0xe9) or (text[offset - 2] == 0x0f and 0x80 <= text[offset - 1] <= 0x8f)


def is_argument(text, offset):
    """True if the four bytes are loaded into an argument register: rcx, rdx, rsi, rdi, r8, r9."""
    prefix, opcode, register = text[offset - 3:offset]
    return opcode == 0xc7 and (prefix, register - 0xc0) in {(0x48, 1), (0x48, 2), (0x48, 6), (0x48, 7), (0x49, 0), (0x49, 1)}


def section_bytes(path, name, work={}):
    if (path, name) not in work:
        out = path + '.section'
        run('objcopy', '-O', 'binary', '--only-section=' + name, '--set-section-flags', name + '=alloc', path, out)
        with open(out, 'rb') as file:
            work[path, name] = file.read()
        os.unlink(out)
    return work[path, name]


def runtime_functions(folder):
    """The objects beside the scheduler: the runtime keeps its own addresses in files that are
    removed with the module."""
    found = set()
    for name in os.listdir(os.path.join(folder, 'runtime')):
        if name.endswith('.o'):
            path = os.path.join(folder, 'runtime', name)
            found |= {line.split()[-1] for line in run('nm', '--defined-only', path).splitlines() if line.split()[1] in 'tT'}
    return found | {'init_module', 'cleanup_module'}


def check_module(check, path, report):
    module, runtime = Module(path), runtime_functions(os.path.dirname(path))
    twins = runtime & {f['name'] for f in report.functions if f['scheduler']}
    check.expect(not twins, f'functions of the runtime have names of the scheduler\'s: {sorted(twins)}')
    entered = {f['name'] for f in report.functions if f['scheduler'] and f['class'] == 'interface' and f['binary'].get('symbol')}
    tables = {v['id'] for v in report.variables if v['scheduler'] and not v.get('binary', {}).get('symbol')}
    folded = {e['to'].rpartition(':')[2] for e in report.json['edges'] if e['kind'] == 'address' and e.get('from') in tables}
    counts = collections.Counter()
    for section, offset, kind, symbol, addend in module.relocations():
        target = module.target(symbol, addend, kind)
        if not target or target in runtime:
            continue
        is_text = section.startswith(('.text', '.sched.text', '.noinstr.text', '.cpuidle', '.init.text', '.spinlock'))
        if is_text and kind in CALLS and is_call(section_bytes(path, section), offset):
            counts['calls and jumps'] += 1
            continue
        holder = module.holder(module.sections[section], offset)
        name = target.removeprefix('__module_')
        if holder.startswith(('plugsched_interface_', 'plugsched_classes_')):
            counts['in the interface table'] += 1
        elif re.match(r'plugsched_\w+_sched_class$', holder):
            counts['in scheduling classes'] += 1
        elif section.removeprefix('.rela') == '_kprobe_blacklist':  # the kernel drops it with the module
            counts['in the list of what has no kprobes'] += 1
        elif holder == 'plugsched_methods':  # the core has it only while the module is there
            counts['in the methods for the core'] += 1
        elif name not in entered and is_text:
            counts['handed over without a symbol in vmlinux'] += 1
        elif name in folded and is_text and is_argument(section_bytes(path, section), offset):
            counts['handed over from a folded table'] += 1
        else:
            check.expect(False, f'{section}+{offset:#x} in {holder}: {kind} gives the address of {target}')
    return counts


if __name__ == '__main__':
    found = arguments('report', 'out')
    check = Check('leaks')
    counts = check_module(check, os.path.join(found.out, 'scheduler.o'), Report(found.report))
    check.finish(', '.join(f'{n} {what}' for what, n in sorted(counts.items())))
