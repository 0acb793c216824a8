// SPDX-License-Identifier: GPL-2.0-only
/* The framing is a machine with three states: header lines, body, skipped body. */
#include "tools/lsp/framing.h"

#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 4096 /* a longer line is not a header line */

enum framing_state {
	STATE_HEADER,
	STATE_BODY,
	STATE_SKIP, /* a refused body */
};

struct framing {
	size_t limit;
	framing_take take;
	framing_fault fault;
	void *data;
	enum framing_state state;
	GString *line;   /* the current header line so far */
	bool has_length; /* of the current message */
	/* the header had a fault, which was reported; skip lines up to a valid one */
	bool is_lost;
	bool is_other_charset;
	size_t left; /* bytes of the body that are still missing */
	GString *body;
};

struct framing *framing_new(size_t limit, framing_take take, framing_fault fault, void *data)
{
	struct framing *f = g_new0(struct framing, 1);

	f->limit = limit;
	f->take = take;
	f->fault = fault;
	f->data = data;
	f->line = g_string_new(NULL);
	f->body = g_string_new(NULL);
	return f;
}

void framing_free(struct framing *f)
{
	if (!f)
		return;
	g_string_free(f->line, TRUE);
	g_string_free(f->body, TRUE);
	g_free(f);
}

bool framing_is_partial(const struct framing *f)
{
	return f->state != STATE_HEADER || f->line->len || f->has_length;
}

static void tell(struct framing *f, const char *message)
{
	if (!f->is_lost)
		f->fault(f->data, true, message);
	f->is_lost = true;
}

static void lose(struct framing *f, const char *message)
{
	tell(f, message);
	f->has_length = f->is_other_charset = false;
}

/* Parses the number in a header's value; false if it is none. */
static bool parse_length(const char *value, size_t *length)
{
	const char *digits = value + strspn(value, " \t");
	guint64 number;

	if (!g_ascii_string_to_unsigned(g_strchomp((char *)digits), 10, 0, G_MAXINT64, &number,
					NULL))
		return false;
	*length = (size_t)number;
	return true;
}

/* True if a Content-Type names a charset other than UTF-8. */
static bool is_other_charset(const char *value)
{
	g_autofree char *lower = g_ascii_strdown(value, -1);
	const char *charset = strstr(lower, "charset=");

	if (!charset)
		return false;
	charset += strlen("charset=") + (charset[strlen("charset=")] == '"');
	return !g_str_has_prefix(charset, "utf-8") && !g_str_has_prefix(charset, "utf8");
}

/*
 * After a fault, a header may follow the rest of a body, which does not end with a newline: finds
 * it within the line.
 */
static void find_header(struct framing *f)
{
	g_autofree char *lower =
		f->is_lost ? g_ascii_strdown(f->line->str, (gssize)f->line->len) : NULL;
	const char *found = lower ? g_strrstr(lower, "content-length:") : NULL;

	if (found)
		g_string_erase(f->line, 0, found - lower);
}

/*
 * Takes a header line that is not empty. A line without a colon is reported and skipped, because
 * another line may have the length.
 */
static void take_line(struct framing *f)
{
	char *colon;

	find_header(f);
	colon = memchr(f->line->str, ':', f->line->len);

	if (!colon || strlen(f->line->str) != f->line->len) {
		tell(f,
		     "a header line has no colon: the header of a message is lines of NAME: VALUE");
		return;
	}
	*colon = '\0';
	if (g_ascii_strcasecmp(f->line->str, "Content-Length") == 0) {
		if (!parse_length(colon + 1, &f->left)) {
			lose(f, "Content-Length is not a number of bytes");
			return;
		}
		f->has_length = true;
	} else if (g_ascii_strcasecmp(f->line->str, "Content-Type") == 0) {
		f->is_other_charset = is_other_charset(colon + 1);
	}
}

static void refuse(struct framing *f)
{
	g_autofree char *message =
		f->is_other_charset
			? g_strdup("Content-Type names another charset than utf-8")
			: g_strdup_printf(
				  "a message of %zu bytes is over the limit of %zu and was passed over",
				  f->left, f->limit);

	f->fault(f->data, false, message);
	f->state = STATE_SKIP;
}

static void end_message(struct framing *f)
{
	f->state = STATE_HEADER;
	f->has_length = f->is_other_charset = false;
	g_string_truncate(f->body, 0);
	if (f->body->allocated_len > 1 << 20) { /* do not keep the memory of one large message */
		g_string_free(f->body, TRUE);
		f->body = g_string_new(NULL);
	}
}

static void deliver(struct framing *f)
{
	f->take(f->data, f->body->str, f->body->len);
	end_message(f);
}

/* Handles the empty line behind the header. */
static void begin_body(struct framing *f)
{
	if (!f->has_length) {
		lose(f, "a header without Content-Length");
		return;
	}
	f->state = STATE_BODY;
	f->is_lost = false;
	if (f->left > f->limit || f->is_other_charset)
		refuse(f);
	if (f->left == 0 && f->state == STATE_BODY)
		deliver(f);
	else if (f->left == 0)
		end_message(f);
}

static void end_line(struct framing *f)
{
	if (f->line->len && f->line->str[f->line->len - 1] == '\r')
		g_string_truncate(f->line, f->line->len - 1);
	if (f->line->len)
		take_line(f);
	else
		begin_body(f);
	g_string_truncate(f->line, 0);
}

/* Takes bytes up to the end of the line or of the buffer. Returns how many it took. */
static size_t feed_header(struct framing *f, const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	size_t n = end ? (size_t)(end - bytes) : length;

	if (f->line->len + n > LINE_MAX_BYTES)
		lose(f, "a header line is too long");
	else
		g_string_append_len(f->line, bytes, (gssize)n);
	if (f->line->len + n > LINE_MAX_BYTES)
		g_string_truncate(f->line, 0);
	if (!end)
		return n;
	end_line(f);
	return n + 1;
}

static size_t feed_body(struct framing *f, const char *bytes, size_t length)
{
	size_t n = MIN(length, f->left);

	if (f->state == STATE_BODY)
		g_string_append_len(f->body, bytes, (gssize)n);
	f->left -= n;
	if (f->left == 0 && f->state == STATE_BODY)
		deliver(f);
	else if (f->left == 0)
		end_message(f);
	return n;
}

void framing_feed(struct framing *f, const char *bytes, size_t length)
{
	for (size_t done = 0; done < length;)
		done += f->state == STATE_HEADER ? feed_header(f, bytes + done, length - done)
						 : feed_body(f, bytes + done, length - done);
}
