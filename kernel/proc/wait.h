// SPDX-License-Identifier: MIT
/* Waiting for children; see wait4(2), waitid(2). */
#pragma once

#include <lib/types.h>

/* Which children, as waitid(2) names them; and what was found. */
struct wait_request {
	int which; /* P_ALL, P_PID, P_PGID */
	int id;
	/* WEXITED WSTOPPED WCONTINUED WNOHANG WNOWAIT __WALL ... */
	unsigned options;
};

struct wait_result {
	int pid; /* 0: none was ready (WNOHANG) */
	uint32_t uid;
	int status;                   /* as wait4() reports it */
	int code;                     /* CLD_*: si_code of waitid(2) */
	int value;                    /* si_status: exit code or signal */
	uint64_t runtime_ns, user_ns; /* its own and its children's */
	uint64_t minor_faults, major_faults, max_rss_pages;
};

/* 0, -ECHILD, -ERESTARTSYS.  Thread context; sleeps. */
int process_wait(const struct wait_request *request,
		 struct wait_result *result);
