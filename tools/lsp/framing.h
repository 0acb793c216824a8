/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The framing of the base protocol: takes bytes in any pieces and returns the bodies of messages.
 *
 * A message consists of header lines, an empty line, and as many bytes as Content-Length says.
 * Bytes that do not fit are reported once and skipped up to the next valid header, so a fault costs
 * only the message that contains it. A body above the limit is skipped without being stored.
 */
#ifndef PLUGSCHED_LSP_FRAMING_H
#define PLUGSCHED_LSP_FRAMING_H

#include <glib.h>
#include <stdbool.h>

struct framing;

/* Receives a body: any bytes, borrowed for the duration of the call. */
typedef void (*framing_take)(void *data, const char *body, size_t length);

/*
 * Receives a fault, described for people. `is_parse`: the bytes are no message; otherwise the
 * message was refused.
 */
typedef void (*framing_fault)(void *data, bool is_parse, const char *message);

/* `limit` is the size of the longest accepted body, bytes. Free the result with framing_free(). */
struct framing *framing_new(size_t limit, framing_take take, framing_fault fault, void *data);

/* Accepts NULL. */
void framing_free(struct framing *framing);

/* Processes the next bytes and calls `take` and `fault` for what they complete. */
void framing_feed(struct framing *framing, const char *bytes, size_t length);

/* True if the bytes so far end in the middle of a message. */
bool framing_is_partial(const struct framing *framing);

#endif
