// SPDX-License-Identifier: GPL-2.0-only
/* plugsched status: which scheduler runs now, and what the last change cost. */
#include "runtime/command/runtime.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = { "version", "build_id", "error", "in_the_way" };

static const char *const sentences[] = {
	[RUNTIME_NONE] = "no replaced scheduler is loaded",
	[RUNTIME_DISABLED] = "a scheduler module is loaded, but disabled: vmlinux's scheduler runs",
	[RUNTIME_ENABLED] = "the scheduler is replaced",
	[RUNTIME_CHANGING] = "the scheduler is being changed just now",
	[RUNTIME_UNKNOWN] = "a scheduler module is loaded, in a state that cannot be read",
	[RUNTIME_COMING] = "a scheduler module is being loaded",
	[RUNTIME_GOING] = "a scheduler module is being removed",
};

/* Print times, which are in ns, in us, so that people can read them. */
static void print_figure(const char *name, guint64 value)
{
	if (g_str_has_suffix(name, "_ns"))
		printf("  %-12.*s %12.1f us\n", (int)strlen(name) - 3, name, (double)value / 1e3);
	else
		printf("  %-12s %10" G_GUINT64_FORMAT "\n", name, value);
}

static void print_texts(enum runtime_state state)
{
	g_autofree char *at_work = state == RUNTIME_ENABLED ? runtime_at_work() : NULL;

	if (at_work)
		printf("scheduler: %s\n", at_work);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = runtime_value(texts[i]);

		if (text)
			printf("%s: %s\n", texts[i], text);
	}
}

static void print_text(enum runtime_state state)
{
	guint64 value;

	puts(sentences[state]);
	if (state == RUNTIME_NONE && runtime_has_core())
		puts("the core is in the kernel");
	if (runtime_is_for_tests())
		puts("the core is built for tests, which can make its steps fail");
	print_texts(state);
	if (!runtime_has_figures())
		return;
	puts("the last transition:");
	for (guint i = 0; i < runtime_figure_count; i++)
		if (runtime_figure(runtime_figures[i], &value))
			print_figure(runtime_figures[i], value);
}

static void add_figures(cJSON *object)
{
	guint64 value;

	for (guint i = 0; runtime_has_figures() && i < runtime_figure_count; i++)
		if (runtime_figure(runtime_figures[i], &value))
			cJSON_AddNumberToObject(object, runtime_figures[i], (double)value);
}

static void print_json(enum runtime_state state)
{
	cJSON *object = cJSON_CreateObject();
	g_autofree char *at_work = runtime_at_work();
	char *text;

	cJSON_AddStringToObject(object, "state", runtime_state_name(state));
	if (at_work)
		cJSON_AddStringToObject(object, "scheduler", at_work);
	cJSON_AddBoolToObject(object, "core", runtime_has_core());
	if (runtime_is_for_tests())
		cJSON_AddTrueToObject(object, "tests");
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *word = runtime_value(texts[i]);

		if (word)
			cJSON_AddStringToObject(object, texts[i], word);
	}
	add_figures(object);
	text = cJSON_PrintUnformatted(object);
	puts(text);
	cJSON_free(text);
	cJSON_Delete(object);
}

bool command_status(const char *none, const struct command_options *options, GError **error)
{
	enum runtime_state state = runtime_state();

	(void)none;
	if (options->is_json)
		print_json(state);
	else
		print_text(state);
	if (state != RUNTIME_UNKNOWN)
		return true;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FAILED,
		    "/sys/kernel/plugsched/state cannot be read or is of a later version; "
		    "try as root");
	return false;
}
