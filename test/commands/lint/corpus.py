# SPDX-License-Identifier: GPL-2.0-only
"""The corpus of edits: reads the files of a folder, runs plugsched-lint on each edit, and prints how
many forbidden ones were found and how many allowed ones were reported.

A file is a list of [[edit]] tables:

    what, why   one line each: the edit, and why it is forbidden or allowed
    file        the file that is edited
    find, put   a regular expression whose first match in the file is replaced by the text, or
    in          a function: `before` is put above it, and `statement` in front of its body
    unit        the file to check, if `file` is none of a unit's own .c files

and, for a forbidden edit, [[edit.finding]] tables, one for each finding that it must give:

    rule, level the rule's code; "error" unless another level is given
    at          a text that stands in one line of the edited file only: the finding is there
    below       that many lines further down
    word        what the finding's columns enclose
    other       the file that the finding is in, if it is another one

An edit without findings is allowed and must give none.
"""
import collections
import tomllib

from linting import run_case


def replacement(edit):
    """The regular expression of an edit, and the text that takes its place."""
    if 'in' not in edit:
        return edit['find'], edit['put']
    head = rf'^(?P<head>(?!\s|#|/|\*)[^;{{}}\n]*\b{edit["in"]}\([^;{{}}]*\))\n\{{\n'
    return head, lambda match: f'{edit.get("before", "")}{match["head"]}\n{{\n\t{edit.get("statement", "")}\n'


def rule_of(finding):
    mark = (finding['at'], finding['below']) if 'below' in finding else finding['at']
    other = (finding['other'],) if 'other' in finding else ()
    return (finding['rule'], finding.get('level', 'error'), mark, finding.get('word'), *other)


def read(path):
    """The edits of a file, or of all files of a folder, in order; each has the keys of the file, and
    `case` for run_case()."""
    edits = []
    for file in sorted(path.glob('*.toml')) if path.is_dir() else [path]:
        for edit in tomllib.loads(file.read_text(encoding='utf-8'))['edit']:
            unknown = edit.keys() - {'what', 'why', 'file', 'find', 'put', 'in', 'before', 'statement', 'unit', 'finding'}
            assert not unknown and edit['what'] and edit['why'], f'{file.name}: {edit}'
            edit['subject'] = file.stem
            edit['case'] = (f'{file.stem}: {edit["what"]}', edit['file'], *replacement(edit), [rule_of(f) for f in edit.get('finding', [])])
            edits.append(edit)
    return edits


class Score:
    """How many edits of a subject there are, and how many of them went wrong."""

    def __init__(self):
        self.forbidden = self.found = self.allowed = self.reported = 0


def run(check, tool, folder, work, edits, is_saved=True):
    """Runs the edits and returns the scores by subject. What is wrong with an edit goes to `check`."""
    scores = collections.defaultdict(Score)
    for edit in edits:
        faults = []

        def note(is_good, message, faults=faults):
            if not is_good:
                faults.append(message)
            return check(is_good, message)

        run_case(note, tool, folder, work, edit['case'], asked=edit.get('unit'), is_saved=is_saved)
        score = scores[edit['subject']]
        if edit.get('finding'):
            score.forbidden += 1
            score.found += not faults
        else:
            score.allowed += 1
            score.reported += bool(faults)
    return scores


def table(scores):
    """The scores as lines of a table, with the sums in the last one."""
    rows = [(subject, s.forbidden, s.found, s.allowed, s.reported) for subject, s in sorted(scores.items())]
    rows.append(('all', *(sum(row[i] for row in rows) for i in range(1, 5))))
    lines = [f'{"subject":12} {"forbidden":>9} {"found":>6} {"allowed":>8} {"reported":>9}']
    return '\n'.join(lines + [f'{row[0]:12} {row[1]:9} {row[2]:6} {row[3]:8} {row[4]:9}' for row in rows])
