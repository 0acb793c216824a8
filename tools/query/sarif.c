// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a diff of two kernels as SARIF: how the boundary changed under a scheduler that was
 * written for the older kernel.
 *
 * Each row about a change is a result, and the row's role is the rule. The level depends on the
 * class: changing the module's text cannot help where vmlinux enters a function or depends on a
 * layout; what is internal comes with the sources, and the compiler reports the rest. The place is
 * in the newer kernel, or in the older one for what left.
 */
#include "tools/query/sarif.h"

#include "emit/sarif.h"

#include <string.h>

/*
 * The rules by the role of a row (diff.c). `levels` is indexed by the class of what changed:
 * internal, interface, external.
 */
static const struct {
	const char *role, *rule, *text, *help;
	enum sarif_level levels[3];
} rules[] = {
	{ "signature",
	  "interface-signature",
	  "A function has another type",
	  "Take the new type over. A version of it that was written for the older kernel must not be entered from this vmlinux.",
	  { SARIF_NOTE, SARIF_ERROR, SARIF_WARNING } },
	{ "size",
	  "external-layout",
	  "A record has another layout",
	  "Extract again and carry the change over; do not keep the older definition.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_ERROR } },
	{ "align",
	  "external-layout",
	  "A record has another alignment",
	  "Extract again and carry the change over; do not keep the older definition.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_ERROR } },
	{ "offset",
	  "external-layout",
	  "A member has another place",
	  "Extract again and carry the change over; do not keep the older definition.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_ERROR } },
	{ "type",
	  "type",
	  "A variable, member or record has another type",
	  "Look at what the change does with it.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_WARNING } },
	{ "class",
	  "class",
	  "It is on another side of the boundary",
	  "What is external now stays in vmlinux: a change of it has no effect. What is interface now must keep its type.",
	  { SARIF_NOTE, SARIF_WARNING, SARIF_ERROR } },
	{ "left",
	  "left",
	  "It is not there any more, or has another name",
	  "Find what does its work now, and carry the change over to that.",
	  { SARIF_WARNING, SARIF_ERROR, SARIF_NOTE } },
	{ "entered",
	  "entered",
	  "It is new",
	  "See whether it does what the change did.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_NOTE } },
	{ "file",
	  "file",
	  "It stands in another file",
	  "Carry the change over to that file.",
	  { SARIF_NOTE, SARIF_NOTE, SARIF_NOTE } },
};

static int rule_of(const char *role)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (strcmp(rules[i].role, role) == 0)
			return (int)i;
	return -1;
}

static const char *value(const struct answer_row *row, const char *key)
{
	for (guint i = 0; row->values && i < row->values->len; i++) {
		const struct answer_value *v = &g_array_index(row->values, struct answer_value, i);

		if (strcmp(v->key, key) == 0 && v->text)
			return v->text;
	}
	return "";
}

/* "function schedule_tail: A function has another type: void (int) -> int (int)"; for g_free(). */
static char *message_of(const struct answer_row *row, const struct answer_node *node)
{
	const char *before = value(row, "before"), *after = value(row, "after");

	return g_strdup_printf("%s %s: %s%s%s%s%s", value(row, "kind"), node->name,
			       rules[rule_of(row->role)].text, *before || *after ? ": " : "",
			       before, *before && *after ? " -> " : "", after);
}

static void add_result(struct sarif *sarif, const struct answer *answer,
		       const struct answer_row *row)
{
	const struct answer_node *node =
		&g_array_index(answer->nodes, struct answer_node, row->node);
	g_autofree char *message = message_of(row, node),
			*name = g_strjoin("\n", row->role, value(row, "id"), NULL);
	struct sarif_result result = {
		.rule = rules[rule_of(row->role)].rule,
		.level = rules[rule_of(row->role)].levels[row->class],
		.message = message,
		.help = rules[rule_of(row->role)].help,
		.name = name,
	};
	struct sarif_place place = { .path = node->file, .line = node->line };

	sarif_result_begin(sarif, &result);
	sarif_location(sarif, &place);
}

/* Adds each rule once: if several roles share a rule, the text of the first one is used. */
static void add_rules(struct sarif *sarif)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		struct sarif_rule rule = { rules[i].rule, rules[i].text, rules[i].help,
					   i < 4 ? SARIF_ERROR : SARIF_NOTE };

		if (i == 0 || strcmp(rules[i - 1].rule, rules[i].rule) != 0)
			sarif_add_rule(sarif, &rule);
	}
}

void answer_write_sarif(FILE *out, const struct answer *answer)
{
	struct sarif *sarif = sarif_new("plugsched-graph", PLUGSCHED_VERSION, NULL);

	add_rules(sarif);
	for (guint i = 0; i < answer->rows->len; i++) {
		const struct answer_row *row = g_ptr_array_index(answer->rows, i);

		if (row->node != ANSWER_NONE && rule_of(row->role) >= 0)
			add_result(sarif, answer, row);
	}
	sarif_write(out, sarif);
	sarif_free(sarif);
}
