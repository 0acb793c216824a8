# SPDX-License-Identifier: GPL-2.0-only
"""Every use of a struct member that `semind` finds in the scheduler's units is in the report, with
what is done to the member.

There are two truths, neither of which knows the analyser:

- semind (of sparse, with its own parser) indexes the four units with the commands they were
  built with. A row is a member, a place, the function or variable that contains it, and a mode:
  address, read, write, or the same for what the member points to. The report must have a use of
  that member, by that function, in that file and line, and of a kind that says as much. If it has
  not, the difference gets a cause; a difference without a cause is an error.
- semind does not enter the bodies of inline functions. For those, gcc's preprocessor tells: each
  "->name" and ".name" in a function body of a file in kernel/sched must be a use of a member of
  that name, in its line, by that function. (Members in sizeof(), typeof() and the like are no
  uses.)
- A record that is copied as a whole, or set to a literal, is a use of every named member.
  semind reports assignments as "RECORD.*", and it knows the members of the record. The
  preprocessed text shows whether it is a copy (read-write) or a literal (write), and also shows
  the initialisers of variables, which semind does not report.
"""
import collections
import itertools
import os
import re
import sqlite3
import tempfile

import truth

MEMBER = ord('m')           # semind's kind
DEFINITION = 1 << 16        # its modes
WHOLE = '*'                 # its name for all members of a record
ADDRESS, READ, WRITE, POINTEE = 0x3, 0x4, 0x8, 0xff00

Row = collections.namedtuple('Row', 'file line column record member user mode')
# A record that is set, by an assignment (`record` is '') or by the initialiser of a variable of
# that record or type.
Setting = collections.namedtuple('Setting', 'file line function record is_literal')

# Why the report differs from semind and is right; each cause must occur.
CAUSES = {
    'unevaluated': 'in sizeof, typeof or offsetof: nothing is done to the member',
    'outside user': 'code of another file in the unit: what the scheduler\'s members are used for is checked, and that '
                    'others are external, of which the report keeps one use',
    'array': 'it, or the array that it holds, becomes a pointer or is one of arrays: semind calls that a read, '
             'the report an address or what is done to the element',
    'part of a whole': 'a record within one that is set as a whole: the report has the members of the outer one',
    'dereferenced at once': 'READ_ONCE() and such: semind calls it an address, the report what is done to the member',
}


def preprocess(tree, target):
    """The text of a unit as the compiler sees it, with line markers."""
    words = [w for w in tree.command(target) if not w.startswith('-Wp,-M') and w != '-c']
    words[words.index('-o') + 1] = '-'
    return truth.run(*words, '-E', tree=tree.path)


def read_array_types(text):
    """Names of typedefs for arrays."""
    return set(re.findall(r'\btypedef\b[^;{}()]*?(\w+)\s*\[[^];]*\]\s*;', text))


# in the preprocessed text: a line marker, a string, a name, what stands between
TOKEN = re.compile(r'^\# (?P<line>\d+) "(?P<file>[^"]*)".*$|(?P<string>"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')|'
                   r'(?P<name>[A-Za-z_]\w*)|(?P<number>\.?\d[\w.]*)|(?P<sign>->|\.\.\.|\n|\S)', re.M)
UNEVALUATED = {'typeof', '__typeof__', '__typeof', 'sizeof', '_Alignof', '__alignof__', '__builtin_offsetof',
               '__builtin_types_compatible_p', '_Static_assert', '__attribute__'}


def read_tokens(text):
    """(file, line, token) of a preprocessed text; strings are all '""'."""
    file, line = '', 0
    for found in TOKEN.finditer(text):
        if found['line']:
            file, line = found['file'], int(found['line']) - 1
        elif found['sign'] == '\n':
            line += 1
        else:
            yield file, line, '""' if found['string'] else found[0]


def skip_unevaluated(tokens):
    """The tokens without the operands of sizeof, typeof and the like."""
    depth, is_next = 0, False
    for file, line, token in tokens:
        if depth:
            depth += (token == '(') - (token == ')')
        elif is_next and token == '(':
            depth, is_next = 1, False
        elif token in UNEVALUATED:
            is_next = True
        else:
            is_next = False
            yield file, line, token


def find_bodies(text):
    """(file, line, function, token) for the tokens in function bodies."""
    braces = parentheses = 0
    name = previous = ''
    for file, line, token in skip_unevaluated(read_tokens(text)):
        if not braces and not parentheses:
            if token == '(' and re.match(r'\w', previous) and name != '=':
                name = previous
            # the braces of an initialiser or type are no function body
            elif token in ('=', ';', '}'):
                name = token
        parentheses += (token == '(') - (token == ')')
        if not parentheses:
            braces += (token == '{') - (token == '}')
        if braces and re.match(r'\w', name):
            yield file, line, name, token
        if not braces and token == '}':
            name = ''
        previous = token


def find_byte_ranges(tokens):
    """(file, line, function) of each line with a function of bytes: what lies in its range is used without its name."""
    return {(file, line, name) for file, line, name, token in tokens
            if re.fullmatch(r'(__builtin_)?mem(set|cpy|move|cmp)', token)}


def find_lexical_uses(tokens):
    """(file, line, function, member) of each "->member" and ".member" in a function body."""
    for (_, _, _, previous), (file, line, name, token) in itertools.pairwise(tokens):
        if previous in ('->', '.') and re.match(r'[A-Za-z_]', token):
            yield file, line, name, token


def find_settings(tokens):
    """Each Setting in function bodies, whatever its type. An initialiser in braces is none."""
    words = [token for _, _, _, token in tokens]
    for i, (file, line, name, token) in enumerate(tokens):
        if token != '=' or words[i + 1] == '{':
            continue
        is_declared = re.match(r'[A-Za-z_]', words[i - 1]) and re.match(r'[A-Za-z_]', words[i - 2])
        yield Setting(file, line, name, words[i - 2] if is_declared else '', is_literal(words, i + 1))


def is_literal(words, i):
    """True if the expression that begins at a token is "(type){...}", perhaps in parentheses."""
    while words[i] == '(' and words[i + 1] == '(':
        i += 1
    if words[i] != '(':
        return False
    end = words.index(')', i)
    return words[end + 1] == '{' and end > i + 1


def read_symbol(symbol):
    """Record and member. A record without a name is named by its place: here
    "outer:inner" or ":variable"."""
    record, member = symbol.rsplit('.', 1)
    return record.strip(':').replace(':', '.'), member


def index(tree, folder):
    """semind's rows for uses of members in the scheduler's units, and the members that
    it knows of each record."""
    database = os.path.join(folder, 'semind.sqlite')
    for target in tree.scheduler:
        words = [w for w in tree.command(target)[1:] if not w.startswith('-Wp,-M') and w != '-c']
        output = words.index('-o')
        # semind would empty that file, and the tree must not be changed
        del words[output:output + 2]
        # as gcc sees the code: the branches for sparse have checks with additional uses of members
        truth.run('semind', '-D', database, '-B', tree.path, 'add', '--include-local-syms', '--',
                  '-U__CHECKER__', *words, tree=tree.path)
    with sqlite3.connect(database) as connection:
        found = [Row(file, line, column, *read_symbol(symbol), user, mode)
                 for file, line, column, symbol, user, mode in connection.execute(
                     'SELECT name, line, column, symbol, context, mode FROM semind JOIN file ON id = file '
                     'WHERE kind = ? ORDER BY 1, 2, 3, 4, 6', (MEMBER,))]
    members = collections.defaultdict(set)
    for row in found:
        if row.mode == DEFINITION:
            members[row.record].add(row.member)
    return [row for row in found if row.mode != DEFINITION], members


class Uses:
    """
    The report's uses of members by place, user, record and member; `arrays` are typedefs of arrays,
    `known` the members of each record, `settings` all that the text shows.
    """

    def __init__(self, report, arrays, known, settings):
        self.arrays, self.known, self.literals = arrays, known, collections.defaultdict(set)
        for setting in settings:
            self.literals[setting.file, setting.line, setting.function].add(setting.is_literal)
        self.kinds, self.members = collections.defaultdict(set), collections.defaultdict(list)
        for node in report.members:
            self.members[node['record'], node['member']].append(node)
        for use in report.uses:
            to, user = report.nodes[use['to']], report.nodes.get(use['from'])
            if 'record' not in to or not user or use['kind'] == 'escape':
                continue
            # semind reports the initialiser of a static local under the function's name
            for name in (user['name'], user.get('owner')):
                self.kinds[use['file'], use['line'], name, to['record'], to['member']].add(use['kind'])

    def types(self, row):
        return {node['type'] for node in self.members[row.record, row.member]}

    def parts(self, row, others):
        """Those of `others` whose member belongs to the type of the row's member."""
        types = self.types(row)
        return [other for other in others if 'struct ' + other.record in types or 'union ' + other.record in types]

    def has_array(self, row, others):
        """True if the member is an array, or contains one that the same place uses (`others` are
        the rows there)."""
        if any(name.endswith(']') or name in self.arrays for name in self.types(row)):
            return True
        return any(self.has_array(part, others) for part in self.parts(row, others))

    def sets_whole(self, row):
        """True if the report has a use of each member of the record that is set there, as a copy
        or as a literal."""
        place = row.file, row.line, row.user
        is_literal = self.literals[place]
        for member in self.known[row.record]:
            kinds = self.kinds.get((*place, row.record, member), set())
            if is_literal != {False} and 'write' in kinds or is_literal != {True} and 'read-write' in kinds:
                continue
            return False
        return True

    def is_part(self, row, others):
        """True if the same place sets another record as a whole, and the report says so
        (`others` are the line's rows)."""
        return any(outer.member == WHOLE and outer.record != row.record and outer.column == row.column
                   and self.known[outer.record] and self.sets_whole(outer) for outer in others)

    def is_external(self, row):
        return all(node['class'] == 'external' for node in self.members[row.record, row.member])

    def is_scheduler(self, row):
        return any(node['scheduler'] for node in self.members[row.record, row.member])


# kind of a use -> what is done to the member
DONE = {'read': {'read'}, 'write': {'write'}, 'read-write': {'read', 'write'}, 'indirect': {'read'},
        'address': {'address'}, 'object': set()}


def find_lack(row, kinds):
    """What semind says is done to the member and the report does not say."""
    done = set().union(*(DONE[kind] for kind in kinds))
    wanted = set()
    if row.mode & READ or row.mode & POINTEE:  # following a pointer reads it
        wanted.add('read')
    if row.mode & WRITE:
        wanted.add('write')
    return wanted - done


def find_cause(row, uses, kinds, others):
    """Why the report does not say what semind says. None: it does say
    so; '': there is no reason."""
    if row.mode == 0:
        return None if kinds else 'unevaluated'
    if row.member == WHOLE:
        if uses.sets_whole(row):
            return None
        return 'part of a whole' if uses.is_part(row, others) else ''
    if not kinds:
        if row.file.startswith(truth.FOLDER) or uses.is_scheduler(row):
            return ''
        return 'outside user' if uses.is_external(row) else ''
    if not find_lack(row, kinds):
        is_address = row.mode & ADDRESS and not row.mode & (READ | WRITE)
        return 'dereferenced at once' if is_address and 'address' not in kinds else None
    return 'array' if uses.has_array(row, others) else ''


def check_rows(check, uses, rows):
    """Each row is a use, or has a cause. Returns the counts of the causes."""
    counts, places = collections.Counter(), collections.defaultdict(list)
    for row in rows:
        places[row.file, row.line, row.user].append(row)
    for row in rows:
        kinds = uses.kinds.get((row.file, row.line, row.user, row.record, row.member), set())
        cause = find_cause(row, uses, kinds, places[row.file, row.line, row.user])
        if cause:
            counts[cause] += 1
        elif cause is None:
            counts['same'] += 1
        else:
            what = 'not a use of each' if row.member == WHOLE else sorted(kinds) or 'no use'
            check.expect(False, f'{row.file}:{row.line}: {row.user} uses {row.record}.{row.member}, mode '
                                f'{row.mode:#x}: the report has {what}')
    return counts


def check_bodies(check, report, uses):
    """Each use that the preprocessed text shows is in the report. Returns the
    number of those in headers."""
    known = set()
    for use in report.uses:
        to, user = report.nodes[use['to']], report.nodes.get(use['from'])
        if 'record' in to and user:
            known |= {(use['file'], use['line'], name, to['member']) for name in (user['name'], user.get('owner'))}
    for file, line, function, member in uses:
        check.expect((file, line, function, member) in known, f'{file}:{line}: {function} uses .{member}: no use')
    return sum(file.endswith('.h') for file, _, _, _ in uses)


def check_initialised(check, uses, settings):
    """Each variable that is initialised with a copy or a literal is a use of its members.
    Returns their number."""
    count = 0
    for setting in settings:
        if uses.known.get(setting.record):
            count += 1
            row = Row(setting.file, setting.line, 0, setting.record, WHOLE, setting.function, WRITE)
            check.expect(uses.sets_whole(row), f'{row.file}:{row.line}: {row.user} initialises a variable of '
                         f'{row.record}: the report has no use of each member')
    return count


def check_extra(check, report, rows, bodies, settings, ranges):
    """Each use by a function that semind enters is known to one of the truths. What has no name in the text may lie
    in a range of bytes, or in a record that is handed over, or set within another, as a whole: then all members of
    the record are used there."""
    users = {row.user for row in rows}
    known = {(row.file, row.line, row.user, row.member) for row in rows} | set(bodies)
    whole = {(row.file, row.line, row.user, row.record) for row in rows if row.member == WHOLE}
    whole |= {setting[:4] for setting in settings}
    members = collections.Counter((node['file'], node['record']) for node in report.members)
    used = collections.defaultdict(set)
    for use in report.uses:
        to, user = report.nodes[use['to']], report.nodes.get(use['from'])
        if 'record' in to and user and use['kind'] != 'escape':
            used[use['file'], use['line'], user['name'], to['file'], to['record']].add(to['id'])
    whole |= {(*place[:3], place[4]) for place, ids in used.items() if len(ids) == members[place[3:]]}
    for use in report.uses:
        to, user = report.nodes[use['to']], report.nodes.get(use['from'])
        if 'record' not in to or not user or user['name'] not in users or not use['file'].startswith(truth.FOLDER):
            continue
        if use['kind'] == 'escape':  # where an address gets is no use of its own in the text
            continue
        places = [(use['file'], use['line'], name) for name in (user['name'], user.get('owner'))]
        check.expect(any((*place, to['member']) in known or (*place, to['record']) in whole or place in ranges
                         for place in places),
                     f"{use['file']}:{use['line']}: no truth has the use of {to['name']} by {user['name']}")


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('semind')
    arrays, bodies, settings, ranges = set(), set(), set(), set()
    for target in tree.scheduler:
        text = preprocess(tree, target)
        arrays |= read_array_types(text)
        tokens = list(find_bodies(text))
        bodies |= {(tree.relative(file), *rest) for file, *rest in find_lexical_uses(tokens)}
        ranges |= {(tree.relative(file), *rest) for file, *rest in find_byte_ranges(tokens)}
        settings |= {each._replace(file=tree.relative(each.file)) for each in find_settings(tokens)}
    bodies = sorted(use for use in bodies if use[0].startswith(truth.FOLDER))
    settings = sorted(each for each in settings if each.file.startswith(truth.FOLDER))
    with tempfile.TemporaryDirectory() as folder:
        rows, known = index(tree, folder)
    uses = Uses(report, arrays, known, settings)
    counts = check_rows(check, uses, rows)
    initialised = check_initialised(check, uses, settings)
    check_extra(check, report, rows, bodies, settings, ranges)
    inline = check_bodies(check, report, bodies)
    for cause in CAUSES:
        check.expect(counts[cause], f'the exception for "{cause}" is never needed')
    seen = {(row.file, row.line, row.user, row.member) for row in rows}
    unseen = sum(use not in seen for use in bodies)
    check.expect(len(rows) > 5000 and unseen > 500 and inline > 200, 'hardly any uses: the truth is broken')
    for cause, count in sorted(counts.items()):
        print(f'{count:6} {cause}' + (f': {CAUSES[cause]}' if cause in CAUSES else ''))
    check.finish(f"{len(rows)} uses by semind, {counts['same']} of them told the same; {len(bodies)} uses in the "
                 f'text of function bodies, {inline} of them in headers, {unseen} of which semind sees nothing; '
                 f'{initialised} variables initialised with records')


if __name__ == '__main__':
    main()
