/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Symbol names without what only one of the builds adds.
 *
 * The compiler numbers clones and static locals (`foo.isra.0`, `warned.42`). The rewriter writes
 * `__vmlinux_foo` for vmlinux's own foo, and `foo__pos_2` for the second symbol of that name.
 */
#ifndef PLUGSCHED_COMPARE_NAME_H
#define PLUGSCHED_COMPARE_NAME_H

#include <glib.h>
#include <stdbool.h>

/* The name without numbers and the rewriter's marks: "foo.isra.cold", "warned". Caller frees. */
char *name_normal(const char *symbol);

/* The name in the source: "foo" for "foo.isra.0.cold". Caller frees. */
char *name_plain(const char *symbol);

/* N of "foo__pos_N"; 0 without that suffix. */
unsigned name_position(const char *symbol);

/* True for the name of a cold part. */
bool name_is_cold(const char *symbol);

/* True if plugsched made the symbol: it belongs neither to the scheduler nor to vmlinux. */
bool name_is_own(const char *symbol);

/* True for a symbol that the build gives to the padding before a function, which never runs. */
bool name_is_padding(const char *symbol);

#endif
