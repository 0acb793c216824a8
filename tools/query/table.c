// SPDX-License-Identifier: GPL-2.0-only
/* The table of questions: the command dispatches by it and prints its help from it. */
#include "tools/query/walk.h"

#include <string.h>

G_DEFINE_QUARK(query - error - quark, query_error)

#define ANY G_MAXUINT

const struct query_question query_questions[] = {
	{ "why", "NAME...", "class and reason, and the shortest chain that forces it",
	  "For what is internal: all that use it, which are in the module too or never run again. For a struct's member: what\n"
	  "holds for the struct's layout as well.",
	  1, ANY, 0, false, query_why },
	{ "callers", "NAME...", "who calls a function, or through a member",
	  "Calls, possible indirect calls, addresses taken, functions that hold an inlined copy, objects that name it.\n"
	  "Calls are followed --depth levels up; \"...\" stands where what follows is shown in another place.",
	  1, ANY, QUERY_OPTION_DEPTH, false, query_callers },
	{ "callees", "NAME...", "what a function calls, or a table or member holds",
	  "Calls, possible targets of indirect calls, addresses taken, copies inlined into it.\n"
	  "Calls are followed --depth levels down; \"...\" stands where what follows is shown in another place.",
	  1, ANY, QUERY_OPTION_DEPTH, false, query_callees },
	{ "path", "FROM TO", "the shortest way from one to the other",
	  "By calls if there is such a way, else also by addresses taken and variables that hold them. TO may be a variable\n"
	  "or a member: then the last step is a use of it. So may FROM: then the first step is what it holds or who uses it.\n"
	  "Exit status 1: there is none.",
	  2, 2, 0, false, query_path },
	{ "uses", "NAME...", "who reads, writes or points to a variable or STRUCT.MEMBER",
	  "For a STRUCT: its members with their places and counts of uses.", 1, ANY, 0, false,
	  query_uses },
	{ "what-if", "", "what would move if functions were interface or external",
	  "The boundary is drawn again from the report with these functions forced, as a configuration file would.",
	  0, 0, QUERY_OPTION_INTERFACE | QUERY_OPTION_EXTERNAL, false, query_what_if },
	{ "diff", "REPORT", "what another report has that is not the same",
	  "Entries are matched by file and name, then by name; lines do not count. Exit status 0: no difference, 1: some.",
	  1, 1, QUERY_OPTION_ALL | QUERY_OPTION_SARIF | QUERY_OPTION_HTML, true, query_diff },
	{ "info", "", "the kernel and the figures; the question if none is asked", "", 0, 0,
	  QUERY_OPTION_HTML, false, query_info },
	{ "list", "", "the scheduler's entries, or those of a file",
	  "All options given must hold. Exit status 1: there are none.", 0, 0,
	  QUERY_OPTION_CLASS | QUERY_OPTION_KIND | QUERY_OPTION_FILE, false, query_list },
	{ NULL, NULL, NULL, NULL, 0, 0, 0, false, NULL },
};

const struct query_question *query_find(const char *name)
{
	for (const struct query_question *question = query_questions; question->name; question++)
		if (strcmp(question->name, name) == 0)
			return question;
	return NULL;
}

void query_clear(struct query *query)
{
	g_clear_pointer(&query->walk, walk_free);
}
