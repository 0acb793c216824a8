#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Edits of the extracted fixture kernel: each forbidden one is found in its line, and allowed ones
give nothing.

    edits.py ANALYZER EXTRACTOR LINT KERNEL
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from linting import lint, run_case, unwrapped  # noqa: E402

CONFIG = Path(__file__).resolve().parent.parent / 'extract' / 'boundary.yaml'
USER = r'^int address_user\(struct task_struct \*p, int x\)\n\{$'


def in_user(before, statement):
    return f'{before}\nint address_user(struct task_struct *p, int x)\n{{\n\t{statement}'


def address(level, mark, word='mine'):
    return ('address-stored', level, mark, word)


INT = 'static int mine(int x)\n{\n\treturn x;\n}\n'
CASES = [
    ('another result', 'functions.c', r'^__weak int fn_weak_used\(int x\)$', '__weak long fn_weak_used(int x)',
     [('interface-signature', 'error', 'long fn_weak_used', 'fn_weak_used')]),
    ('another parameter of a static function', 'rt.c', r'^static noinline int twin_kept\(int x\)$', 'static noinline int twin_kept(long x)',
     [('interface-signature', 'error', 'twin_kept(long x)', 'twin_kept'), ('does-not-parse', 'warning', 'call_later(vmlinux_at(twin_kept', None)]),
    ('another name of the same type', 'rt.c', r'^static noinline int twin_kept\(int x\)$',
     'typedef int number;\nstatic noinline number twin_kept(number x)', []),
    ('a renamed interface function', 'functions.c', r'^__weak int fn_weak_used\(int x\)$', '__weak int fn_other(int x)',
     [('interface-signature', 'error', ('fn_state = x - 3;', 2), None)]),
    ('a member in front of a known struct', 'sched.h', r'^struct rq \{$', 'struct rq {\n\tlong extra;',
     [('external-layout', 'error', 'long extra;', 'extra')]),
    ('a wider member of a known struct', 'sched.h', r'^\tint clock;$', '\tlong clock;', [('external-layout', 'error', 'long clock;', 'clock')]),
    ('a member less', 'sched.h', r'^\t\tint height;$', '',
     [('external-layout', 'error', ('int clock;', 1), None),
      ('external-layout', 'error', '} tree;', 'tree')]),
    ('a member of another name', 'sched.h', r'^\t\tint height;$', '\t\tint tall;', [('external-layout', 'error', 'int tall;', 'tall')]),
    ('a member in a gap', 'sched.h', r'^\t\tchar first;$', '\t\tchar first, third;', [('external-layout', 'error', 'third;', 'third')]),
    ('a member that grows into a gap', 'sched.h', r'^\t\tchar first;$', '\t\tshort first;', [('external-layout', 'error', 'short first;', 'first')]),
    ('a member more of a struct of which variables lie in vmlinux', 'sched.h', r'^struct private_stats \{$',
     'struct private_stats {\n\tlong extra;', [('external-layout', 'error', 'long extra;', 'extra')]),
    ('a struct of its own', 'sched.h', r'^struct private_stats \{$', 'struct own_stats {\n\tlong extra;\n};\n\nstruct private_stats {', []),
    ('a variable of vmlinux of another size', 'variables.c', r'^extern int var_plain;$', 'extern long var_plain;',
     [('external-layout', 'error', 'long var_plain', 'var_plain')]),
    ('a function handed to one outside', 'addresses.c', USER, in_user(INT, 'call_later(mine);'), [address('error', 'call_later(mine)')]),
    ('the same by way of a local', 'addresses.c', USER, in_user(INT, 'int (*f)(int) = x ? mine : NULL; call_later(f);'),
     [address('error', '? mine')]),
    ('the same by way of a function', 'addresses.c', USER,
     in_user(INT + 'static void pass(int (*f)(int))\n{\n\tcall_later(f);\n}\n', 'pass(mine);'), [address('error', 'pass(mine)')]),
    ('by way of an inline function that calls it', 'addresses.c', USER, in_user(INT, 'x += apply(mine, x);'), []),
    ('in a member of a struct that others know', 'addresses.c', USER,
     in_user('static void mine(struct work *w)\n{\n}\n', 'static struct work own; init_work(&own, mine);'), [address('error', 'init_work(&own')]),
    ('in the initialiser of such a struct', 'addresses.c', USER,
     in_user(INT + 'static const struct ops own = { .start = mine };\n', 'register_ops(&own);'), [address('error', '.start = mine')]),
    ('in a copied record', 'addresses.c', USER, in_user(INT, 'static struct ops own; own = (struct ops){ .start = mine };'),
     [address('error', '.start = mine')]),
    ('in a variable of vmlinux', 'addresses.c', USER, in_user(INT, 'address_kept = mine;'), [address('error', 'kept = mine')]),
    ('in an array of vmlinux', 'addresses.c', USER, in_user(INT, 'address_array[1] = mine;'), [address('error', '[1] = mine')]),
    ('in an array of its own', 'addresses.c', USER, in_user(INT + 'static int (*own[2])(int) = { mine };\n', 'x = own[0](x);'),
     [address('warning', '{ mine }')]),
    ('in a constant array of its own', 'addresses.c', USER, in_user(INT + 'static int (*const own[2])(int) = { mine };\n', 'x = own[0](x);'), []),
    ('compared, and called', 'addresses.c', USER, in_user(INT, 'if (address_kept == mine) x = mine(x);'), []),
    ('a function that nobody has', 'addresses.c', USER, in_user('int nobody_has(int x);\n', 'x = nobody_has(x);'),
     [('unresolved-symbol', 'error', 'x = nobody_has(x)', 'nobody_has')]),
    ('a function that nobody declares', 'addresses.c', USER, in_user('', 'x = nobody_says(x);'),
     [('unresolved-symbol', 'error', 'x = nobody_says(x)', 'nobody_says')]),
    ('a variable that nobody has', 'addresses.c', USER, in_user('extern int nobody_has;\n', 'x = nobody_has;'),
     [('unresolved-symbol', 'error', 'x = nobody_has', 'nobody_has')]),
    ('a function of vmlinux that is not listed', 'addresses.c', USER, in_user('int fn_init(void);\nint enter(int x);\n', 'x = enter(x);'),
     [('unresolved-symbol', 'error', 'x = enter(x)', 'enter')]),
    ('the address of an internal function', 'functions.c', r'^\tfn_twice_internal\(x\);$', '\tfn_state = (long)vmlinux(fn_twice_internal);',
     [('unresolved-symbol', 'error', 'vmlinux(fn_twice_internal)', 'fn_twice_internal')]),
    ('a function of another unit', 'addresses.c', USER, in_user('int twin_user(int x);\n', 'x = twin_user(x);'), []),
    ('a string in a struct that others know', 'addresses.c', USER, in_user('static struct obs_kernel_param *other;\n', 'other->str = "mine";'),
     [('string-stored', 'error', 'other->str = "mine"', None)]),
    ('the same in a copied record', 'addresses.c', USER,
     in_user('static struct obs_kernel_param *other;\n', '*other = (struct obs_kernel_param){ .str = x ? "mine" : NULL };'),
     [('string-stored', 'error', '.str = x ? "mine"', None)]),
    ('a string in a variable of vmlinux', 'variables.c', r'^\tvar_zero \+= x;$', '\tvar_names[x] = "mine";',
     [('string-stored', 'error', 'var_names[x] = "mine"', None)]),
    ('strings on the stack, in a struct of its own, and printed', 'addresses.c', USER,
     in_user('struct own_names {\n\tconst char *name;\n};\nstatic struct own_names own;\n',
             'struct obs_kernel_param here = { .str = "mine" }; char text[] = "mine"; own.name = "mine"; x += here.early + text[0];'), []),
    ('a body for a function that stays', 'statements.c', r'^noinline int statement_waits\(int x\);.*$',
     'static noinline int statement_waits(int x)\n{\n\treturn x;\n}',
     [('stays-in-vmlinux', 'error', 'int statement_waits(int x)', 'statement_waits')]),
    ('the same beside the prototype', 'statements.c', r'^int statement_user\(int x\)$',
     'int statement_waits(int y)\n{\n\treturn y;\n}\nint statement_user(int x)',
     [('stays-in-vmlinux', 'error', 'int statement_waits(int y)', 'statement_waits')]),
    ('the same in another unit', 'addresses.c', USER, in_user('void fn_waits(int x)\n{\n}\n', ''),
     [('stays-in-vmlinux', 'error', 'void fn_waits(int x)', 'fn_waits')]),
    ('a body for a function that ran at boot', 'statements.c', r'^int statement_user\(int x\)$',
     'static int statement_first(void)\n{\n\treturn 0;\n}\nint statement_user(int x)',
     [('stays-in-vmlinux', 'error', 'static int statement_first(void)', 'statement_first')]),
    ('the value of a variable of vmlinux', 'variables.c', r'^extern int var_plain;$', 'int var_plain = 9;',
     [('stays-in-vmlinux', 'error', 'int var_plain = 9', 'var_plain')]),
    ('the same of a static one', 'variables.c', r'^extern int var_static;$', 'static int var_static;',
     [('stays-in-vmlinux', 'error', 'static int var_static;', 'var_static')]),
    ('the same of one for each CPU', 'variables.c', r'^DECLARE_PER_CPU\(int, var_percpu\);$', 'DEFINE_PER_CPU(int, var_percpu) = 3;',
     [('stays-in-vmlinux', 'error', 'DEFINE_PER_CPU(int, var_percpu)', 'var_percpu')]),
    ('the same of a static local', 'variables.c', r'^\textern int var_local_one__calls asm.*$',
     '#define var_local_one__calls calls\n\tstatic int calls = 7;',
     [('stays-in-vmlinux', 'error', 'static int calls = 7', 'calls')]),
    ('a variable that vmlinux never had in memory', 'addresses.c', USER, in_user('static int var_unused_one;\n', 'var_unused_one++;'), []),
    ('a static variable of another unit\'s name', 'addresses.c', USER, in_user('static int var_static;\n', 'var_static++;'), []),
    ('an initcall', 'statements.c', r'^int statement_user\(int x\)$',
     'static int mine(void)\n{\n\treturn 0;\n}\ncore_initcall(mine);\nint statement_user(int x)',
     [('no-effect', 'error', 'core_initcall(mine)', 'mine')]),
    ('a parameter of the boot', 'statements.c', r'^int statement_user\(int x\)$',
     'static int mine(char *text)\n{\n\treturn 0;\n}\n__setup("mine=", mine);\nint statement_user(int x)',
     [('no-effect', 'error', '__setup("mine=", mine)', 'mine')]),
    ('a system call', 'macros.c', r'^int macro_user\(int x\)$', 'SYSCALL_DEFINE1(mine, int, x)\n{\n\treturn x;\n}\nint macro_user(int x)',
     [('no-effect', 'error', 'SYSCALL_DEFINE1(mine', None)]),
    ('a system call in a unit that had none', 'addresses.c', r'^#include "sched.h"$',
     '#include <linux/syscalls.h>\n#include "sched.h"\nSYSCALL_DEFINE0(mine)\n{\n\treturn 0;\n}',
     [('no-effect', 'error', 'SYSCALL_DEFINE0(mine)', None)]),
    ('an initcall that is left out', 'statements.c', r'^int statement_user\(int x\)$',
     '#if 0\ncore_initcall(mine);\n#endif\nint statement_user(int x)', []),
    ('a symbol that Kconfig lacks', 'addresses.c', USER, in_user('#ifdef CONFIG_MINE\nint mine;\n#endif\n', ''),
     [('unknown-config', 'error', '#ifdef CONFIG_MINE', 'CONFIG_MINE')]),
    ('the same in a condition of several lines', 'addresses.c', USER, in_user('#if defined(X) || \\\n\tdefined(CONFIG_MINE)\n#endif\n', ''),
     [('unknown-config', 'error', '\tdefined(CONFIG_MINE)', 'CONFIG_MINE')]),
    ('the same behind a comment', 'addresses.c', USER, in_user('#if defined(X) /* y */ || defined(CONFIG_MINE)\n#endif\n', ''),
     [('unknown-config', 'error', '|| defined(CONFIG_MINE)', 'CONFIG_MINE')]),
    ('the same in code', 'addresses.c', USER, in_user('#define IS_ENABLED(option) 0\n', 'if (IS_ENABLED(CONFIG_MINE)) x++;'),
     [('unknown-config', 'error', 'if (IS_ENABLED(CONFIG_MINE))', 'CONFIG_MINE')]),
    ('a symbol that the source defines', 'addresses.c', USER, in_user('#define CONFIG_MINE 1\n#ifdef CONFIG_MINE\n#endif\n', ''), []),
    ('a symbol in a comment', 'addresses.c', USER, in_user('#ifdef X /* CONFIG_MINE */\n#endif /* CONFIG_MINE */\n', ''), []),
    ('a body', 'addresses.c', USER, in_user('', 'if (!p) return 0;'), []),
]


def check_unwrapped(check, tool, folder, work):
    """With vmlinux() removed everywhere, every place is found again, except addresses that are
    compared or only called."""
    silent = {('addresses.c', 'returned'), ('addresses.c', 'in_typeof'), ('addresses.c', 'as_compared'), ('classes.c', 'enqueue_task_idle')}
    options, wanted = [], set()
    for path in sorted(Path(folder).glob('*.c')):
        text, places = unwrapped(path.read_text())
        if not places:
            continue
        Path(work, path.name).write_text(text)
        options.append(f'--overlay={path}={work}/{path.name}')
        wanted |= {(path.name, line, name) for line, name in places if (path.name, name) not in silent}
    _, result, stderr = lint(tool, *options, folder)
    if not check(result is not None, stderr):
        return 0
    found = {(os.path.basename(f['file']), f['line'], f['id'].split(':')[1]) for f in result['findings'] if f['rule'] == 'address-stored'}
    check(wanted <= found, f'taken off vmlinux() and not found: {sorted(wanted - found)}')
    check(len(wanted) > 10, f'only {len(wanted)} places')
    return len(wanted)


def main():
    analyzer, extractor, tool, kernel = map(os.path.abspath, sys.argv[1:5])
    wrong = []

    def check(is_good, message):
        if not is_good:
            wrong.append(message)
        return is_good

    with tempfile.TemporaryDirectory() as work:
        report, folder = f'{work}/boundary.json', f'{work}/scheduler'
        subprocess.run([analyzer, '-q', '--no-cache', '-k', kernel, '-c', CONFIG, '-o', report], check=True)
        subprocess.run([extractor, '-q', '-k', kernel, '--boundary', report, '-o', folder], check=True)
        code, result, stderr = lint(tool, folder)
        check(code == 0 and result and not result['findings'] and not result['problems'], f'the unedited folder gives {result} {stderr}')
        code, result, stderr = lint(tool, '-r', report, kernel)
        check(code == 0 and result and not result['findings'], f'the unedited kernel gives {result} {stderr}')
        for case in CASES:
            run_case(check, tool, folder, work, case)
        places = check_unwrapped(check, tool, folder, work)
    for message in wrong:
        print('WRONG:', message)
    print(f'lint/edits: {len(CASES)} edits, {places} addresses laid bare, {len(wrong)} wrong')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
