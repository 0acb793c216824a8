// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of the configuration on any bytes: it must return a configuration or an error, never
 * both or neither.
 */
#include "test/fuzz/fuzz.h"

#include "analyzer/config/config.h"

/* Also matches file names, because patterns come from the input too. */
static void use(const struct config *config)
{
	g_autofree char *hash = config_files_hash(config);

	g_assert_nonnull(hash);
	config_is_scheduler_file(config, "kernel/sched/core.c");
	config_is_scheduler_file(config, "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	struct config *config = config_read_text("boundary.yaml", (const char *)data, size, &error);

	g_assert_true(!config == !!error);
	if (config)
		use(config);
	config_free(config);
	return 0;
}
