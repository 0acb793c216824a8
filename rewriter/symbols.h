/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module needs of vmlinux's symbols: which names modpost has to accept, and which are not plain.
 */
#ifndef PLUGSCHED_REWRITER_SYMBOLS_H
#define PLUGSCHED_REWRITER_SYMBOLS_H

#include "analyzer/tree/tree.h"
#include "rewriter/generate/generate.h"
#include "base/elf/image.h"
#include "rewriter/plan/plan.h"

struct symbols_needed {
	GArray *table;         /* struct generated_symbol, sorted by label */
	GPtrArray *unexported; /* const char *, sorted */
	GStringChunk *strings;
};

/* Checks that the build tree says which symbols vmlinux exports; the module's build would fail at its end without. */
bool symbols_check_exports(const struct tree *tree, GError **error);

/*
 * From the objects that the units (const struct tree_unit *) were compiled to, what the plan makes vmlinux's, and vmlinux
 * itself. NULL with `error` if an object or Module.symvers cannot be read.
 */
struct symbols_needed *symbols_needed_new(const struct plan *plan, const struct tree *tree, const GPtrArray *units,
					  const struct image *vmlinux, GError **error);

/* Accepts NULL. */
void symbols_needed_free(struct symbols_needed *needed);

#endif
