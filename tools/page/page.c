// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the page: the template with the data in place of a mark.
 *
 * The data is JSON, compressed in zlib's format and encoded in base64. So the browser's HTML parser
 * never sees what a name may contain, such as "</script>".
 */
#include "tools/page/page.h"

#include "tools/page/pack.h"
#include "tools/page/template.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * The mark in src/page.html that the data replaces; build.mjs checks that it occurs exactly once.
 */
#define MARK "@PLUGSCHED_DATA@"

bool page_is_built(void)
{
	return page_template().length;
}

/* Appends the answer in the format of --json. */
static void add_answer(GString *json, const struct answer *answer)
{
	char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);

	if (!memory)
		g_error("out of memory");
	answer_write(memory, answer, ANSWER_JSON);
	fclose(memory);
	g_string_append_len(json, text, (gssize)length);
	free(text);
}

/* Appends the report of the query and, packed as if asked for by itself, the other report. */
static void add_reports(GString *json, struct query *query)
{
	struct query other = { .report = query->other, .name = query->other_name };

	pack_report(json, query);
	if (!query->other)
		return;
	g_string_append_c(json, ',');
	pack_report(json, &other);
	query_clear(&other);
}

static GString *data_of(struct query *query, const struct answer *answer)
{
	GString *json = g_string_new("{\"words\":");

	pack_words(json);
	g_string_append(json, ",\"reports\":[");
	add_reports(json, query);
	g_string_append(json, "],\"answer\":");
	add_answer(json, answer);
	g_string_append_c(json, '}');
	return json;
}

static void write_packed(FILE *out, const GString *data)
{
	uLongf length = compressBound(data->len);
	g_autofree Bytef *packed = g_malloc(length);
	g_autofree char *text = NULL;

	if (compress2(packed, &length, (const Bytef *)data->str, data->len, Z_BEST_COMPRESSION) !=
	    Z_OK)
		g_error("zlib cannot compress");
	text = g_base64_encode(packed, length);
	fputs(text, out);
}

void page_write(FILE *out, struct query *query, const struct answer *answer)
{
	const struct page_template template = page_template();
	const char *mark = g_strstr_len(template.begin, (gssize) template.length, MARK);
	const char *rest = mark + strlen(MARK);
	GString *data = data_of(query, answer);

	fwrite(template.begin, 1, (size_t)(mark - template.begin), out);
	write_packed(out, data);
	fwrite(rest, 1, template.length - (size_t)(rest - template.begin), out);
	g_string_free(data, TRUE);
}
