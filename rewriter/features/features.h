/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler's features as vmlinux has them: their places and what they are at boot.
 *
 * features.h of the scheduler makes an enum, a table of names, a mask and, with jump labels, an array of keys. The table, the mask and the
 * keys are vmlinux's, unless the boundary makes them private; the enum is the module's. So the module's enum must fit vmlinux's tables.
 */
#ifndef PLUGSCHED_REWRITER_FEATURES_H
#define PLUGSCHED_REWRITER_FEATURES_H

#include "base/elf/image.h"
#include "rewriter/plan/plan.h"

#define FEATURES_FILE "features.h" /* in the scheduler's folder */

struct feature {
	const char *name;   /* vmlinux's bytes: live as long as the code */
	bool is_enabled;    /* at boot */
};

struct features {
	GArray *features;   /* struct feature; the index is the place */
	const struct graph_variable *holder; /* a variable of vmlinux's that depends on them */
	bool has_keys;      /* vmlinux has keys, whose number is checked with their size */
};

/*
 * Reads them. `*features` is NULL if nothing of them is vmlinux's: then features.h may be changed at will. False with `error` if they
 * are vmlinux's and cannot be read there.
 */
bool features_read(const struct plan *plan, struct image *vmlinux, struct features **features, GError **error);

/* Accepts NULL. */
void features_free(struct features *features);

/* What to do if one has to differ, for messages. */
#define FEATURES_WAY_OUT "to have the module's own, list sched_feat_keys, sched_feat_names and sysctl_sched_features under global_var: " \
	"private, analyse and extract again (what was set before is then lost); or give new features keys of their own, " \
	"as examples/wakeup-count does"

#endif
