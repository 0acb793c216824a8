/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions about a saved report.
 *
 * A question takes a report, words and options, and fills an answer (answer.h). The table in
 * table.c lists the questions with their words and options.
 */
#ifndef PLUGSCHED_QUERY_QUERY_H
#define PLUGSCHED_QUERY_QUERY_H

#include "emit/read.h"
#include "tools/query/answer.h"

#define QUERY_ERROR query_error_quark()
GQuark query_error_quark(void);

enum query_error {
	/* the report has nothing of that name; the message has the nearest names */
	QUERY_ERROR_UNKNOWN,
	QUERY_ERROR_USAGE, /* wrong words or options */
};

/* What a question is asked about, and its options. */
struct query {
	const struct emit_read *report;
	const struct emit_read *other; /* the second report of diff; else NULL */
	const char *name, *other_name; /* file names of the reports, for messages */
	struct walk *walk;             /* created when first needed; query_clear() frees it */
	unsigned depth;                /* levels of callers and callees; 0 means 1 */
	const char *const *interface;  /* what-if: NULL-terminated; may be NULL */
	const char *const *external;
	const char *class, *kind, *file; /* list: NULL means any */
	bool is_all;                     /* diff: include the entries of other code */
};

enum query_option {
	QUERY_OPTION_DEPTH = 1 << 0,
	QUERY_OPTION_INTERFACE = 1 << 1,
	QUERY_OPTION_EXTERNAL = 1 << 2,
	QUERY_OPTION_CLASS = 1 << 3,
	QUERY_OPTION_KIND = 1 << 4,
	QUERY_OPTION_FILE = 1 << 5,
	QUERY_OPTION_ALL = 1 << 6,
	QUERY_OPTION_SARIF = 1 << 7,
	QUERY_OPTION_HTML = 1 << 8,
};

typedef bool (*query_ask)(struct query *query, char **words, struct answer *answer, GError **error);

struct query_question {
	const char *name, *words; /* "why", "NAME..." */
	const char *summary;      /* in one line */
	const char *help;         /* further lines */
	unsigned words_min, words_max;
	unsigned options;  /* the enum query_option that it accepts */
	bool takes_report; /* its first word names another report */
	query_ask ask;
};

/* All questions. The last entry has no name. */
extern const struct query_question query_questions[];

/* The question of that name; NULL if there is none. Static. */
const struct query_question *query_find(const char *name);

/* Frees what the questions created for later ones. */
void query_clear(struct query *query);

/* --- the questions: each fills `answer`; false with `error` if it cannot be answered */

bool query_why(struct query *query, char **words, struct answer *answer, GError **error);
bool query_callers(struct query *query, char **words, struct answer *answer, GError **error);
bool query_callees(struct query *query, char **words, struct answer *answer, GError **error);
bool query_path(struct query *query, char **words, struct answer *answer, GError **error);
bool query_uses(struct query *query, char **words, struct answer *answer, GError **error);

/* Solves the report's graph again with other choices. The graph is changed by this. */
bool query_what_if(struct query *query, char **words, struct answer *answer, GError **error);

/*
 * Adds what `why` shows about a node below its sentence: the chain that forces its
 * class, or all its users.
 */
void query_why_chain(struct query *query, struct graph_node *node, struct answer *answer);

bool query_diff(struct query *query, char **words, struct answer *answer, GError **error);
bool query_info(struct query *query, char **words, struct answer *answer, GError **error);
bool query_list(struct query *query, char **words, struct answer *answer, GError **error);

#endif
