/* SPDX-License-Identifier: GPL-2.0-only */
/* The trace events of a transition. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM plugsched

#if !defined(PLUGSCHED_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PLUGSCHED_TRACE_H

#include "outcome.h"
#include "scheduler.h"
#include "transition.h"

#include <linux/module.h>
#include <linux/tracepoint.h>

/* A phase is over. `when` is in ns of the monotonic clock. */
TRACE_EVENT(plugsched_phase, TP_PROTO(enum plugsched_phase phase, u64 when), TP_ARGS(phase, when),
	    TP_STRUCT__entry(__field(int, phase) __field(u64, when)),
	    TP_fast_assign(__entry->phase = phase; __entry->when = when;),
	    TP_printk("%s at %llu ns",
		      __print_symbolic(__entry->phase, { PLUGSCHED_WALKED, "walked" },
				       { PLUGSCHED_STOPPED, "stopped" },
				       { PLUGSCHED_CHECKED, "checked" },
				       { PLUGSCHED_CLEARED, "cleared" },
				       { PLUGSCHED_REDIRECTED, "redirected" },
				       { PLUGSCHED_REBUILT, "rebuilt" }),
		      __entry->when));

/* A transition is over. If `error` is not 0, the scheduler is the same as before. */
TRACE_EVENT(plugsched_transition,
	    TP_PROTO(const struct plugsched_change *change, int error,
		     const struct plugsched_figures *figures),
	    TP_ARGS(change, error, figures),
	    TP_STRUCT__entry(__array(char, from, MODULE_NAME_LEN) __array(char, to, MODULE_NAME_LEN)
				     __field(int, error) __field(unsigned int, retries)
					     __field(unsigned int, attempts)
						     __field(u64, standstill_ns)),
	    TP_fast_assign(strscpy(__entry->from, change->from->name, MODULE_NAME_LEN);
			   strscpy(__entry->to, change->to->name, MODULE_NAME_LEN);
			   __entry->error = error; __entry->retries = figures->retries;
			   __entry->attempts = figures->attempts;
			   __entry->standstill_ns = figures->standstill_ns;),
	    TP_printk("from %s to %s: error %d, %u retries, %u attempts took %llu ns",
		      __entry->from, __entry->to, __entry->error, __entry->retries,
		      __entry->attempts, __entry->standstill_ns));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
