/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/query: writes the answer of "diff" as SARIF. */
#ifndef PLUGSCHED_QUERY_SARIF_H
#define PLUGSCHED_QUERY_SARIF_H

#include "tools/query/answer.h"

/*
 * Writes a result for each change. A change that breaks a scheduler written for the older kernel is
 * an error, one that must be looked at a warning, and any other one a note.
 */
void answer_write_sarif(FILE *out, const struct answer *answer);

#endif
