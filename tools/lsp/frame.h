/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The framing of the base protocol: takes bytes in any pieces and returns the bodies of messages.
 *
 * A message consists of header lines, an empty line, and as many bytes as Content-Length says.
 * Bytes that do not fit are reported once and skipped up to the next valid header, so a fault costs
 * only the message that contains it. A body above the limit is skipped without being stored.
 */
#ifndef PLUGSCHED_LSP_FRAME_H
#define PLUGSCHED_LSP_FRAME_H

#include <glib.h>
#include <stdbool.h>

struct frame;

/* Receives a body: any bytes, borrowed for the duration of the call. */
typedef void (*frame_take)(void *data, const char *body, size_t length);

/*
 * Receives a fault, described for people. `is_parse`: the bytes are no message; otherwise the
 * message was refused.
 */
typedef void (*frame_fault)(void *data, bool is_parse, const char *message);

/* `limit` is the size of the longest accepted body in bytes. Free the result with frame_free(). */
struct frame *frame_new(size_t limit, frame_take take, frame_fault fault, void *data);

/* Accepts NULL. */
void frame_free(struct frame *frame);

/* Processes the next bytes and calls `take` and `fault` for what they complete. */
void frame_feed(struct frame *frame, const char *bytes, size_t length);

/* True if the bytes so far end in the middle of a message. */
bool frame_is_partial(const struct frame *frame);

#endif
