#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# plugsched-extract and git as its user has configured it: no setting, variable or file of theirs
# changes what is committed or how it is merged.
#
#   git.sh ANALYZER EXTRACTOR KERNEL
set -euo pipefail
analyzer=$(realpath "$1") tool=$(realpath "$2") kernel=$(realpath "$3")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*" >&2
	sed 's/^/  stderr: /' stderr >&2
	exit 1
}
# run STATUS COMMAND...
run() {
	local wanted=$1 status=0
	shift
	"$@" >stdout 2>stderr || status=$?
	[ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $*"
}
says() { grep -qF -- "$1" stderr || fail "\"$1\" is not said"; }
# extract STATUS REPORT OPTION...
extract() { run "$1" "$tool" -k "$kernel" --boundary "$2" "${@:3}"; }
git() { HOME=$work/plain XDG_CONFIG_HOME=$work/plain command git -c user.name=test -c user.email=test@localhost "$@"; }

# two reports that differ in one function
"$analyzer" -q --no-cache -k "$kernel" -c "$here/boundary.yaml" -o first.json
{ grep -v option_static "$here/boundary.yaml"; echo '  external: [option_static]'; } >more.yaml
"$analyzer" -q --no-cache -k "$kernel" -c more.yaml -o second.json
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config
mkdir -p plain home/.config/git
extract 0 first.json -o first
extract 0 second.json -o second
files=$(git -C first ls-files)

# committed FOLDER REPORT: the branch of extractions holds exactly what an untouched extraction of
# that report holds
committed() {
	[ "$(git -C "$1" rev-parse 'extracted^{tree}')" = "$(git -C "$2" rev-parse 'HEAD^{tree}')" ] ||
		fail "$1: other contents are committed: $(git -C "$1" diff --stat extracted "$(git -C "$2" rev-parse 'HEAD^{tree}')" 2>&1)"
}

# edit FOLDER: commits an edit there
edit() {
	echo '/* mine */' >>"$1/twins.c"
	git -C "$1" commit -qam 'Mine'
}

cp -a first edited
edit edited

# survives COMMAND...: a new folder, one brought up to date and a merge under settings that the
# command makes, or with the variables that are set
survives() {
	local what=$1
	rm -rf home new old mine
	mkdir -p home/.config/git
	cp -a first old
	cp -a edited mine
	"$@"
	extract 0 first.json -o new
	committed new first
	[ "$(git -C new ls-files)" = "$files" ] || fail "$what: not all files are committed"
	[ -z "$(git -C new status --porcelain)" ] || fail "$what: not clean: $(git -C new status --porcelain)"
	extract 0 second.json -o old
	says 'was brought up to date'
	committed old second
	cmp old/EXTRACTED.md second/EXTRACTED.md || fail "$what: EXTRACTED.md is another one"
	extract 0 second.json -o mine --merge
	says 'was merged with your edits'
	committed mine second
	cmp mine/EXTRACTED.md second/EXTRACTED.md || fail "$what: EXTRACTED.md is another one after the merge"
	grep -q mine mine/twins.c || fail "$what: an edit was lost"
	diff -r --exclude=.git --exclude=twins.c second mine >&2 || fail "$what: the merge gave something else"
}

ignore() { printf '*.md\n*.h\nKbuild\n' >home/.config/git/ignore; }
survives ignore
excludes() { printf '*.S\n' >home/excludes; printf '[core]\n\texcludesFile = ~/excludes\n' >home/.gitconfig; }
survives excludes
attributes() {
	printf '*.c text eol=crlf\n*.h ident\n*.md filter=upper\nKbuild merge=ours\n' >home/.config/git/attributes
	printf '[filter "upper"]\n\tclean = tr a-z A-Z\n\tsmudge = cat\n' >home/.gitconfig
}
survives attributes
settings() {
	cat >home/.gitconfig <<'END'
[commit]
	gpgSign = true
[core]
	autocrlf = true
	hooksPath = /bin
[merge]
	ff = only
	verifySignatures = true
	log = true
[pull]
	twohead = ours
[status]
	showUntrackedFiles = no
[color]
	ui = always
[diff]
	external = false
	noprefix = true
[user]
	useConfigOnly = true
END
}
survives settings
no_ff() { printf '[merge]\n\tff = false\n' >home/.gitconfig; }
survives no_ff

# any variable that binds git to another repository, or to other settings
for variable in $(git rev-parse --local-env-vars) GIT_NAMESPACE GIT_DEFAULT_HASH GIT_ATTR_SOURCE GIT_TEMPLATE_DIR; do
	value=$work/nowhere set=()
	case $variable in
	GIT_CONFIG_COUNT) value=1 set=(GIT_CONFIG_KEY_0=core.bare GIT_CONFIG_VALUE_0=true) ;;
	GIT_CONFIG_PARAMETERS) value="'core.bare=true'" ;;
	GIT_DEFAULT_HASH) value=sha256 ;;
	esac
	rm -rf old
	cp -a first old
	run 0 env "$variable=$value" "${set[@]}" "$tool" -k "$kernel" --boundary second.json -o old
	says 'was brought up to date'
	committed old second
done
rm -rf new
run 0 env GIT_DEFAULT_HASH=sha256 GIT_DIR=nowhere "$tool" -k "$kernel" --boundary first.json -o new
committed new first

# a file that git leaves alone is an edit, whatever the settings say
settings
cp -a first untracked
echo 'int mine;' >untracked/mine.c
extract 2 second.json -o untracked
says 'uncommitted changes'
rm home/.gitconfig

# ignore and attribute files of the folder itself concern what its developer adds, not what is extracted
cp -a first local
mkdir -p local/.git/info
printf '*.md\n*.c\n' >local/.git/info/exclude
printf '*.c text eol=crlf\n* ident\n' >local/.git/info/attributes
extract 0 second.json -o local
committed local second
git -C local cat-file -p HEAD:options.c | cmp - second/options.c || fail 'another file is committed'

# a clone has the branch of extractions only as that of another repository
cp -a edited origin
git clone -q origin clone
extract 0 second.json -o clone --merge
says 'was merged with your edits'
committed clone second
grep -q mine clone/twins.c || fail 'an edit was lost in a clone'
extract 0 second.json -o clone --merge
says 'is up to date'
git clone -q --single-branch origin single
extract 2 second.json -o single --merge
says 'has no branch extracted'
says 'git fetch origin extracted:extracted'
git -C single fetch -q origin extracted:extracted
extract 0 second.json -o single --merge
git clone -q origin two
git -C two remote add other "$work/clone"
git -C two fetch -q other
extract 2 first.json -o two --merge
says 'several remotes have a branch extracted'
git -C two rev-parse -q --verify refs/heads/extracted >&2 && fail 'a branch was made of a wrong guess'

# the branch of extractions is not for edits
cp -a first wrong
git -C wrong switch -q extracted
extract 2 second.json -o wrong
says 'git switch main'
[ -z "$(git -C wrong status --porcelain)" ] || fail 'the folder was changed'

# a merge that git refuses leaves both branches as they were; it can be tried again
cp -a first refused
before=$(git -C refused rev-parse main extracted)
echo 'more' >refused/.git/MERGE_HEAD
extract 2 second.json -o refused
[ "$(git -C refused rev-parse main extracted)" = "$before" ] || fail 'a refused merge moved a branch'
rm refused/.git/MERGE_HEAD
extract 0 second.json -o refused
says 'was brought up to date'

# cut short after the commit: the next run takes it over
cp -a first cut
git -C cut fetch -q "$work/second" extracted
tree=$(git -C cut rev-parse 'FETCH_HEAD^{tree}')
git -C cut update-ref refs/heads/extracted "$(git -C cut commit-tree -p extracted -m Next "$tree")"
extract 0 second.json -o cut
says 'was brought up to date'
cmp cut/EXTRACTED.md second/EXTRACTED.md || fail 'what was cut short was not taken over'
echo 'extract/git: all as it should be' >&2
