// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of the report on any bytes. What it accepts must be possible to
 * write and to solve again.
 */
#include "test/fuzz/fuzz.h"

#include "emit/read.h"
#include "graph/boundary.h"

static void use(const struct emit_read *read)
{
	g_autoptr(GError) error = NULL;

	emit_report(read->graph, &read->provenance, "/dev/null", NULL, &error);
	g_assert_no_error(error);
	boundary_solve(read->graph, &(struct boundary_options){ 0 });
	emit_report(read->graph, &read->provenance, "/dev/null", NULL, &error);
	g_assert_no_error(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	struct emit_read *read = emit_read_bytes((const char *)data, size, "boundary.json", &error);

	g_assert_true(!read == !!error);
	if (read)
		use(read);
	emit_read_free(read);
	return 0;
}
