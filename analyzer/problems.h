/* SPDX-License-Identifier: GPL-2.0-only */
/* What an analysis could not read. The report lists it. */
#ifndef PLUGSCHED_PROBLEMS_H
#define PLUGSCHED_PROBLEMS_H

#include <glib.h>

struct problems {
	GArray *list; /* struct emit_problem */
	GStringChunk *strings;
};

/* An empty list. problems_free() it. */
struct problems *problems_new(void);

/* Adds one. `code` is one of emit_problem's codes. The strings are copied. */
void problems_add(struct problems *problems, const char *code, const char *file,
		  const char *message);

/* Accepts NULL. */
void problems_free(struct problems *problems);

#endif
