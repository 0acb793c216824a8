/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/source: the state of parsing one translation unit.
 *
 * parse.c runs libclang, declare.c and record.c turn declarations into rows, visit.c walks
 * function bodies and initialisers.
 */
#ifndef PLUGSCHED_SOURCE_UNIT_H
#define PLUGSCHED_SOURCE_UNIT_H

#include "analyzer/source/source.h"

#include <clang-c/Index.h>

struct unit {
	const struct source_context *context;
	const struct tree_unit *tree_unit;
	CXTranslationUnit tu;
	CXPrintingPolicy policy;   /* terse declarations with attributes; NULL until needed */
	GHashTable *string_index;  /* char * -> index */
	GHashTable *file_index;    /* CXFile -> string index of its path */
	GHashTable *scheduler_files; /* string index of a path -> 1 no, 2 yes */
	GHashTable *symbol_index;  /* canonical cursor -> symbol index */
	GHashTable *record_index;  /* record cursor -> record index */
	GHashTable *member_index;  /* field cursor -> member index */
	GHashTable *unnamed;       /* unnamed record cursor -> name given by its variable; NULL until needed */
	GHashTable *functions;     /* name -> CXCursor of functions named only in attributes; NULL until needed */
	GHashTable *slot_index;    /* struct facts_slot -> index */
	GHashTable *flow_index;    /* flows that are known: from << 32 | to */
	GHashTable *local_index;   /* local variable or parameter cursor -> its number in its function */
	uint32_t n_locals;         /* of the function being walked */
	GHashTable *instance_index; /* char *: instances that have a row */
	bool sees_scheduler;       /* it reads one of the scheduler's files */
	GArray *effects;           /* uint8_t of enum effect: what happens behind the addresses in each slot */
	GArray *reached;           /* CXCursor: definitions whose bodies wait to be walked */
	struct facts_tables tables;
	CXFile last_file;          /* one-entry cache in front of file_index */
	uint32_t last_file_string;
};

/* Interns a string. */
uint32_t unit_string(struct unit *unit, const char *string);

/* Interns a libclang string and disposes of it: the one way a CXString leaves. */
uint32_t unit_cxstring(struct unit *unit, CXString string);

/* A type as it is written, without the places that libclang adds to unnamed records. */
uint32_t unit_type(struct unit *unit, CXType type);

/* A function type with typedefs resolved and without attributes: equal text is equal type. */
uint32_t unit_prototype(struct unit *unit, CXType type);

/* Where a cursor stands, macro uses counted where they are expanded. */
void unit_location(struct unit *unit, CXSourceLocation location, uint32_t *file, uint32_t *line);

/* True if the file (a string index) is one of the scheduler's. */
bool unit_is_scheduler_file(struct unit *unit, uint32_t file);

/*
 * The row of a function or variable with linkage or static storage. A definition that is met for the first
 * time is put into `reached`.
 */
uint32_t unit_symbol(struct unit *unit, CXCursor declaration);

/* Makes a declaration that libclang knows no definition of count as one: a tentative variable, an alias. */
void unit_define(struct unit *unit, CXCursor declaration);

/* How declarations are printed: no bodies, no initialisers. */
CXPrintingPolicy unit_policy(struct unit *unit, CXCursor declaration);

/* False for an anonymous member: libclang gives it no spelling, or a made-up one in parentheses. */
bool unit_has_name(CXCursor field);

/* The row of a member; FACTS_NONE if its record cannot be told. */
uint32_t unit_member(struct unit *unit, CXCursor field);

/* The row of a record. */
uint32_t unit_record(struct unit *unit, CXCursor record);

/* Adds all members of a record defined in a scheduler file. */
void unit_add_record(struct unit *unit, CXCursor record);

/* Notes that values of a record type, if it is one, are copied as a whole. */
void unit_note_copied(struct unit *unit, CXType type);

/* Walks a function definition's body or a variable's initialiser and records its uses. */
void unit_visit_body(struct unit *unit, CXCursor declaration, uint32_t from);

/* A hash table keyed by cursors; values are indices. */
GHashTable *unit_cursor_table_new(void);
void unit_cursor_table_set(GHashTable *table, CXCursor cursor, uint32_t value);

/* True and `*value` filled if the cursor is in the table. */
bool unit_cursor_table_get(GHashTable *table, CXCursor cursor, uint32_t *value);

static inline struct facts_symbol *unit_symbol_row(struct unit *unit, uint32_t i)
{
	return &g_array_index(unit->tables.symbols, struct facts_symbol, i);
}

static inline struct facts_record *unit_record_row(struct unit *unit, uint32_t i)
{
	return &g_array_index(unit->tables.records, struct facts_record, i);
}

static inline const char *unit_string_at(const struct unit *unit, uint32_t i)
{
	return g_ptr_array_index(unit->tables.strings, i);
}

#endif
