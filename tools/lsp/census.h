/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts who uses an entry: for a function its callers, direct and through
 * pointers; for data its users.
 *
 * "Outside" and "inside" mean outside and inside the scheduler, as uses_outside and uses_inside in
 * a report; some of those inside stay in vmlinux.
 */
#ifndef PLUGSCHED_LSP_CENSUS_H
#define PLUGSCHED_LSP_CENSUS_H

#include "tools/query/walk.h"

enum census_group {
	CENSUS_OUTSIDE,
	CENSUS_STAYING, /* in the scheduler, but stays in vmlinux */
	CENSUS_INSIDE,  /* in the module */
	CENSUS_GROUPS,
};

/* One user, listed once. `step` is its first use; a direct call is preferred to others. */
struct census_row {
	struct walk_step step;
	enum census_group group;
	unsigned uses;
};

struct census {
	GArray *rows; /* struct census_row, sorted by group, file and line */
	unsigned count[CENSUS_GROUPS];
	/* struct walk_step: places that take a function's address, objects that name it */
	GArray *others;
	unsigned copies; /* functions that hold an inlined copy */
};

/* Fills `census` with the users of `node`. Free it with census_clear(). */
void census_take(struct census *census, struct walk *walk, struct graph_node *node);
void census_clear(struct census *census);

/*
 * "12 callers outside · 3 inside (1 stays in vmlinux)". `noun` is "caller" or "user". For g_free().
 */
char *census_phrase(const struct census *census, const char *noun);

#endif
