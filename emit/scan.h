/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to emit/: finds the entries of a report in its bytes, so that they can be parsed one by
 * one.
 *
 * It looks only at the outermost object and the arrays in it. What is inside an entry is left to a
 * real parser.
 */
#ifndef PLUGSCHED_EMIT_SCAN_H
#define PLUGSCHED_EMIT_SCAN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* A part of the report's text, borrowed. */
struct emit_scan_slice {
	const char *begin;
	size_t length;
};

/* One key of the outermost object. */
struct emit_scan_item {
	char *key;
	struct emit_scan_slice value;
	GArray *entries; /* struct emit_scan_slice: entries of an array; NULL for another value */
};

/*
 * The keys of the one object that `text` holds, as a GPtrArray of struct emit_scan_item; caller
 * unrefs. NULL if `text` is not one object; then `*fault` is the place where the form is broken.
 */
GPtrArray *emit_scan_object(const char *text, size_t length, const char **fault);

#endif
