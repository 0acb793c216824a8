#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched build, on a folder whose Makefile prints what a kernel's build would.
#
#   build.sh TOOL
set -euo pipefail
tool=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# separate from the other programs, which it would find beside itself
cp "$tool" .
tool=$work/plugsched

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stdout: /' stdout >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
run() {
	local wanted=$1 status=0
	shift
	"$tool" build "$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qxF -- "$1" stderr || fail "\"$1\" is not said"; }
"$here/prepare.sh"
touch stdout stderr
export PLUGSCHED_LINT= # says that the user does not want it

mkdir folder
cp good.ko folder/built
# shellcheck disable=SC2016 # for make
printf 'NAME ?= scheduler\nobj-m := $(NAME).o\n$(NAME)-y := a.o b.o\n$(NAME)-y += c.o\n' >folder/Kbuild
cat >folder/Makefile <<'END'
modules:
	@echo '  CC [M]  a.o'; echo '  CC [M]  b.o'; echo '  AS [M]  c.o'; echo '  CC [M]  scheduler.mod.o'
	@echo 'a.c:1:2: warning: harmless'
	@cp built $(NAME).ko
	@echo $(MAKEFLAGS) >flags
END
run 0 folder -j3
says 'building: 3 objects'
[ "$(wc -l <stderr)" = 1 ] || fail 'more than one line'
[ "$(cat stdout)" = "folder/scheduler.ko: $(stat -c %s good.ko) bytes, sha256 $(sha256sum <good.ko | cut -d' ' -f1)" ] || fail 'other result'
grep -q 'CC \[M\]  a.o' folder/build.log || fail 'no log'
grep -q -- '-j3' folder/flags || fail 'not so many at once'
rm folder/build.log
run 0 --verbose folder
grep -q 'warning: harmless' stderr || fail 'not all is shown'
[ ! -e folder/build.log ] || fail 'a log though all is shown'

# under another name in the kernel, which a variable of the environment does not change
run 0 --name=second folder
[ "$(cat stdout)" = "folder/second.ko: $(stat -c %s good.ko) bytes, sha256 $(sha256sum <good.ko | cut -d' ' -f1)" ] || fail 'other result'
rm folder/second.ko folder/scheduler.ko
NAME=third run 0 folder
grep -q '^folder/scheduler.ko: ' stdout || fail 'another name'
: >folder/core.c
: >folder/springboard.S
for name in core springboard; do
	run 1 --name=$name folder
	says "plugsched: folder: one of its units is called $name; give the module another name"
done
run 2 --name=a-b folder
run 2 --sign a.key --name=second folder

# on a terminal
script -qec "$tool build folder" terminal </dev/null >stdout || fail 'fails on a terminal'
grep -q 'building: 3 of 3 objects' stdout || fail 'no progress'
grep -q 'building: 4' stdout && fail 'counts too much'

# errors, each once; for a check of plugsched, without the compiler's lines around it
cat >folder/Makefile <<'END'
modules:
	@echo '  CC [M]  a.o'
	@for i in 1 2; do echo 'x.h:78:41: error: static assertion failed: "plugsched: struct rq has another size"' >&2; done
	@echo 'a.c:3:1: error: unknown type name'; echo 'a.c:4:1: note: harmless'
	@echo 'ERROR: modpost: "f" [scheduler.ko] undefined!'
	@exit 1
END
run 1 folder
says '  plugsched: struct rq has another size'
says '  a.c:3:1: error: unknown type name'
says '  ERROR: modpost: "f" [scheduler.ko] undefined!'
grep -q harmless stderr && fail 'says what is no error'
[ "$(grep -c 'another size' stderr)" = 1 ] || fail 'says it twice'
grep -q '^plugsched: folder: make failed; .*folder/build.log$' stderr || fail 'does not name the log'
[ ! -s stdout ] || fail 'something on stdout'

# a second definition of something that stays in vmlinux is reported at its place
cat >folder/Makefile <<'END'
modules:
	@echo "check_end.h:9:5: error: redefinition of 'f'"; echo "check_end.h:8:1: note: in definition of macro 'PLUGSCHED_STAYS'"
	@echo "core.c:6:5: note: previous definition of 'f' with type 'int(int)'"
	@exit 1
END
run 1 folder
says "  core.c:6:5: plugsched: f stays in vmlinux, whose code would not see this one: leave the declaration, or take another name"
grep -q check_end stderr && fail 'says what stands in the header'

# plugsched-lint: the one in PATH is passed to make; a missing one is reported; its
# findings make the build fail
cp good.ko folder/built
cat >folder/Makefile <<'END'
modules:
	@echo $(PLUGSCHED_LINT) >lint
	@cp built scheduler.ko
END
unset PLUGSCHED_LINT
run 0 folder
grep -q 'plugsched-lint is not installed' stderr || fail 'does not say that nothing looks at the edits'
mkdir bin
printf '#!/bin/sh\n' >bin/plugsched-lint
chmod +x bin/plugsched-lint
PATH=$work/bin:$PATH run 0 folder
[ "$(cat folder/lint)" = "$work/bin/plugsched-lint" ] || fail 'make does not get plugsched-lint'
grep -q 'not installed' stderr && fail 'says it is not installed though it is'
export PLUGSCHED_LINT=

# another compiler than the kernel's, of which the kernel's build only warns
cp good.ko folder/built
cat >folder/Makefile <<'END'
modules:
	@echo 'warning: the compiler differs from the one used to build the kernel' >&2
	@echo '  The kernel was built by: gcc (Debian 12.2.0-14) 12.2.0' >&2
	@echo '  You are using:           gcc-11 (Debian 11.3.0-12) 11.3.0' >&2
	@cp built scheduler.ko
END
run 0 folder
grep -q '^plugsched: the kernel was built by gcc (Debian 12.2.0-14) 12.2.0, but the module by gcc-11 (Debian 11.3.0-12) 11.3.0; ' \
	stderr || fail 'does not say that the compiler is another one'
sed -i '/The kernel was/d; /You are/d; s/cp built/cp -f built/' folder/Makefile
run 0 folder
grep -q 'was built by' stderr && fail 'says it without a reason'

# make gets the command itself, which anchors the modules, and what to sign with
cat >folder/Makefile <<'END'
modules:
	@echo "$(PLUGSCHED) $(SIGN_KEY) $(SIGN_CERT)" >with
	@cp -f built scheduler.ko
END
cp good.ko folder/built
run 0 folder
[ "$(cat folder/with)" = "$tool  " ] || fail 'make gets something else'
PLUGSCHED=other run 0 folder
[ "$(cat folder/with)" = "other  " ] || fail "the user's own choice is lost"
run 0 --sign a.key a.crt folder
[ "$(cat folder/with)" = "$tool $work/a.key $work/a.crt" ] || fail 'make does not get the key'
run 2 --sign a.key folder
grep -q -- '--sign takes a key and a certificate' stderr || fail 'a missing certificate is not said'

# check.sh of the folder signs by the kernel's own program and hash, which kernels write in two ways
sign() { sh "$here/../../../rewriter/generate/check.sh" sign folder/built kernel a.key a.crt 2>stderr; }
mkdir -p kernel/include/config kernel/scripts
: >kernel/include/config/auto.conf
sign && fail 'signs for a kernel without signatures'
grep -q 'kernel was built without CONFIG_MODULE_SIG' stderr || fail 'does not say that the kernel has none'
printf '#!/bin/sh\necho "$*" >>signed\n' >kernel/scripts/sign-file
chmod +x kernel/scripts/sign-file
for value in sha256 '"sha256"'; do
	echo "CONFIG_MODULE_SIG_HASH=$value" >kernel/include/config/auto.conf
	sign || fail 'does not sign'
done
[ "$(sort -u signed)" = 'sha256 a.key a.crt folder/built' ] || fail 'signs in another way'
printf '#!/bin/sh\nexit 1\n' >kernel/scripts/sign-file
sign && fail 'a module that cannot be signed is no error'
grep -q 'folder/built cannot be signed with a.key and a.crt' stderr || fail 'does not say what failed'

# too many at once
run 2 -j 100000 folder
grep -q 'from 1 to 1024' stderr || fail 'does not say how many'

# a failure without an error line shows the end of the output
printf 'modules:\n\t@echo odd; exit 1\n' >folder/Makefile
run 1 folder
says '  odd'

# no module, an unfinished one, no folder, no make
printf 'modules:\n\t@rm -f scheduler.ko\n' >folder/Makefile
run 1 folder
grep -q 'cannot read the module' stderr || fail 'no module is no error'
cp plain.ko folder/built
printf 'modules:\n\t@cp built scheduler.ko\n' >folder/Makefile
run 1 folder
grep -q 'not anchored to its kernel' stderr || fail 'an unfinished module is no error'
run 1 nowhere
grep -q 'not a folder that plugsched-extract wrote' stderr || fail 'takes any folder'
PATH=$work run 1 folder
grep -q 'make cannot be run' stderr || fail 'make is not missed'
echo 'plugsched/build: all as it should be' >&2
