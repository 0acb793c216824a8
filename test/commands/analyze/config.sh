#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Overrides in the configuration are applied, or refused with their line if
# they cannot be understood.
# shellcheck source=test/commands/analyze/common.sh
. "$(dirname "$0")/common.sh"

# with TEXT: analyses with this configuration
with() {
	printf '%s\n' "$1" >config.yaml
	analyze 0 --kernel "$kernel" --config config.yaml -o report.json
}

# is KIND NAME FILTER: true for the function or variable of that name
is() {
	ask report.json "[.$1[] | select(.name == \"$2\")][0] | $3"
}

with 'function:
  interface: [activate_task, wait_for_completion]  # by name
  external:
    - wake_up_new_task'
is functions activate_task '.class == "interface" and .reason == "forced-interface"'
is functions wait_for_completion '.class == "interface" and .reason == "forced-interface"'
is functions wake_up_new_task '.class == "external" and .reason == "forced-external"'

with 'interface_prefix: [__se_sys_, sched_no]'
is functions sched_nobody '.class == "interface" and .reason == "forced-interface"'
is functions sched_fork '.reason == "called-from-outside"'

with 'global_var:
  private: [inside_only]
  inherit: [sched_shared]'
is variables inside_only '.storage == "private"'
is variables sched_shared '.storage == "inherit"'
is variables tick_only '.storage == "inherit"'

# a sidecar belongs to the scheduler
with 'sidecar: [lib/x.c]'
is functions touch '.scheduler == true'
ask report.json '.scheduler_files | index("lib/x.c")'

# as the published tool has it: the file of each function
with 'sidecar: !!pairs
    - touch: lib/x.c
    - other: lib/x.c
    - lib/alone.c'
is functions touch '.scheduler == true'
ask report.json '.scheduler_files | map(select(startswith("lib/"))) == ["lib/x.c", "lib/alone.c"]'
with 'sidecar: !!pairs'
ask report.json '.scheduler_files | map(select(startswith("lib/"))) == []'

# a prefix does not override that a function waits or never returns, as a name does
with 'interface_prefix: [sched_, wait_for_, schedule]'
is functions wait_for_completion '.class == "external" and .reason == "waits"'
is functions sched_die '.class == "external" and .reason == "noreturn"'
is functions sched_nobody '.class == "interface" and .reason == "forced-interface"'

# other files than kernel/sched
with 'mod_files: [kernel/time/*.c]'
is functions schedule_timeout '.scheduler == true and .class == "interface"'
is functions schedule '.scheduler == false'

# the format of the published tool
with 'mod_files:
    - kernel/sched/core.c
    - kernel/sched/build_extra.c
    - kernel/sched/rt.c
    - kernel/sched/wait.c
    - kernel/sched/sched.h
interface_prefix:
- __x64_sys_
function:
    interface:
    - sched_nobody
global_var:
    extra_public:
    - sched_shared
    force_private:
    - inside_only
sidecar:'
is functions sched_nobody '.reason == "forced-interface"'
is variables inside_only '.storage == "private"'
is functions schedule '.class == "external"'
is functions __x64_sys_nice '.reason == "forced-interface"'
is functions sched_elsewhere '.scheduler == false'

# refused_at PLACE TEXT CONFIG
refused_at() {
	printf '%s\n' "$3" >config.yaml
	refuses --kernel "$kernel" --config config.yaml
	says "config.yaml:$1" "$2"
}
refused_at 2:1: functions 'sidecar: [a]
functions:'
refused_at 2:3: interfaces 'function:
  interfaces: [a]'
refused_at 2: '' 'function:
	interface: [a]'
refused_at '' 'not valid YAML' 'function: [a'
refused_at '' wake 'function: {interface: [wake], external: [wake]}'
refused_at '' pile 'global_var: {inherit: [pile], private: [pile]}'
refused_at 1: '' 'sidecar: {a: b}'
refused_at 1: 'not a name' 'sidecar: [{a: b, c: d}]'
refused_at 1: 'not a name' 'sidecar: [{a: [b]}]'
refused_at 1: 'not a name' 'mod_files: [{a: b}]'
head -c 100 /dev/urandom >config.yaml
refuses --kernel "$kernel" --config config.yaml
says config.yaml
refuses --kernel "$kernel" --config "$work/nowhere.yaml"
says "$work/nowhere.yaml" 'No such file'
refuses --kernel "$kernel" --config "$work"
says "$work"

# file patterns that match no unit
printf 'mod_files: [kernel/none/*.c]\n' >config.yaml
refuses --kernel "$kernel" --config config.yaml
says 'kernel/none/*.c' '--config'

# no file patterns at all
printf 'mod_files: []\n' >config.yaml
refuses --kernel "$kernel" --config config.yaml
says 'mod_files' '--config'
