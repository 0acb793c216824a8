/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler's units through libclang: a plan becomes edits at exact places.
 *
 * Method: parse each unit as the kernel compiled it, with the record of its macro uses; for every definition in a scheduler
 * file do what the plan says, and look through what stays for addresses, static locals and the switch of stacks. Nothing else
 * is touched: neither what this configuration leaves out nor what a header of the kernel says.
 */
#ifndef PLUGSCHED_REWRITER_SOURCE_H
#define PLUGSCHED_REWRITER_SOURCE_H

#include "analyzer/config/config.h"
#include "analyzer/tree/tree.h"
#include "base/elf/image.h"
#include "rewriter/edit/edit.h"
#include "rewriter/plan/plan.h"

#define REWRITE_ERROR g_quark_from_static_string("rewrite-error-quark")

/* In front of the names of the module's own functions whose plain names are vmlinux's in the unit that defines them. */
#define REWRITE_RENAME "__module_"

/* In front of the names of objects that are filled into vmlinux's scheduling classes. */
#define REWRITE_CLASS "plugsched_"

/* What to rewrite. All borrowed. */
struct rewrite {
	struct plan *plan;           /* gets marks: is_foreign_address */
	const struct tree *tree;
	const struct image *vmlinux;  /* for the strings that it has */
	const struct config *config; /* which files are the scheduler's */
	struct edits *edits;         /* where the edits go */
	const volatile int *stop;    /* may be NULL */
};

/* Where a definition that stays begins. */
struct rewrite_place {
	struct plan_entry *entry;
	struct edit_file *file;
	unsigned begin;
};

/* What is known of a unit afterwards. */
struct rewrite_unit {
	const struct tree_unit *unit;
	GPtrArray *defined;   /* struct plan_entry *: functions and classes whose definitions stay in it, in source order */
	GArray *places;       /* struct rewrite_place: of the functions among them */
	GPtrArray *declared;  /* struct plan_entry *: variables of vmlinux that are declared in it at file scope */
	GPtrArray *prototypes; /* struct plan_entry *: functions of vmlinux of whose definitions there a prototype was left */
	GHashTable *records;  /* char *: char *, name of each struct and union that it sees: its type as C writes it */
	GHashTable *included; /* char *: the scheduler's files that it reads, itself among them */
};

/*
 * Rewrites units (const struct tree_unit *) with up to `threads` threads and calls edits_finish(). Gives a struct
 * rewrite_unit * for each, in order; NULL with `error` if one does not parse, does not fit the report, or has something that
 * cannot be rewritten: the message names file and line.
 */
GPtrArray *rewrite_units(const struct rewrite *rewrite, const GPtrArray *units, unsigned threads, GError **error);

#endif
