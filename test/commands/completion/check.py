#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares completion in a real shell with what the programs and a report say.

  check.py SHELL COMPLETION REPORT PROGRAM...

SHELL: bash, zsh or fish; COMPLETION: the folder with the built files; PROGRAM:
the path of each program.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import shells

FAILURES = []

REPORTS = ["plain.json", "the report.json"]
MODULES = ["a.ko", "b c.ko", "packed.ko.xz"]
SCHEDULERS = ["scheduler", "second"]  # in the kernel
OBJECTS = ["unit.o"]
EVERY_FILE = REPORTS + MODULES + OBJECTS + ["vmlinux"]


def expect(is_good, line, what):
    if not is_good:
        FAILURES.append(line)
        print(f"{line!r}: {what}", file=sys.stderr)


def same(line, got, wanted):
    expect(got == wanted, line, f"missing {sorted(wanted - got)[:10]}, too many {sorted(got - wanted)[:10]}")


# --- what the programs say about themselves

def help_of(path, *words):
    return subprocess.run([path, *words, "--help"], capture_output=True, text=True, check=True).stdout


def options_of(text, skip=()):
    """The long and short options at the start of lines of help, without those described as
    "SUBCOMMAND: ..." or "SUBCOMMAND, SUBCOMMAND: ..."."""
    options = set()
    for line in text.splitlines():
        found = re.match(r"\s+(?:(-[a-z]), )?(--[a-z-]+)(?:=\S+)?\s\s+(.*)", line)
        if found and not found[3].startswith(tuple(word + end for word in skip for end in ":,")):
            options |= {option for option in found.groups()[:2] if option}
    return options


def subcommands_of(text):
    return [line.split()[1] for line in text.splitlines() if re.match("  plugsched [a-z]", line)]


def questions_of(text):
    lines = text.partition("\nQuestions:\n")[2].partition("\n\n")[0].splitlines()
    return {line.split()[0]: re.split("  +", line.strip())[0].split()[1:] for line in lines}


# --- what the report contains

def names_of(report):
    members = {entry["name"] for entry in report["members"]}
    return {entry["name"] for key in ("functions", "variables") for entry in report[key]} | members | \
        {name.split(".")[0] for name in members}


# --- tests

def bare(offers):
    """The options without the "=" that says that they need a value."""
    return {offer[:-1] if offer.startswith("--") and offer.endswith("=") else offer for offer in offers}


def values(shell, line):
    """The values offered for an option at the end of the line, given as --option=;
    some shells repeat that."""
    return {offer.split("=", 1)[-1] for offer in shell.offers(line)}


def check_options(shell, name, path):
    text = help_of(path)
    words = subcommands_of(text)
    wanted = options_of(text, words)
    expect(len(wanted) > 2, name, "--help lists no options")
    same(f"{name} -", bare(shell.offers(f"{name} -")), wanted)
    same(f"{name} --", bare(shell.offers(f"{name} --")), {option for option in wanted if option.startswith("--")})
    for word in words:
        same(f"{name} {word} -", bare(shell.offers(f"{name} {word} -")), options_of(help_of(path, word)))
    if words:
        same(f"{name} ", shell.offers(f"{name} "), set(words))


def check_questions(shell, path):
    questions = questions_of(help_of(path))
    expect(len(questions) > 5, "plugsched-graph --help", "no questions")
    same("REPORT ", shell.offers("plugsched-graph plain.json "), set(questions))
    expect(set(questions) <= shell.offers("plugsched-graph "), "plugsched-graph ", "a question may come before its report")
    for question in questions:
        line = f"plugsched-graph plain.json {question} -"
        same(line, bare(shell.offers(line)), options_of(help_of(path, question)))
    for line in ("plugsched-graph plain.json info ", "plugsched-graph plain.json path a b "):
        same(line, shell.offers(line), set())


def check_names(shell, path, report):
    names = names_of(report)
    prefix = "s"

    def beginning(text):
        return {name for name in names if name.startswith(text)}

    def of_names(line, text):
        """Shells may also offer names that contain the text elsewhere."""
        got = shell.offers(line + text)
        same(line + text, {offer for offer in got if offer.startswith(text)}, beginning(text))
        expect(got <= names, line, f"no names of the report: {sorted(got - names)[:5]}")

    expect(len(beginning(prefix)) > 10, prefix, "too few names to tell")
    of_names("plugsched-graph plain.json why ", prefix)
    of_names("plugsched-graph plain.json callers schedule ", prefix)  # NAME...
    of_names("plugsched-graph plain.json path schedule ", prefix)
    of_names("plugsched-graph why plain.json ", prefix)
    of_names("plugsched-graph --json plain.json -d 2 callees ", prefix)
    of_names("plugsched-graph plain.json uses ", "rq.")
    of_names("plugsched-graph plain.json what-if -e ", prefix)
    of_names(r"plugsched-graph the\ report.json why ", prefix)
    of_names("plugsched-graph 'the report.json' why ", prefix)
    of_names(r"plugsched-graph sub\ folder/b\'s.json why ", prefix)
    got = values(shell, f"plugsched-graph plain.json what-if --external={prefix}")
    same("--external=", {name for name in got if name.startswith(prefix)}, beginning(prefix))
    got = values(shell, "plugsched-graph plain.json list --file=kernel/")
    same("--file=", got, {entry["file"] for key in ("functions", "variables", "members") for entry in report[key]
                          if entry["file"].startswith("kernel/")})
    for option in ("class", "kind"):
        offered = values(shell, f"plugsched-graph plain.json list --{option}=")
        same(option, offered, set(re.search(rf"--{option}=.*?list: (.*) only", help_of(path))[1].replace(" or", ",").split(", ")))
        for value in offered:  # the program must accept it
            subprocess.run([path, os.path.join(shell.work["folder"], "plain.json"), "list", f"--{option}", value],
                           stdout=subprocess.DEVNULL, check=True)


def check_files(shell, programs):
    def files(line, wanted):
        got = {offer.rstrip("/").split("=", 1)[-1].replace("\\", "") for offer in shell.offers(line)}
        same(line, got, set(wanted))

    folders = ["sub folder"]
    files("plugsched load ", MODULES + folders + SCHEDULERS)
    files("plugsched load --via-vmlinux --wait 1 ", MODULES + folders + SCHEDULERS)
    files("plugsched check ", MODULES + folders)
    files("plugsched anchor --vmlinux=x ", MODULES + folders)
    files("plugsched build ", folders)
    files("plugsched build -j 2 ", folders)
    files("plugsched build --name other ", folders)
    same("plugsched build --name=", values(shell, "plugsched build --name="), set())
    files("plugsched unload ", MODULES + folders + SCHEDULERS)
    same("plugsched unload second ", shell.offers("plugsched unload second "), set())
    for word in ("list", "history", "status"):
        same(word, shell.offers(f"plugsched {word} "), set())
    files("plugsched-graph plain.json diff ", REPORTS + folders)
    files("plugsched-extract --boundary ", REPORTS + folders)
    files("plugsched-extract --kernel=", folders)
    files("plugsched-analyze -k ", folders)
    files("plugsched-compare ", EVERY_FILE + folders)
    files("plugsched-compare vmlinux ", OBJECTS + folders)
    same("plugsched load a.ko ", shell.offers("plugsched load a.ko "), set())
    same("plugsched-extract -j ", shell.offers("plugsched-extract -j "), set())
    if "plugsched-lint" in programs:
        files("plugsched-lint ", folders)
    # the whole line after completion
    for line, wanted in {"plugsched load b": ["plugsched", "load", "b c.ko"],
                         r"plugsched load b\ ": ["plugsched", "load", "b c.ko"],
                         "plugsched-extract --boundary=the": ["plugsched-extract", "--boundary=the report.json"],
                         "plugsched unl": ["plugsched", "unload"],
                         "plugsched unload sec": ["plugsched", "unload", "second"],
                         "plugsched-analyze --ker": ["plugsched-analyze", "--kernel="]}.items():
        got = shell.completed(line)
        expect(got == wanted, line, f"became {got}")


def check_hostile(shell):
    """Nothing on the line is executed, and a file that cannot be read causes no message."""
    for report in ("none.json", "broken.json", "'$(touch run)'", '"`touch run`"', r"\$\(touch\ run\)", "$(touch run)", "sub\\ folder"):
        same(report, shell.offers(f"plugsched-graph {report} why s"), set())
    expect(not os.path.exists(os.path.join(shell.work["folder"], "run")), "$(touch run)", "was run")
    same("unknown", shell.offers("plugsched-graph plain.json nonsense "), set())
    same("unknown option", shell.offers("plugsched-extract --nonsense="), set())


def prepare(folder, report):
    """The files for completion: reports, modules, a folder, and files
    that must never be offered."""
    os.mkdir(os.path.join(folder, "sub folder"))
    for name in REPORTS + ["sub folder/b's.json"]:
        shutil.copy(report, os.path.join(folder, name))
    for name in MODULES + OBJECTS + ["vmlinux"]:
        open(os.path.join(folder, name), "w", encoding="utf-8").close()


def main():
    name = sys.argv[1]
    completion, path, *programs = map(os.path.abspath, sys.argv[2:])
    programs = {os.path.basename(program): program for program in programs}
    with tempfile.TemporaryDirectory() as top:
        work = {"folder": os.path.join(top, "work"), "aside": os.path.join(top, "aside")}
        os.mkdir(work["folder"])
        os.mkdir(work["aside"])
        prepare(work["folder"], path)
        for scheduler in SCHEDULERS:
            os.makedirs(os.path.join(top, "root/sys/kernel/plugsched/schedulers", scheduler))
        folders = ":".join(sorted({os.path.dirname(program) for program in programs.values()}))
        environment = dict(os.environ, HOME=work["aside"], TERM="dumb", COMPLETION=completion, ASIDE=work["aside"],
                           PLUGSCHED_ROOT=os.path.join(top, "root"),
                           PATH=f"{folders}:{os.environ['PATH']}")
        for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "BASH_ENV", "INPUTRC", "ZDOTDIR"):
            environment.pop(variable, None)
        shell = shells.start(name, work, environment)
        if not shell:
            print(f"{name} is not installed", file=sys.stderr)
            return 77
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        for program in programs:
            check_options(shell, program, programs[program])
        check_questions(shell, programs["plugsched-graph"])
        check_names(shell, programs["plugsched-graph"], report)
        check_files(shell, programs)
        with open(os.path.join(work["folder"], "broken.json"), "w", encoding="utf-8") as file:
            file.write("{")
        check_hostile(shell)
        noise = shell.noise()
        expect(not noise, "stderr", "\n".join(noise[:20]))
        shell.end()
    print(f"{name}: {len(FAILURES)} lines are completed wrongly")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
