/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who uses an entry, counted: for a function its callers, direct and through pointers; for data its users.
 *
 * "Outside" is what is not the scheduler's, "inside" what is, as uses_outside and uses_inside in a report; of those inside some
 * stay in vmlinux.
 */
#ifndef PLUGSCHED_LSP_CENSUS_H
#define PLUGSCHED_LSP_CENSUS_H

#include "tools/query/walk.h"

enum census_group {
	CENSUS_OUTSIDE,
	CENSUS_STAYING, /* the scheduler's, but stays in vmlinux */
	CENSUS_INSIDE,  /* in the module */
	CENSUS_GROUPS,
};

/* One user, counted once; `step` is the first of its uses, a direct call before others. */
struct census_row {
	struct walk_step step;
	enum census_group group;
	unsigned uses;
};

struct census {
	GArray *rows;     /* struct census_row, by group, file and line */
	unsigned count[CENSUS_GROUPS];
	GArray *others;   /* struct walk_step: addresses taken of a function, objects that name it */
	unsigned copies;  /* functions that hold an inlined copy */
};

void census_take(struct census *census, struct walk *walk, struct graph_node *node);
void census_clear(struct census *census);

/* "12 callers outside · 3 inside (1 stays in vmlinux)"; `noun`: "caller" or "user". For g_free(). */
char *census_phrase(const struct census *census, const char *noun);

#endif
