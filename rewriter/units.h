/* SPDX-License-Identifier: GPL-2.0-only */
/* What the module's tables say of each unit: made of what the rewriting of the units left. */
#ifndef PLUGSCHED_REWRITER_UNITS_H
#define PLUGSCHED_REWRITER_UNITS_H

#include "rewriter/generate/generate.h"
#include "rewriter/plan/plan.h"

/*
 * Describes the units for the files around them: struct generated_unit *, in the order of
 * `rewritten` (struct rewrite_unit *), whose graph must outlive them. Of `module` only the folder
 * and the graph are looked at. Texts go into `strings`. Caller unrefs.
 */
GPtrArray *units_describe(const GPtrArray *rewritten, const struct plan *plan,
			  const struct generated *module, GStringChunk *strings);

#endif
