/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of C files, without parsing them: which identifiers stand where.
 */
#ifndef PLUGSCHED_WORDS_H
#define PLUGSCHED_WORDS_H

#include "analyzer/tree/tree.h"

#include <stdint.h>

/* An identifier where it stands. */
struct word_use {
	uint32_t word;
	uint32_t owner;    /* macro or function whose body or parameters it stands in; 0: none */
	uint8_t is_member;   /* stands where a member's name can: after . -> , ( or # */
	uint8_t is_accessed; /* stands after . or -> */
	uint8_t may_read;    /* and its value may be taken: it is not just put something into */
};

/* `struct TAG ... NAME` as a member, variable or function outside all bodies and parameter lists. */
struct word_declaration {
	uint32_t tag;
	uint32_t name;
	uint32_t enclosing; /* tag of the struct it is a member of; 0: none */
};

struct word_file {
	char *path;         /* as tree_path() gives it */
	guint64 size;       /* of the file when it was read, */
	gint64 modified;    /* and its time of modification, ns; both 0 if there is no such file */
	GArray *uses;       /* struct word_use, in order */
	GArray *declarations; /* struct word_declaration, in order */
	GArray *macros;     /* uint32_t: names that it defines as macros */
	GPtrArray *quoted;  /* char *: names included by quotes */
	GPtrArray *angled;  /* char *: names included in angle brackets */
};

struct words {
	const struct tree *tree;
	GHashTable *ids;    /* identifier -> number, from 1 */
	GStringChunk *strings;
	GHashTable *files;  /* path -> struct word_file * */
};

struct words *words_new(const struct tree *tree);

/* Frees it. Accepts NULL. */
void words_free(struct words *words);

/* The number of an identifier, made if it is new. */
uint32_t words_id(struct words *words, const char *identifier, size_t length);

/* The words of a file, read once. Never NULL; a file that is not there has none. */
struct word_file *words_file(struct words *words, const char *path);

/* Size and time of modification of a file; both 0 if there is none. */
void words_stat(const struct tree *tree, const char *path, guint64 *size, gint64 *modified);

#endif
