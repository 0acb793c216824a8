/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/query: the answer of "diff" in SARIF. */
#ifndef PLUGSCHED_QUERY_SARIF_H
#define PLUGSCHED_QUERY_SARIF_H

#include "tools/query/answer.h"

/*
 * A result for each change: what breaks a scheduler that was written for the older kernel is an error, what asks for a look a warning,
 * all else a note.
 */
void answer_write_sarif(FILE *out, const struct answer *answer);

#endif
