/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of words for people: columns are as wide as their widest word. */
#ifndef PLUGSCHED_COMMAND_TABLE_H
#define PLUGSCHED_COMMAND_TABLE_H

#include <glib.h>

struct table;

/*
 * Begin a table with the heads of its columns, and NULL. "<HEAD": the column's words stand at the
 * left; ">HEAD": at the right. table_free() frees it.
 */
struct table *table_new(const char *head, ...) G_GNUC_NULL_TERMINATED;

/* Add a row: a word for each column, and NULL. */
void table_add(struct table *table, const char *word, ...) G_GNUC_NULL_TERMINATED;

/* Print the table to stdout. */
void table_print(const struct table *table);

/* Accepts NULL. */
void table_free(struct table *table);

#endif
