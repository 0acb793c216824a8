/* SPDX-License-Identifier: GPL-2.0-only */
/* Why two bodies differ. */
#ifndef PLUGSCHED_COMPARE_CAUSE_H
#define PLUGSCHED_COMPARE_CAUSE_H

#include "tools/compare/reported.h"
#include "tools/compare/compare.h"
#include "tools/compare/inlines.h"
#include "tools/compare/pair.h"

struct evidence {
	struct inlines *module, *vmlinux; /* from debug information; each may be NULL */
	const struct reported *reported;  /* may be NULL */
};

/* The first cause of causes.def that applies. `detail` gets it in words, or NULL; caller frees. */
enum compare_cause cause_find(const struct pair *pair, const struct evidence *evidence,
			      char **detail);

#endif
