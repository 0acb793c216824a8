/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to tools/page/: a report as compact JSON, which web/src/data.js reads.
 *
 * Nodes and edges are columns, one array for each property; texts stand once in a list and are named by their number. An
 * object:
 *
 *   kernel   what the report is about: release, build_id, config_hash, tool_version; null if not known
 *   problems [file, message] of what makes the report incomplete
 *   strings  all texts; the first is ""
 *   nodes    kind, name, file, line, class, reason, why, type, of each node; tail: what follows FILE: in its id, 0 if that is the
 *            name; own: it is the scheduler's; notes: what else is to be said. Functions come first, then variables, members,
 *            records and objects
 *   members  of each member in the order of the nodes: offset and width in bits, and the record's node
 *   records  of each record in the order of the nodes: size and align in bytes, is_union
 *   edges    the steps of tools/query/walk.h: from (what is added to the one before), to, kind, file, line (as from), detail, and
 *            shown: 1 among callees, 2 among callers, 3 in both
 *   unknown  node, file, line, detail: a call that may lead to what the report does not name
 *   why      node, number of rows, then of each row: role, text, node or -1: what query_why_chain() says
 */
#ifndef PLUGSCHED_PAGE_PACK_H
#define PLUGSCHED_PAGE_PACK_H

#include "tools/query/query.h"

/* Appends the report of the query as JSON. */
void pack_report(GString *out, struct query *query);

/* Appends the words that the columns kind, class, reason and the edges' kind name by number. */
void pack_words(GString *out);

/* Appends a text as a JSON string; what is not UTF-8 becomes U+FFFD. */
void pack_text(GString *out, const char *text);

#endif
