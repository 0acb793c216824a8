/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The framing of the base protocol: bytes in any pieces in, bodies of messages out.
 *
 * A message is header lines, an empty line, and as many bytes as Content-Length says. What does not fit that is told once and
 * passed over up to the next header that does, so a fault costs the message that it is in. A body over the limit is
 * passed over without being kept.
 */
#ifndef PLUGSCHED_LSP_FRAME_H
#define PLUGSCHED_LSP_FRAME_H

#include <glib.h>
#include <stdbool.h>

struct frame;

/* A body, any bytes; borrowed for the call. */
typedef void (*frame_take)(void *data, const char *body, size_t length);

/* What was wrong, for people. `is_parse`: the bytes make no message; else it is one that is refused. */
typedef void (*frame_fault)(void *data, bool is_parse, const char *message);

/* `limit`: the longest body in bytes. */
struct frame *frame_new(size_t limit, frame_take take, frame_fault fault, void *data);

/* Accepts NULL. */
void frame_free(struct frame *frame);

void frame_feed(struct frame *frame, const char *bytes, size_t length);

/* True if the bytes so far end within a message. */
bool frame_is_partial(const struct frame *frame);

#endif
