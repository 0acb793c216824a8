/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to the server: the methods, each with the type server_answer. Methods for
 * notifications return NULL.
 */
#ifndef PLUGSCHED_LSP_METHODS_H
#define PLUGSCHED_LSP_METHODS_H

#include "tools/lsp/server.h"

/* METHOD(name in the protocol, function, whether it is a request) */
#define METHOD(name, function, is_request) \
	cJSON *function(struct server *server, const cJSON *params, GError **error);
#include "tools/lsp/methods.def"
#undef METHOD

#endif
