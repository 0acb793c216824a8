#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# compile_commands.json: a good one gives the same report as the .cmd files; a bad one is refused
# with its position.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

copy_kernel tree
database=tree/compile_commands.json
analyze 0 --kernel tree -o plain.json

# entries OBJECT...: writes the entries as gen_compile_commands.py does
entries() {
	local object first=1
	echo '['
	for object; do
		[ "$first" ] || echo ,
		first=
		sed -n '1s/^savedcmd_[^ ]* := //p' "tree/$(dirname "$object")/.$(basename "$object").cmd" |
			jq -R --arg directory "$work/tree" --arg file "$work/tree/${object%.o}.c" \
				'{command: ., directory: $directory, file: $file}'
	done
	echo ']'
}
mapfile -t objects < <(cd tree && find . -name '*.o' ! -name entry.o | sed 's,^\./,,' | sort)
entries "${objects[@]}" >good.json
cp good.json "$database"
analyze 0 --kernel tree -o database.json
same plain.json database.json

# through a symbolic link to the tree
ln -s tree link
sed "s,$work/tree,$work/link,g" good.json >"$database"
analyze 0 --kernel tree -o database.json
same plain.json database.json

# refuse_database TEXT...: checks that the current database is refused
refuse_database() {
	refuses --kernel tree
	says "$work/$database" "$@" 'remove it to have it made from the .cmd files'
}

head -c 300 good.json >"$database"
refuse_database 'not valid JSON'
grep -qE 'compile_commands\.json:[0-9]+:[0-9]+: ' stderr || fail 'no line and column'
printf '[\n  {"directory": "/",\n   oops\n' >"$database"
refuse_database "$database:3:"
: >"$database"
refuse_database "$database:1:1:"
echo '{}' >"$database"
refuse_database 'not a list'
echo '[]' >"$database"
refuse_database 'empty'
jq '.[1].command = 3' good.json >"$database"
refuse_database 'entry 2'
jq '.[2].command = "gcc '"'"'open"' good.json >"$database"
refuse_database 'entry 3' 'cannot be split'
jq '.[0].file = "/nowhere/x.c"' good.json >"$database"
refuse_database '/nowhere/x.c'
jq 'map(select(.file | test("/lib/")))' good.json >"$database"
refuse_database 'no compiled file of kernel/'
printf '[{"\xff' >"$database"
refuse_database 'not valid JSON'
rm "$database"
mkdir "$database"
refuse_database
