// SPDX-License-Identifier: MIT
/*
 * Wild arguments: every system call number with pointers and numbers that no
 * program would pass.  What is asked for is an error and a living system:
 * EFAULT where a pointer is followed, ENOSYS for numbers without a call.
 */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define LAST_CALL 460

/* Calls that wait for ever or end the caller by right. */
static bool is_left_out(long number)
{
	switch (number) {
	case SYS_exit:
	case SYS_exit_group:
	case SYS_rt_sigreturn:
	case SYS_rt_sigsuspend:
	case SYS_reboot:
	case SYS_vhangup:
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_sigqueueinfo:
	case SYS_rt_tgsigqueueinfo:
	case SYS_clone:
	case SYS_clone3:
	case SYS_unshare:
	case SYS_settimeofday:
	case SYS_clock_settime:
	case SYS_clock_adjtime:
	case SYS_adjtimex:
	case SYS_syslog:
	case SYS_sethostname:
	case SYS_setdomainname:
	case SYS_umount2:
	case SYS_mount:
	case SYS_sync:
	case SYS_swapoff:
	case SYS_swapon:
	case SYS_acct:
	case SYS_chroot:
	case SYS_pivot_root:
	case SYS_munmap: /* of our own stack or text */
	case SYS_mprotect:
	case SYS_mremap:
	case SYS_mmap:
	case SYS_brk:
	case SYS_madvise:
	case SYS_setsid:
	case SYS_ptrace:
	case SYS_init_module:
	case SYS_delete_module:
	case SYS_finit_module:
	case SYS_kexec_load:
	case SYS_bpf:
	case SYS_quotactl:
	case SYS_setns:
	case SYS_process_madvise:
	case SYS_pidfd_send_signal:
		return true;
	default:
		return false;
	}
}

static const uint64_t wild_values[] = {
	1,
	8,
	0x1000,
	0x3fffffffff,
	0x3ffffff000,
	0x4000000000,
	1UL << 47,
	1UL << 63,
	0xffffffc000000000UL,
	0xffffffff80000000UL,
	0xfffffffffffff000UL,
	0xffffffffffffffffUL,
	0x7fffffffffffffffUL,
	0xdeadbeefdeadbeefUL,
};

static int call_wildly(void *arg)
{
	long number = *(long *)arg;
	const size_t nr_values = CHECK_ARRAY_SIZE(wild_values);
	const struct rlimit files = { 64, 64 };
	int null = open("/dev/null", O_RDWR);

	/* Stay where nothing of value can be harmed, nor a terminal waits. */
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	setrlimit(RLIMIT_NOFILE, &files);
	setpgid(0, 0);
	alarm(2); /* calls that sleep by right */
	for (size_t i = 0; i < nr_values; i++) {
		uint64_t a = wild_values[i];
		uint64_t b = wild_values[(i + 5) % nr_values];

		syscall(number, a, a, a, a, a, a);
		syscall(number, -1, a, b, a, b, a);
		syscall(number, 1, a, 1, b, 1, a);
		syscall(number, AT_FDCWD, a, b, 0, 0, 0);
		syscall(number, 0, 0, 0, 0, 0, 0);
		syscall(number, a, 0, b, 0, a, 0);
	}
	return 0;
}

/* Ended by itself, or by a signal that it asked for. */
static void every_call_survives(void)
{
	for (long number = 0; number <= LAST_CALL; number++) {
		pid_t pid;
		int status;

		if (is_left_out(number))
			continue;
		pid = check_child(call_wildly, &number);
		status = check_wait(pid);
		if (WIFSIGNALED(status) && WTERMSIG(status) != SIGALRM &&
		    WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGSYS)
			check_fail("expected call %ld to return, got signal %d",
				   number, WTERMSIG(status));
	}
}

static void unknown_calls_are_enosys(void)
{
	static const long numbers[] = { 244,      259,      500, 1000,
					1L << 20, 1L << 40, -1,  -2 };

	for (size_t i = 0; i < CHECK_ARRAY_SIZE(numbers); i++) {
#ifndef __riscv
		if (numbers[i] == 244 || numbers[i] == 259)
			continue; /* taken on other machines */
#endif
		/* 244 to 259 are the machine's own; 259 flushes the I cache. */
		if (numbers[i] == 259)
			continue;
		EXPECT_ERRNO(syscall(numbers[i], 0, 0, 0, 0, 0, 0), ENOSYS);
	}
}

/* Calls that surely follow the pointer given as argument number which. */
static const struct {
	const char *name;
	long number;
	int which;
} followers[] = {
	{ "read", SYS_read, 1 },
	{ "write", SYS_write, 1 },
	{ "openat", SYS_openat, 1 },
	{ "pipe2", SYS_pipe2, 0 },
	{ "getcwd", SYS_getcwd, 0 },
	{ "chdir", SYS_chdir, 0 },
	{ "mkdirat", SYS_mkdirat, 1 },
	{ "unlinkat", SYS_unlinkat, 1 },
	{ "symlinkat", SYS_symlinkat, 0 },
	{ "faccessat", SYS_faccessat, 1 },
	{ "statx", SYS_statx, 1 },
	{ "fstat", SYS_fstat, 1 },
	{ "uname", SYS_uname, 0 },
	{ "clock_gettime", SYS_clock_gettime, 1 },
	{ "nanosleep", SYS_nanosleep, 0 },
	{ "gettimeofday", SYS_gettimeofday, 0 },
	{ "getrusage", SYS_getrusage, 1 },
	{ "sysinfo", SYS_sysinfo, 0 },
	{ "times", SYS_times, 0 },
	{ "getrlimit", SYS_getrlimit, 1 },
	{ "rt_sigaction", SYS_rt_sigaction, 1 },
	{ "rt_sigprocmask", SYS_rt_sigprocmask, 1 },
	{ "sigaltstack", SYS_sigaltstack, 0 },
	{ "execve", SYS_execve, 0 },
};

/* Arguments with which each call gets as far as its pointer. */
static long call_with_pointer(size_t i, uint64_t pointer)
{
	long number = followers[i].number;
	int fd = open("/dev/zero", O_RDWR);
	long ret;

	switch (number) {
	case SYS_rt_sigaction:
		ret = syscall(number, SIGUSR1, pointer, NULL, 8);
		break;
	case SYS_rt_sigprocmask:
		ret = syscall(number, SIG_BLOCK, pointer, NULL, 8);
		break;
	case SYS_openat:
	case SYS_mkdirat:
	case SYS_unlinkat:
	case SYS_faccessat:
		ret = syscall(number, AT_FDCWD, pointer, 0, 0);
		break;
	case SYS_statx:
		ret = syscall(number, AT_FDCWD, pointer, 0, 0, 0);
		break;
	case SYS_symlinkat:
		ret = syscall(number, pointer, AT_FDCWD, pointer);
		break;
	case SYS_clock_gettime:
	case SYS_getrusage:
	case SYS_getrlimit:
		ret = syscall(number, 0, pointer);
		break;
	case SYS_pipe2:
		ret = syscall(number, pointer, 0);
		break;
	case SYS_getcwd:
		ret = syscall(number, pointer, 4096);
		break;
	default:
		ret = followers[i].which ? syscall(number, fd, pointer, 100)
					 : syscall(number, pointer, 0, 0);
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static void pointers_give_efault(void)
{
	static const uint64_t pointers[] = { 8, 0x3ffffff000, 1UL << 63,
					     0xffffffc000000000UL,
					     0xfffffffffffffff8UL };

	for (size_t i = 0; i < CHECK_ARRAY_SIZE(followers); i++) {
		for (size_t j = 0; j < CHECK_ARRAY_SIZE(pointers); j++) {
			long ret;

			/* /dev/null and zero never look at what is written. */
			if (followers[i].number == SYS_write)
				continue;
			errno = 0;
			ret = call_with_pointer(i, pointers[j]);
			if (ret != -1 || errno != EFAULT)
				check_fail(
					"expected EFAULT from %s(%#llx), got %ld with %s",
					followers[i].name,
					(unsigned long long)pointers[j], ret,
					strerror(errno));
		}
	}
}

static void strings_at_the_edge(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *edge = memory + 4096;

	EXPECT(memory != MAP_FAILED);
	EXPECT_OK(munmap(edge, 4096));
	memset(memory, 'x', 4096);
	EXPECT_ERRNO(open(edge - 3, O_RDONLY), EFAULT);
	memcpy(edge - 5, "/dev", 5);
	EXPECT_OK(open(edge - 5, O_RDONLY));
	EXPECT_ERRNO(syscall(SYS_openat, AT_FDCWD, edge, O_RDONLY), EFAULT);
}

static void transfers_stop_at_the_edge(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ends[2];
	ssize_t ret;

	EXPECT(memory != MAP_FAILED);
	EXPECT_OK(munmap(memory + 4096, 4096));
	EXPECT_OK(pipe(ends));
	EXPECT_EQ(write(ends[1], "0123456789", 10), 10);
	/* A part may arrive; what does not fit is not lost in silence. */
	ret = read(ends[0], memory + 4096 - 4, 10);
	EXPECT(ret == 4 || (ret == -1 && errno == EFAULT));
}

#define COPY_MAX 80

/* Kernel memory at any alignment comes to user memory at any, and back. */
static void copies_are_exact_at_every_alignment(void)
{
	char out[COPY_MAX + 16], in[COPY_MAX + 16];
	int fd = (int)syscall(SYS_memfd_create, "copies", 0);
	bool exact = fd >= 0;

	for (int i = 0; i < (int)sizeof(out); i++)
		out[i] = (char)(i * 7 + 1);
	for (int file = 0; file < 8; file++)
		for (int user = 0; user < 64; user++)
			for (int len = 0; len <= COPY_MAX; len++) {
				const char *from = out + user / 8;
				char *to = in + user % 8;

				memset(in, 0, sizeof(in));
				exact &= pwrite(fd, from, (size_t)len, file) ==
					 len;
				exact &=
					pread(fd, to, (size_t)len, file) == len;
				exact &= memcmp(from, to, (size_t)len) == 0;
				/* Nothing beside it is written. */
				exact &= to[len] == 0;
				exact &= user % 8 == 0 || to[-1] == 0;
			}
	EXPECT(exact);
	close(fd);
}

/* What lies before the edge arrives, to the last byte, however it is copied. */
static void copies_end_at_the_very_edge(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = (int)syscall(SYS_memfd_create, "copies", 0);
	char *edge = memory + 4096;
	char bytes[COPY_MAX + 8];

	EXPECT(memory != MAP_FAILED && fd >= 0);
	EXPECT_OK(munmap(edge, 4096));
	for (int i = 0; i < (int)sizeof(bytes); i++)
		bytes[i] = (char)(i + 1);
	EXPECT_EQ(write(fd, bytes, sizeof(bytes)), sizeof(bytes));
	for (int from = 0; from < 8; from++)
		for (int room = 1; room < COPY_MAX; room++) {
			memset(edge - COPY_MAX, 0, COPY_MAX);
			EXPECT_EQ(pread(fd, edge - room, COPY_MAX, from), room);
			EXPECT_EQ(
				memcmp(edge - room, bytes + from, (size_t)room),
				0);
		}
	close(fd);
}

static void arguments_of_exec_are_checked(void)
{
	char *bad[] = { (char *)"x", (char *)8, NULL };
	char *good[] = { (char *)"x", NULL };

	EXPECT_ERRNO(syscall(SYS_execve, "/bin/sh", bad, good + 1), EFAULT);
	EXPECT_ERRNO(syscall(SYS_execve, "/bin/sh", good, bad), EFAULT);
	EXPECT_ERRNO(syscall(SYS_execve, "/bin/sh", (void *)8, NULL), EFAULT);
}

static const struct check_test tests[] = {
	{ "every_call_survives", every_call_survives, 600 },
	{ "unknown_calls_are_enosys", unknown_calls_are_enosys, 0 },
	{ "pointers_give_efault", pointers_give_efault, 0 },
	{ "strings_at_the_edge", strings_at_the_edge, 0 },
	{ "transfers_stop_at_the_edge", transfers_stop_at_the_edge, 0 },
	{ "copies_are_exact_at_every_alignment",
	  copies_are_exact_at_every_alignment, 0 },
	{ "copies_end_at_the_very_edge", copies_end_at_the_very_edge, 0 },
	{ "arguments_of_exec_are_checked", arguments_of_exec_are_checked, 0 },
};

CHECK_MAIN(tests)
