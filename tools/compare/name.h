/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of symbols, freed of what only one build gives them.
 *
 * The compiler numbers clones and static locals (`foo.isra.0`, `warned.42`); the rewriter writes `__vmlinux_foo` for vmlinux's
 * own foo, and `foo__pos_2` for the second of that name.
 */
#ifndef PLUGSCHED_COMPARE_NAME_H
#define PLUGSCHED_COMPARE_NAME_H

#include <glib.h>
#include <stdbool.h>

/* Without numbers and without the rewriter's marks: "foo.isra.cold", "warned". Caller frees. */
char *name_normal(const char *symbol);

/* The source's name: "foo" of "foo.isra.0.cold". Caller frees. */
char *name_plain(const char *symbol);

/* N of "foo__pos_N", 0 without. */
unsigned name_position(const char *symbol);

bool name_is_cold(const char *symbol);

/* Made by plugsched: neither the scheduler's nor vmlinux's. */
bool name_is_own(const char *symbol);

/* Bytes before a function that are never run through, named by the build. */
bool name_is_padding(const char *symbol);

#endif
