// SPDX-License-Identifier: GPL-2.0-only
/* The tables of flags. docs/boundary.schema.json says what each one means. */
#include "emit/flags.h"

#include "graph/graph.h"

const struct flag flags_function[] = {
	{ "inline", offsetof(struct graph_function, is_inline), false },
	{ "weak", offsetof(struct graph_function, is_weak), false },
	{ "used", offsetof(struct graph_function, is_used), false },
	{ "syscall", offsetof(struct graph_function, is_syscall), false },
	{ "init", offsetof(struct graph_function, is_init), false },
	{ "noinstr", offsetof(struct graph_function, is_noinstr), false },
	{ "noreturn", offsetof(struct graph_function, is_noreturn), false },
	{ "endless", offsetof(struct graph_function, is_endless), false },
	{ "notrace", offsetof(struct graph_function, is_notrace), false },
	{ "declared", offsetof(struct graph_function, is_defined), true },
	{ "forced-interface", offsetof(struct graph_function, is_forced_interface), false },
	{ "forced-external", offsetof(struct graph_function, is_forced_external), false },
	{ "interface-prefix", offsetof(struct graph_function, has_interface_prefix), false },
	{ NULL, 0, false },
};

const struct flag flags_variable[] = {
	{ "percpu", offsetof(struct graph_variable, is_percpu), false },
	{ "const", offsetof(struct graph_variable, is_const), false },
	{ "static-key", offsetof(struct graph_variable, is_static_key), false },
	{ "declared", offsetof(struct graph_variable, is_defined), true },
	{ "forced-private", offsetof(struct graph_variable, is_forced_private), false },
	{ NULL, 0, false },
};

const struct flag flags_binary[] = {
	{ "endbr", offsetof(struct graph_binary, has_endbr), false },
	{ "fentry", offsetof(struct graph_binary, has_fentry), false },
	{ "ipa-ra", offsetof(struct graph_binary, has_ipa_ra), false },
	{ "patched", offsetof(struct graph_binary, is_patched), false },
	{ "init", offsetof(struct graph_binary, is_init), false },
	{ "noinstr", offsetof(struct graph_binary, is_noinstr), false },
	{ "sched", offsetof(struct graph_binary, is_sched_text), false },
	{ "exported", offsetof(struct graph_binary, is_exported), false },
	{ "overridden", offsetof(struct graph_binary, is_overridden), false },
	{ "percpu", offsetof(struct graph_binary, is_percpu), false },
	{ NULL, 0, false },
};

const struct flag flags_call[] = {
	{ "endless-loop", offsetof(struct graph_use, in_endless_loop), false },
	{ "foreign-macro", offsetof(struct graph_use, in_foreign_macro), false },
	{ NULL, 0, false },
};

const struct flag flags_address[] = {
	{ "with-caller", offsetof(struct graph_use, is_with_caller), false },
	{ "thread-entry", offsetof(struct graph_use, is_thread_entry), false },
	{ NULL, 0, false },
};
