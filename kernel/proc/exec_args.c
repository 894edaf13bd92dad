// SPDX-License-Identifier: MIT
/*
 * Arguments and environment of a new program, on their way from the old address
 * space to the new.  execve(2), "Limits on size of arguments and environment".
 *
 * Belongs to the thread that is in exec; no locks.  May sleep.
 */
#include <string.h>

#include <core/alloc.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/usercopy.h>
#include <proc/signal.h>
#include <proc/task.h>

#include "exec_internal.h"

#define ARG_PAGES_MAX  (PAGE_SIZE / sizeof(char *)) /* 2 MiB */
#define ARG_STRING_MAX (128ul << 10)                /* MAX_ARG_STRLEN */
#define ARG_LIMIT_MIN  (128ul << 10)

int exec_args_init(struct exec_args *args)
{
	uint64_t quarter = rlimit_get(RLIMIT_STACK) / 4;

	*args = (struct exec_args){ 0 };
	args->limit =
		MIN(MAX(quarter, ARG_LIMIT_MIN), ARG_PAGES_MAX * PAGE_SIZE);
	args->pages = page_alloc_virt(ALLOC_ZERO);
	return args->pages ? 0 : -ENOMEM;
}

void exec_args_free(struct exec_args *args)
{
	if (!args->pages)
		return;
	for (size_t i = 0; i < ARG_PAGES_MAX && args->pages[i]; i++)
		page_free_virt(args->pages[i]);
	page_free_virt(args->pages);
	args->pages = NULL;
}

/* Where the next byte goes, and how many fit there; NULL: no memory. */
static char *args_room(struct exec_args *args, size_t *room)
{
	size_t index = args->len / PAGE_SIZE;

	if (!args->pages[index])
		args->pages[index] = page_alloc_virt(0);
	*room = PAGE_SIZE - args->len % PAGE_SIZE;
	return args->pages[index] ? args->pages[index] + args->len % PAGE_SIZE
				  : NULL;
}

/* The pointer that argv or envp needs to each string counts, too. */
static bool args_fit(const struct exec_args *args, size_t more)
{
	size_t pointers = (args->argc + args->envc + 3ul) * sizeof(char *);

	return args->len + pointers < args->limit &&
	       more < args->limit - args->len - pointers;
}

static int args_add_bytes(struct exec_args *args, const char *bytes, size_t len)
{
	if (!args_fit(args, len))
		return -E2BIG;
	while (len) {
		size_t room;
		char *to = args_room(args, &room);

		if (!to)
			return -ENOMEM;
		room = MIN(room, len);
		memcpy(to, bytes, room);
		args->len += room;
		bytes += room;
		len -= room;
	}
	return 0;
}

int exec_args_add(struct exec_args *args, const char *string)
{
	return args_add_bytes(args, string, strlen(string) + 1);
}

static int args_add_user_string(struct exec_args *args,
				const char __user *string)
{
	size_t start = args->len;

	for (;;) {
		size_t room;
		char *to = args_room(args, &room);
		ssize_t len;

		if (!to)
			return -ENOMEM;
		len = copy_string_from_user(to, string, room);
		if (len >= 0) {
			args->len += (size_t)len + 1;
			return args->len - start > ARG_STRING_MAX ||
					       !args_fit(args, 0)
				       ? -E2BIG
				       : 0;
		}
		if (len != -ENAMETOOLONG)
			return (int)len;
		args->len += room; /* it goes on in the next page */
		string += room;
		if (args->len - start > ARG_STRING_MAX || !args_fit(args, 1))
			return -E2BIG;
	}
}

int exec_args_add_user(struct exec_args *args,
		       const char __user *const __user *vector)
{
	int n = 0;

	/* Linux takes NULL for an empty vector. */
	if (!vector)
		return 0;
	for (;; n++) {
		const char __user *string;
		int ret;

		if (get_user(string, vector + n))
			return -EFAULT;
		if (!string)
			return n;
		if (signal_is_fatal_pending())
			return -EINTR;
		if (!args_fit(args, (size_t)n * sizeof(char *)))
			return -E2BIG;
		ret = args_add_user_string(args, string);
		if (ret)
			return ret;
	}
}

size_t exec_args_string_len(const struct exec_args *args, size_t offset)
{
	size_t len = 0;

	for (;;) {
		size_t in_page = (offset + len) % PAGE_SIZE;
		size_t most =
			MIN(PAGE_SIZE - in_page, args->len - offset - len);
		const char *from =
			args->pages[(offset + len) / PAGE_SIZE] + in_page;
		const char *nul = memchr(from, '\0', most);

		if (nul)
			return len + (size_t)(nul - from) + 1;
		len += most;
		if (offset + len >= args->len)
			return len;
	}
}

/* Append [start, end) of other. */
static int args_append_range(struct exec_args *args,
			     const struct exec_args *other, size_t start,
			     size_t end)
{
	while (start < end) {
		size_t n = MIN(PAGE_SIZE - start % PAGE_SIZE, end - start);
		int ret = args_add_bytes(
			args,
			other->pages[start / PAGE_SIZE] + start % PAGE_SIZE, n);

		if (ret)
			return ret;
		start += n;
	}
	return 0;
}

int exec_args_replace_first(struct exec_args *args, const char *const *strings,
			    unsigned n)
{
	struct exec_args fresh;
	size_t skip = args->argc ? exec_args_string_len(args, 0) : 0;
	int ret = exec_args_init(&fresh);

	for (unsigned i = 0; !ret && i < n; i++)
		ret = exec_args_add(&fresh, strings[i]);
	fresh.argc = n + (args->argc ? args->argc - 1 : 0);
	fresh.envc = args->envc;
	fresh.arg_len = fresh.len + args->arg_len - skip;
	fresh.env_len = args->env_len;
	if (!ret)
		ret = args_append_range(&fresh, args, skip, args->len);
	if (ret) {
		exec_args_free(&fresh);
		return ret;
	}
	exec_args_free(args);
	*args = fresh;
	return 0;
}

int exec_args_copy_out(const struct exec_args *args, struct mm *mm,
		       uintptr_t addr)
{
	for (size_t done = 0; done < args->len; done += PAGE_SIZE) {
		size_t n = MIN(PAGE_SIZE, args->len - done);

		if (mm_access(mm, addr + done, args->pages[done / PAGE_SIZE], n,
			      true) != (ssize_t)n)
			return -ENOMEM;
	}
	return 0;
}
