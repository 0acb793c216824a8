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
	CXPrintingPolicy policy;     /* terse declarations with attributes; NULL until needed */
	GHashTable *string_index;    /* string -> index */
	GHashTable *file_index;      /* CXFile -> string index of its path */
	GHashTable *scheduler_files; /* path (string index) -> 1: other
	                                code's, 2: the scheduler's */
	GHashTable *symbol_index;    /* canonical cursor -> symbol index */
	GHashTable *record_index;    /* record cursor -> record index */
	GHashTable *member_index;    /* field cursor -> member index */
	/* unnamed record cursor -> string index of its variable's name; NULL until needed */
	GHashTable *unnamed;
	/* name -> CXCursor, for functions that are named only in attributes; NULL until needed */
	GHashTable *functions;
	GHashTable *slot_index; /* struct facts_slot -> index */
	GHashTable *flow_index; /* set of the flows that have a row: from << 32 | to */
	/* cursor of a local variable or parameter -> its number in its function */
	GHashTable *local_index;
	uint32_t n_locals;          /* number that the next local slot gets */
	GHashTable *instance_index; /* set of the instances that have a row */
	bool sees_scheduler;        /* the unit reads one of the scheduler's files */
	/* uint8_t, flags of enum data_effect: what happens to data whose address is in each slot */
	GArray *effects;
	GArray *reached; /* CXCursor: definitions whose bodies are to be walked */
	struct facts_tables tables;
	CXFile last_file; /* one-entry cache in front of file_index */
	uint32_t last_file_string;
};

/* The index of a string in the string table; it is added if need be. */
uint32_t unit_string(struct unit *unit, const char *string);

/* The same for a libclang string, which is disposed of. Every CXString goes through here. */
uint32_t unit_cxstring(struct unit *unit, CXString string);

/* The string index of a type as it is written, without places that libclang adds. */
uint32_t unit_type(struct unit *unit, CXType type);

/*
 * The string index of a function type with typedefs resolved and without attributes. Equal text
 * means equal type.
 */
uint32_t unit_prototype(struct unit *unit, CXType type);

/*
 * The file (a string index; 0 if none) and line of a location. What comes from a macro is where the
 * macro is used.
 */
void unit_location(struct unit *unit, CXSourceLocation location, uint32_t *file, uint32_t *line);

/* True if the file (a string index) is one of the scheduler's. */
bool unit_is_scheduler_file(struct unit *unit, uint32_t file);

/*
 * The row of a function, or of a variable with linkage or static storage; it is made if need be. A
 * definition that is seen for the first time is added to `reached`.
 */
uint32_t unit_symbol(struct unit *unit, CXCursor declaration);

/* Makes a declaration a definition if libclang knows none: a tentative variable, an alias. */
void unit_define(struct unit *unit, CXCursor declaration);

/* How declarations are printed: without bodies and initialisers. The unit owns the policy. */
CXPrintingPolicy unit_policy(struct unit *unit, CXCursor declaration);

/* False for an anonymous member: libclang gives it no spelling, or a made-up one in parentheses. */
bool unit_has_name(CXCursor field);

/* The record that a member counts for: anonymous members belong to the record around them. */
CXCursor unit_record_around(CXCursor field);

/* The place of a member in that record, in bits; negative if there is none. */
long long unit_offset_of(CXType record, CXCursor field);

/*
 * The outermost union that the member lies in, directly or as a member of anonymous members; a null
 * cursor if there is none.
 */
CXCursor unit_union_around(CXCursor field);

/* The row of a member; it is made if need be. */
uint32_t unit_member(struct unit *unit, CXCursor field);

/* The row of a record; it is made if need be. */
uint32_t unit_record(struct unit *unit, CXCursor record);

/* Makes the rows of all members of a record, and of the records defined inside it. */
void unit_add_record(struct unit *unit, CXCursor record);

/*
 * Notes that values of this type are copied as a whole. Does nothing if it is not a record or an
 * array of records.
 */
void unit_note_copied(struct unit *unit, CXType type);

/*
 * Walks the body of a function or the initialiser of a variable and records its uses. `from` is the
 * symbol's row.
 */
void unit_visit_body(struct unit *unit, CXCursor declaration, uint32_t from);

/* A hash table from cursors to indices. Release it with g_hash_table_destroy(). */
GHashTable *unit_cursor_table_new(void);
void unit_cursor_table_set(GHashTable *table, CXCursor cursor, uint32_t value);

/* Looks up a cursor. False if it is not in the table; then `*value` is unchanged. */
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
