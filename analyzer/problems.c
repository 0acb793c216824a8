// SPDX-License-Identifier: GPL-2.0-only
#include "analyzer/problems.h"

#include "emit/emit.h"

struct problems *problems_new(void)
{
	struct problems *problems = g_new0(struct problems, 1);

	problems->list = g_array_new(FALSE, FALSE, sizeof(struct emit_problem));
	problems->strings = g_string_chunk_new(4096);
	return problems;
}

void problems_add(struct problems *problems, const char *code, const char *file,
		  const char *message)
{
	struct emit_problem problem = {
		.code = g_string_chunk_insert_const(problems->strings, code),
		.file = g_string_chunk_insert_const(problems->strings, file),
		.message = g_string_chunk_insert(problems->strings, message),
	};

	g_array_append_val(problems->list, problem);
}

void problems_free(struct problems *problems)
{
	if (!problems)
		return;
	g_array_unref(problems->list);
	g_string_chunk_free(problems->strings);
	g_free(problems);
}
