/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to tools/page/: a report as compact JSON, which web/src/data.js reads.
 *
 * Nodes and edges are stored as columns, one array for each property. Texts are stored once in a
 * list and referred to by index. The object has:
 *
 *   kernel   what the report is about: release, build_id, config_hash, tool_version; null if
 *            unknown
 *   problems [file, message] of each problem that makes the report incomplete
 *   strings  all texts; the first is ""
 *   nodes    for each node: kind, name, file, line, class, reason, why, type; tail: what follows
 *            "FILE:" in its id, 0 if that is the name; own: it is the scheduler's; notes: further
 *            properties. The order is functions, variables, members, records, objects
 *   members  for each member in the order of the nodes: offset and width in bits, and the
 *            record's node
 *   records  for each record in the order of the nodes: size and align in bytes, is_union
 *   edges    the steps of tools/query/walk.h: from (as difference from the one before), to, kind,
 *            file, line (as difference, too), detail, and shown: 1 among callees, 2 among
 *            callers, 3 in both
 *   unknown  node, file, line, detail: a call that may lead to what the report does not name
 *   why      node, number of rows, then for each row: role, text, node or -1: the result of
 *            query_why_chain()
 */
#ifndef PLUGSCHED_PAGE_PACK_H
#define PLUGSCHED_PAGE_PACK_H

#include "tools/query/query.h"

/* Appends the report of the query as JSON. */
void pack_report(GString *out, struct query *query);

/*
 * Appends the words to which the indices in the columns kind, class, reason
 * and the edges' kind refer.
 */
void pack_words(GString *out);

/* Appends a text as a JSON string. Bytes that are not UTF-8 become U+FFFD. */
void pack_text(GString *out, const char *text);

#endif
