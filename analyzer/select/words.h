/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of C files, found without parsing: which identifiers stand where.
 */
#ifndef PLUGSCHED_WORDS_H
#define PLUGSCHED_WORDS_H

#include "analyzer/tree/tree.h"

#include <stdint.h>

/* An identifier at one place in a file. */
struct word_use {
	/* number of the identifier */
	uint32_t word;
	/* number of the macro or function whose body or parameters it is in; 0: none */
	uint32_t owner;
	uint8_t is_member;   /* is where a member's name can be: after . -> , ( or # */
	uint8_t is_accessed; /* is after . or -> */
	/* is after . or ->, and its value may be read: it is not only assigned to */
	uint8_t may_read;
};

/*
 * `struct TAG ... NAME` that declares a member, variable or function outside all function bodies
 * and parameter lists. The fields are numbers of identifiers.
 */
struct word_declaration {
	uint32_t tag;
	uint32_t name;
	uint32_t enclosing; /* tag of the struct that it is a member of; 0: none */
};

struct word_file {
	char *path;           /* as tree_path() gives it */
	guint64 size;         /* bytes; 0 if there was no such file when it was read */
	gint64 modified;      /* time of modification, ns; 0 likewise */
	GArray *uses;         /* struct word_use, in order */
	GArray *declarations; /* struct word_declaration, in order */
	GArray *macros;       /* uint32_t: names that it defines as macros */
	GPtrArray *quoted;    /* char *: names included by quotes */
	GPtrArray *angled;    /* char *: names included in angle brackets */
};

struct words {
	const struct tree *tree;
	GHashTable *ids; /* identifier -> number, from 1 */
	GStringChunk *strings;
	GHashTable *files; /* path -> struct word_file * */
};

/* An empty collection of words. It borrows the tree. words_free() it. */
struct words *words_new(const struct tree *tree);

/* Frees it. Accepts NULL. */
void words_free(struct words *words);

/* The number of an identifier; a new one gets a new number. Only the first 255 characters count. */
uint32_t words_id(struct words *words, const char *identifier, size_t length);

/*
 * The words of a file, which is read only once. Never NULL; a file that does not exist has no
 * words. `words` owns it.
 */
struct word_file *words_file(struct words *words, const char *path);

/* Size (bytes) and time of modification (ns) of a file; both 0 if there is no such file. */
void words_stat(const struct tree *tree, const char *path, guint64 *size, gint64 *modified);

#endif
