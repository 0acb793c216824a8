// SPDX-License-Identifier: GPL-2.0-only
/* The table of methods. */
#include "tools/lsp/methods.h"

#include <string.h>

static const struct {
	const char *name;
	server_answer answer;
	bool is_request;
} methods[] = {
#define METHOD(name, function, is_request) { name, function, is_request },
#include "tools/lsp/methods.def"
#undef METHOD
};

server_answer server_find_method(const char *method, bool is_request)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (methods[i].is_request == is_request && strcmp(methods[i].name, method) == 0)
			return methods[i].answer;
	return NULL;
}
