// SPDX-License-Identifier: GPL-2.0-only
/* A progress bar on stderr, redrawn in place. */
#include "base/progress.h"

#include <stdio.h>
#include <string.h>

#define BAR_WIDTH 30

void progress_begin(struct progress *p)
{
	p->begin = g_get_monotonic_time();
	p->last = 0;
}

void progress_show(unsigned done, unsigned total, void *data)
{
	struct progress *p = data;
	gint64 now = g_get_monotonic_time();
	double elapsed = (double)(now - p->begin) / 1e6;
	char bar[BAR_WIDTH + 1];
	unsigned filled = total ? done * BAR_WIDTH / total : 0;

	if (!p->is_drawn || (now - p->last < 100000 && done != total))
		return;
	p->last = now;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', filled);
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r[%s] %u of %u %s, %.0f s left \033[K", bar, done, total, p->what,
		elapsed / done * (total - done));
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->is_drawn)
		fputs("\r\033[K", stderr);
}
