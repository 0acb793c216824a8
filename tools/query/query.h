/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to a saved report.
 *
 * A question takes a report, words and options, and fills an answer (answer.h). Which questions there are,
 * with their words and options, stands in one table (table.c).
 */
#ifndef PLUGSCHED_QUERY_QUERY_H
#define PLUGSCHED_QUERY_QUERY_H

#include "emit/read.h"
#include "tools/query/answer.h"

#define QUERY_ERROR query_error_quark()
GQuark query_error_quark(void);

enum query_error {
	QUERY_ERROR_UNKNOWN, /* the report has nothing of that name; the nearest names are in the message */
	QUERY_ERROR_USAGE,   /* wrong words or options */
};

/* What is asked about, and how. */
struct query {
	const struct emit_read *report;
	const struct emit_read *other;  /* the second report of diff, else NULL */
	const char *name, *other_name;  /* file names of the reports, for messages */
	struct walk *walk;              /* made when first needed; freed by query_clear() */
	unsigned depth;                 /* how far callers and callees go; 0: 1 */
	const char *const *interface;   /* what-if; NULL-terminated, or NULL */
	const char *const *external;
	const char *class, *kind, *file; /* list; NULL: any */
	bool is_all;                    /* diff: other code's entries too */
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
	const char *summary;      /* one line */
	const char *help;         /* more of it */
	unsigned words_min, words_max;
	unsigned options;         /* enum query_option it takes */
	bool takes_report;        /* its first word is another report */
	query_ask ask;
};

/* All questions; the last has no name. */
extern const struct query_question query_questions[];

/* The question of that name, or NULL. */
const struct query_question *query_find(const char *name);

/* Frees what questions made for later ones. */
void query_clear(struct query *query);

/* --- the questions; false with an error */

bool query_why(struct query *query, char **words, struct answer *answer, GError **error);
bool query_callers(struct query *query, char **words, struct answer *answer, GError **error);
bool query_callees(struct query *query, char **words, struct answer *answer, GError **error);
bool query_path(struct query *query, char **words, struct answer *answer, GError **error);
bool query_uses(struct query *query, char **words, struct answer *answer, GError **error);

/* Solves the report's graph again with other choices; the graph is another one afterwards. */
bool query_what_if(struct query *query, char **words, struct answer *answer, GError **error);

/* What `why` shows of one node below its sentence: the chain that forces its class, or all that use it. */
void query_why_chain(struct query *query, struct graph_node *node, struct answer *answer);

bool query_diff(struct query *query, char **words, struct answer *answer, GError **error);
bool query_info(struct query *query, char **words, struct answer *answer, GError **error);
bool query_list(struct query *query, char **words, struct answer *answer, GError **error);

#endif
