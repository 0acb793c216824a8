/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler's features as vmlinux has them: the position of each, and whether it is enabled at
 * boot.
 *
 * The scheduler's features.h generates an enum, a table of names, a mask and, with jump labels, an
 * array of keys. The table, the mask and the keys stay in vmlinux, unless the boundary makes them
 * private; the enum is compiled into the module. So the module's enum must match vmlinux's tables.
 */
#ifndef PLUGSCHED_REWRITER_FEATURES_H
#define PLUGSCHED_REWRITER_FEATURES_H

#include "base/elf/image.h"
#include "rewriter/plan/plan.h"

#define FEATURES_FILE "features.h" /* in the scheduler's folder */

struct feature {
	const char *name; /* points into vmlinux's bytes and lives as long as the image */
	bool is_enabled;  /* at boot */
};

struct features {
	GArray *features; /* struct feature; the index is the position */
	/* a variable in vmlinux that depends on the features */
	const struct graph_variable *holder;
	bool has_keys; /* vmlinux has keys; the check of their size also checks their number */
};

/*
 * Reads the features. Sets `*features` to NULL if none of the tables stays in vmlinux; features.h
 * may then be changed at will. Returns false with `error` if the tables stay in vmlinux and cannot
 * be read there. Free `*features` with features_free().
 */
bool features_read(const struct plan *plan, struct image *vmlinux, struct features **features,
		   GError **error);

/* Accepts NULL. */
void features_free(struct features *features);

/* What to do if a feature has to differ from vmlinux's; part of messages. */
#define FEATURES_WAY_OUT                                                                                                  \
	"to have the module's own, list sched_feat_keys, sched_feat_names and sysctl_sched_features under global_var: "   \
	"private, analyse and extract again (what was set before is then lost); or give new features keys of their own, " \
	"as examples/wakeup-count does"

#endif
