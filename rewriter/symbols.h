/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The symbols of vmlinux that the module needs: the names that modpost must accept, and the names
 * that need a row in the loader's table.
 */
#ifndef PLUGSCHED_REWRITER_SYMBOLS_H
#define PLUGSCHED_REWRITER_SYMBOLS_H

#include "analyzer/tree/tree.h"
#include "rewriter/generate/generate.h"
#include "base/elf/image.h"
#include "rewriter/plan/plan.h"

struct symbols_needed {
	GArray *table;              /* struct generated_symbol, sorted by label */
	GPtrArray *unexported;      /* const char *: names that vmlinux does not export, sorted */
	GPtrArray *core_unexported; /* the same for what only the core uses */
	GStringChunk *strings;
};

/*
 * Checks that the build tree lists the symbols that vmlinux exports. Without that list the module's
 * build would fail, but only at its end.
 */
bool symbols_check_exports(const struct tree *tree, GError **error);

/*
 * Collects the symbols from the objects of the units (const struct tree_unit *), from the plan and
 * from vmlinux. NULL with `error` if an object or Module.symvers cannot be read. Free the result
 * with symbols_needed_free().
 */
struct symbols_needed *symbols_needed_new(const struct plan *plan, const struct tree *tree,
					  const GPtrArray *units, const struct image *vmlinux,
					  GError **error);

/* Accepts NULL. */
void symbols_needed_free(struct symbols_needed *needed);

#endif
