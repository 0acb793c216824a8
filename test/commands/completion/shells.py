# SPDX-License-Identifier: GPL-2.0-only
"""Shells at terminals of their own, in which lines are typed and completed.

A shell is started once, in the folder that the completion is to see. Each has:

  offers(line)     the set of candidates at the end of the line
  completed(line)  the words of the line after completion, as the shell understands them
  noise()          what the completion has printed to stderr so far
"""

import os
import pty
import re
import select
import shutil
import subprocess
import time

DEADLINE = 600  # seconds for an answer; only guards against hangs


class Terminal:
    """A shell that reads keys. It answers through the files "hits" and "line"; the file "done"
    says that they are complete."""

    def __init__(self, command, setup, work, environment):
        self.work = work
        self.screen = b""
        pid, self.keys = pty.fork()
        if pid == 0:
            os.chdir(work["folder"])
            os.execvpe(command[0], command, environment)
        self.pid = pid
        self.type(f". {setup}\n")
        self.wait_for("done")

    def path(self, name):
        return os.path.join(self.work["aside"], name)

    def type(self, keys):
        os.write(self.keys, keys.encode())

    def wait_for(self, name):
        end = time.monotonic() + DEADLINE
        while not os.path.exists(self.path(name)):
            if select.select([self.keys], [], [], 0.02)[0]:
                self.screen += os.read(self.keys, 65536)
            if time.monotonic() > end:
                raise RuntimeError(f"no answer; on the screen: {self.screen[-2000:]!r}")
        os.unlink(self.path(name))

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return [line for line in file.read().split("\n") if line]
        except FileNotFoundError:
            return []

    def offers(self, line):
        self.forget("hits")
        self.type(f"{line}\t\x14")  # complete, then press the key that reports that it is done
        self.wait_for("done")
        self.type("\x01\x0b")  # delete the line
        return set(self.read("hits"))

    def completed(self, line):
        self.forget("line")
        self.type(f"{line}\t\x01show \n")
        self.wait_for("done")
        return self.read("line")

    def forget(self, name):
        if os.path.exists(self.path(name)):
            os.unlink(self.path(name))

    def noise(self):
        return self.read("noise")

    def end(self):
        os.close(self.keys)
        os.waitpid(self.pid, 0)


BASH = r"""
PS1= HISTFILE=
. /usr/share/bash-completion/bash_completion
. $COMPLETION/bash/plugsched
eval "_tested() $(declare -f _plugsched | tail -n +2)"
_plugsched() { _tested "$@" 2>>$ASIDE/noise; printf '%s\n' "${COMPREPLY[@]}" >$ASIDE/hits; }
show() { printf '%s\n' "$@" >$ASIDE/line; : >$ASIDE/done; }
_done() { : >$ASIDE/done; }
bind -x '"\C-t": _done'
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
: >$ASIDE/done
"""

ZSH = r"""
PS1= HISTFILE= LISTMAX=1000000
unsetopt autolist automenu beep
fpath=($COMPLETION $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' verbose no
compadd() {
    if [[ -z ${argv[(r)-[OAD]]} ]]; then
        local -a hits
        builtin compadd -O hits "$@"
        print -rl -- "$IPREFIX"${^hits} >>$ASIDE/hits
    fi
    builtin compadd "$@"
}
_tested() { _plugsched "$@" 2>>$ASIDE/noise }
for command in $(sed -n 's/^#compdef //p' $COMPLETION/_plugsched); do compdef _tested $command; done
show() { print -rl -- "$@" >$ASIDE/line; : >$ASIDE/done; }
_done() { : >$ASIDE/done; }
zle -N _done
bindkey -e
bindkey '^T' _done
: >$ASIDE/done
"""


def terminal(name, command, setup, work, environment):
    path = os.path.join(work["aside"], "setup")
    with open(path, "w", encoding="utf-8") as file:
        file.write(setup)
    return Terminal(command, path, work, environment)


class Fish:
    """fish prints its candidates; this takes one process per line."""

    def __init__(self, work, environment):
        self.work, self.environment, self.errors = work, environment, []

    def run(self, script, *arguments):
        done = subprocess.run(["fish", "--no-config", "-c", FISH + script, *arguments], cwd=self.work["folder"], env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.errors += done.stderr.splitlines()
        return done.stdout.splitlines()

    def offers(self, line):
        return {hit.split("\t")[0] for hit in self.run("complete -C $argv[1]", line)}

    def completed(self, line):
        """If there is a single candidate, fish types it, escaped in its own way."""
        offered = sorted(self.offers(line))
        assert len(offered) == 1, offered
        before = re.split(r"[^ \\]+(\\ )?$", line)[0]
        return self.run("eval printf '%s\\\\n' $argv[1] (string escape -- $argv[2])", before, offered[0])

    def noise(self):
        return self.errors

    def end(self):
        pass


FISH = """set -p fish_function_path $COMPLETION/fish/vendor_functions.d
set -p fish_complete_path $COMPLETION/fish/vendor_completions.d
"""


def start(name, work, environment):
    """The shell of that name; None if it is not installed."""
    if not shutil.which(name):
        return None
    if name == "bash":
        return terminal(name, ["bash", "--norc", "--noprofile", "-i"], BASH, work, environment)
    if name == "zsh":
        return terminal(name, ["zsh", "-f", "-i"], ZSH, work, environment)
    return Fish(work, environment)
