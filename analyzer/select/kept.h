/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to analyzer/select: the answer of a search over words, kept for the next run. */
#ifndef PLUGSCHED_SELECT_KEPT_H
#define PLUGSCHED_SELECT_KEPT_H

#include "analyzer/select/select.h"
#include "analyzer/select/words.h"

/* A hash of what the answer depends on, apart from the content of files. Caller frees. */
char *kept_key(const struct tree *tree, const uint8_t *roles, GHashTable *members,
	       enum select_use use);

/*
 * The answer in the file, a flag for each unit; NULL if there is none, if it has another key, or if
 * a file has changed since. Caller frees.
 */
uint8_t *kept_load(const struct tree *tree, const char *path, const char *key);

/* Keeps an answer that was found with these words. */
void kept_save(const struct words *words, const char *path, const char *key, const uint8_t *flags);

#endif
