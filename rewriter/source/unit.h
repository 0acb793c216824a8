/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to rewriter/source: one unit while it is rewritten.
 *
 * unit.c parses and dispatches, function.c and variable.c turn definitions into edits, group.c those that macros make,
 * statement.c is for macro uses between functions, body.c looks through what stays, literal.c is for strings in it.
 */
#ifndef PLUGSCHED_REWRITER_UNIT_H
#define PLUGSCHED_REWRITER_UNIT_H

#include "rewriter/source/source.h"
#include "rewriter/source/text.h"

#include <clang-c/Index.h>

/* An outermost use of a macro. */
struct expansion {
	unsigned begin, end;
	const char *name;
};

struct source_file {
	const char *name;       /* relative to the tree */
	struct edit_file *file; /* NULL: not one of the scheduler's */
	struct text text;       /* of a scheduler's file */
	GArray *expansions;     /* struct expansion, by place */
};

/* A place in a file; `file` is NULL if it is in none of the scheduler's. */
struct place {
	struct source_file *file;
	unsigned offset;
};

/* Definitions that one use of a macro makes, with names that do not stand in the text. */
struct group {
	struct source_file *file;
	const struct expansion *expansion;
	unsigned begin, end;
	GPtrArray *entries;     /* struct plan_entry * */
	GPtrArray *types;       /* char *: of each */
};

struct unit {
	const struct rewrite *rewrite;
	struct rewrite_unit *result;
	CXTranslationUnit tu;
	GHashTable *files;      /* CXFile: struct source_file * */
	GHashTable *groups;     /* struct expansion *: struct group * */
	GPtrArray *group_order; /* struct group * */
	GHashTable *statements; /* char *, FILE:OFFSET of a statement: struct plan_entry *, the first variable that it defines */
	GHashTable *replaced;   /* struct expansion *: uses of macros that a declaration took the place of */
	GStringChunk *strings;
	char *fault;            /* the first, "FILE:LINE: what"; NULL: none */
};

/* Where a location stands in the text: a macro's argument where it is written, else where the macro is used. */
struct place unit_place(struct unit *unit, CXSourceLocation location);

/* Where the text of a cursor begins and ends. Both are in `*file`; false if it is not one of the scheduler's or they differ. */
bool unit_range(struct unit *unit, CXCursor cursor, struct source_file **file, unsigned *begin, unsigned *end);

/* The outermost macro use that covers the place, or NULL. */
const struct expansion *unit_expansion(const struct source_file *file, unsigned offset);

/* A string that lives as long as the unit; disposes of the CXString. */
const char *unit_take(struct unit *unit, CXString string);

/* The line of an offset, from 1. */
unsigned unit_line(const struct source_file *file, unsigned offset);

/* Adds an edit; `what` is what it is about. */
void unit_edit(struct unit *unit, struct source_file *file, enum edit_kind kind, unsigned begin, unsigned end,
	       const char *text, const char *what);

/* Keeps the first fault: "FILE:LINE: ..." with the message. */
void unit_fail(struct unit *unit, const struct source_file *file, unsigned offset, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* What the edits say of an entry: "do_idle: thread". Lives as long as the unit. */
const char *unit_what(struct unit *unit, const struct plan_entry *entry);

/*
 * What the module's source calls vmlinux's variable: its name; of a static local OWNER__NAME, for two declarations of one name are
 * one variable in C, wherever they stand. Lives as long as the unit.
 */
const char *unit_variable_name(struct unit *unit, const struct plan_entry *entry);

/* The plan for a variable that a cursor declares; NULL if it is none of the scheduler's. */
struct plan_entry *unit_variable_entry(struct unit *unit, CXCursor variable, const char *owner);

/* A declaration of a type that libclang spelled, of any form: "extern typeof(int [3]) x". Caller frees. */
char *unit_extern(const char *type, const char *name, const char *label);

/* True if the name of a declaration stands where it is said to be, outside of any macro that makes it up. */
bool unit_is_spelled(const struct place *place, const char *name);

/* Finds the plan for a function that a cursor declares or refers to; NULL if it is none of the scheduler's. */
struct plan_entry *unit_function_entry(struct unit *unit, CXCursor function);

/* Does what the plan says of one declaration at file scope, or of a static local of `owner`. */
void function_rewrite(struct unit *unit, CXCursor function);
void variable_rewrite(struct unit *unit, CXCursor variable, const char *owner);

/* Adds the comment that says what may not change above a definition. */
void function_mark(struct unit *unit, struct source_file *file, unsigned begin, const struct plan_entry *entry);

/* Definitions made by macros. */
void group_add(struct unit *unit, struct source_file *file, const struct expansion *expansion, struct plan_entry *entry,
	       CXCursor definition);
void groups_finish(struct unit *unit);

/* Looks through a function whose text stays, or a variable's initialiser. */
void body_visit(struct unit *unit, CXCursor definition, const char *owner);

/* The strings whose addresses an initialiser list or an assignment in a function puts somewhere. */
void literals_in_list(struct unit *unit, CXCursor list);
void literals_in_assignment(struct unit *unit, CXCursor assignment);

/* How a macro's uses between functions are treated. */
enum treatment { TREAT_NOT, TREAT_GOES, TREAT_FOLLOWS, TREAT_METADATA };
enum treatment statement_treatment(const char *macro);

/* Removes what statements.def says, in all files. */
void statements_finish(struct unit *unit);

#endif
