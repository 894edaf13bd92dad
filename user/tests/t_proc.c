// SPDX-License-Identifier: MIT
/*
 * Processes: fork, vfork, clone, execve, exit, wait and what they pass on.
 */
#include "check.h"
#include "signals.h"

#include <asm/hwprobe.h>
#include <asm/unistd.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static char self_path[256];

static int exit_with(void *arg)
{
	return *(int *)arg;
}

static void exit_status_is_the_low_byte(void)
{
	static const int codes[] = { 0, 1, 42, 255, 256, -1 };

	for (size_t i = 0; i < CHECK_ARRAY_SIZE(codes); i++) {
		int code = codes[i];

		check_exited(check_child(exit_with, &code), code & 0xff);
	}
}

static void fork_copies_memory(void)
{
	static int value = 1;
	int local = 2;
	pid_t pid = fork();

	EXPECT_OK(pid);
	if (pid == 0) {
		value = 10;
		local = 20;
		_exit(value + local);
	}
	check_exited(pid, 30);
	EXPECT_EQ(value, 1);
	EXPECT_EQ(local, 2);
}

static void fork_gives_pids(void)
{
	pid_t parent = getpid();
	pid_t *seen = check_shared(4096);
	pid_t pid = fork();

	EXPECT_OK(pid);
	if (pid == 0) {
		seen[0] = getpid();
		seen[1] = getppid();
		_exit(0);
	}
	check_exited(pid, 0);
	EXPECT_EQ(seen[0], pid);
	EXPECT_EQ(seen[1], parent);
	EXPECT(pid != parent);
}

static void fork_shares_file_offsets(void)
{
	char byte;
	pid_t pid;
	int fd;

	check_enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(fd);
	EXPECT_EQ(write(fd, "abc", 3), 3);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	pid = fork();
	if (pid == 0)
		_exit(read(fd, &byte, 1) == 1 ? 0 : 1);
	check_exited(pid, 0);
	EXPECT_EQ(read(fd, &byte, 1), 1);
	EXPECT_EQ(byte, 'b');
}

static void vfork_shares_memory_and_waits(void)
{
	static volatile int value;
	pid_t pid;

	value = 0;
	pid = vfork();
	if (pid == 0) {
		value = 7;
		_exit(3);
	}
	EXPECT_OK(pid);
	EXPECT_EQ(value, 7);
	check_exited(pid, 3);
}

static void wait_without_children_is_echild(void)
{
	EXPECT_ERRNO(wait(NULL), ECHILD);
	EXPECT_ERRNO(waitpid(1, NULL, 0), ECHILD);
}

static void wait_nohang_returns_0(void)
{
	pid_t pid = check_child(wait_for_ever, NULL);
	int status;

	EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
	EXPECT_OK(kill(pid, SIGKILL));
	check_signalled(pid, SIGKILL);
}

static void wait_takes_any_child(void)
{
	int codes[3] = { 1, 2, 3 };
	int sum = 0, status;

	for (int i = 0; i < 3; i++)
		check_child(exit_with, &codes[i]);
	for (int i = 0; i < 3; i++) {
		EXPECT_OK(wait(&status));
		sum += WEXITSTATUS(status);
	}
	EXPECT_EQ(sum, 6);
	EXPECT_ERRNO(wait(&status), ECHILD);
}

static void waitid_reports_without_reaping(void)
{
	int code = 5;
	pid_t pid = check_child(exit_with, &code);
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	EXPECT_OK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	EXPECT_EQ(info.si_pid, pid);
	EXPECT_EQ(info.si_code, CLD_EXITED);
	EXPECT_EQ(info.si_status, 5);
	check_exited(pid, 5);
}

static void wait_by_process_group(void)
{
	int code = 9;
	pid_t pid = check_child(wait_for_ever, NULL);
	pid_t other = check_child(exit_with, &code);
	int status;

	EXPECT_OK(setpgid(pid, pid));
	EXPECT_OK(kill(pid, SIGTERM));
	EXPECT_EQ(waitpid(-pid, &status, 0), pid);
	EXPECT(WIFSIGNALED(status));
	check_exited(other, 9);
}

static int make_orphan(void *arg)
{
	volatile pid_t *seen = arg;
	pid_t old_parent = getpid();

	if (fork() == 0) {
		while (getppid() == old_parent)
			sched_yield();
		seen[0] = getppid();
		seen[1] = 1;
		_exit(0);
	}
	return 0;
}

static void orphans_get_another_parent(void)
{
	volatile pid_t *seen = check_shared(4096);
	pid_t pid = check_child(make_orphan, (void *)seen);

	check_exited(pid, 0);
	check_wait_flag(&seen[1]);
	EXPECT(seen[0] != pid);
	EXPECT(seen[0] >= 1);
}

static void zombies_keep_their_pid(void)
{
	int code = 4;
	pid_t pid = check_child(exit_with, &code);
	siginfo_t info;

	EXPECT_OK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	EXPECT_OK(kill(pid, 0));
	check_exited(pid, 4);
	EXPECT_ERRNO(kill(pid, 0), ESRCH);
}

static pid_t run_self(const char *argument, char *const *envp)
{
	char *argv[] = { (char *)"name", (char *)"-exec", (char *)argument,
			 NULL };
	pid_t pid = fork();

	EXPECT_OK(pid);
	if (pid == 0) {
		execve(self_path, argv, envp);
		_exit(126);
	}
	return pid;
}

static void exec_passes_arguments(void)
{
	char *envp[] = { (char *)"A=b", NULL };

	check_exited(run_self("argv", envp), 0);
}

static void exec_passes_environment(void)
{
	char *envp[] = { (char *)"CHECK=value", (char *)"X=", NULL };

	check_exited(run_self("envp", envp), 0);
}

static void exec_closes_cloexec(void)
{
	char argument[32];
	int keep = open("/dev/null", O_RDONLY);
	int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char *envp[] = { NULL };

	EXPECT_OK(keep);
	EXPECT_OK(closed);
	snprintf(argument, sizeof(argument), "fds:%d:%d", keep, closed);
	check_exited(run_self(argument, envp), 0);
}

static void ignore_signal(int sig)
{
	(void)sig;
}

static void exec_resets_handlers_keeps_ignored(void)
{
	char *envp[] = { NULL };

	signal(SIGUSR1, ignore_signal);
	signal(SIGUSR2, SIG_IGN);
	check_exited(run_self("signals", envp), 0);
}

static void exec_of_nothing_is_enoent(void)
{
	char *argv[] = { (char *)"x", NULL };

	EXPECT_ERRNO(execve("/nowhere/at/all", argv, argv + 1), ENOENT);
	EXPECT_ERRNO(execve("", argv, argv + 1), ENOENT);
	EXPECT_ERRNO(execve("/dev/null", argv, argv + 1), EACCES);
	EXPECT_ERRNO(execve("/", argv, argv + 1), EACCES);
}

static void write_script(const char *text)
{
	int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	EXPECT_OK(fd);
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
	EXPECT_OK(close(fd));
}

static pid_t run_script(void)
{
	char *argv[] = { (char *)"script", (char *)"one", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execve("./script", argv, argv + 2);
		_exit(errno);
	}
	return pid;
}

static void exec_runs_scripts(void)
{
	check_enter_tmpdir();
	write_script("#!/bin/sh\nexit 17\n");
	check_exited(run_script(), 17);
	write_script("#! /bin/sh -e\nfalse\nexit 0\n");
	check_exited(run_script(), 1);
	write_script("#!/nowhere/sh\n");
	check_exited(run_script(), ENOENT);
}

static void exec_big_arguments_are_e2big(void)
{
	size_t size = 64 << 20;
	char *big = malloc(size);
	char *argv[] = { (char *)"x", big, NULL };
	char *envp[] = { NULL };

	if (!big)
		check_skip("no memory for the argument");
	memset(big, 'a', size - 1);
	big[size - 1] = '\0';
	EXPECT_ERRNO(execve(self_path, argv, envp), E2BIG);
}

static void exec_takes_many_arguments(void)
{
	char *argv[1004] = { (char *)"name", (char *)"-exec", (char *)"count" };
	char *envp[] = { NULL };
	pid_t pid;

	for (int i = 3; i < 1003; i++)
		argv[i] = (char *)"argument";
	pid = fork();
	if (pid == 0) {
		execve(self_path, argv, envp);
		_exit(126);
	}
	check_exited(pid, 0);
}

static void *thread_add(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
	return arg;
}

static void threads_share_memory(void)
{
	pthread_t threads[8];
	int counter = 0;
	void *result;

	for (int i = 0; i < 8; i++)
		EXPECT_EQ(
			pthread_create(&threads[i], NULL, thread_add, &counter),
			0);
	for (int i = 0; i < 8; i++) {
		EXPECT_EQ(pthread_join(threads[i], &result), 0);
		EXPECT(result == &counter);
	}
	EXPECT_EQ(counter, 8);
}

static void *thread_ids(void *arg)
{
	pid_t *ids = arg;

	ids[0] = getpid();
	ids[1] = (pid_t)syscall(SYS_gettid);
	return NULL;
}

static void threads_share_the_pid(void)
{
	pthread_t thread;
	pid_t ids[2];

	EXPECT_EQ(pthread_create(&thread, NULL, thread_ids, ids), 0);
	EXPECT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(ids[0], getpid());
	EXPECT(ids[1] != getpid());
	EXPECT_EQ(syscall(SYS_gettid), getpid());
}

static void *thread_exit_group(void *arg)
{
	(void)arg;
	_exit(21);
}

static int exit_from_thread(void *arg)
{
	pthread_t thread;

	pthread_create(&thread, NULL, thread_exit_group, arg);
	return wait_for_ever(NULL);
}

static void exit_group_ends_all_threads(void)
{
	check_exited(check_child(exit_from_thread, NULL), 21);
}

static void *thread_pause(void *arg)
{
	wait_for_ever(arg);
	return NULL;
}

static int exec_with_threads(void *arg)
{
	char *argv[] = { (char *)"name", (char *)"-exec", (char *)"argv",
			 NULL };
	char *envp[] = { (char *)"A=b", NULL };
	pthread_t thread;

	(void)arg;
	for (int i = 0; i < 3; i++)
		pthread_create(&thread, NULL, thread_pause, NULL);
	execve(self_path, argv, envp);
	return 126;
}

static void exec_ends_other_threads(void)
{
	check_exited(check_child(exec_with_threads, NULL), 0);
}

static int clone_work(void *arg)
{
	*(volatile int *)arg = 1;
	return 6;
}

static void clone_with_shared_memory(void)
{
	static volatile int value;
	char *stack = malloc(65536);
	pid_t pid;

	value = 0;
	EXPECT(stack);
	pid = clone(clone_work, stack + 65536, CLONE_VM | SIGCHLD,
		    (void *)&value);
	EXPECT_OK(pid);
	check_exited(pid, 6);
	EXPECT_EQ(value, 1);
}

static void clone_bad_flags_are_einval(void)
{
	/* A thread without shared handlers, handlers without shared memory. */
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0), EINVAL);
	EXPECT_ERRNO(syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0), EINVAL);
}

static void groups_and_sessions(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		/* The test leads its group, its child does not. */
		EXPECT_EQ(setsid(), getpid());
		EXPECT_EQ(getsid(0), getpid());
		EXPECT_EQ(getpgrp(), getpid());
		EXPECT_ERRNO(setsid(), EPERM);
		EXPECT_ERRNO(setpgid(0, 0), EPERM);
		_exit(0);
	}
	check_exited(pid, 0);
	EXPECT_EQ(getpgid(0), getpgrp());
	EXPECT_ERRNO(getpgid(1 << 30), ESRCH);
	EXPECT_ERRNO(setpgid(0, -1), EINVAL);
}

static void resource_usage_counts(void)
{
	struct rusage usage;
	volatile unsigned long work = 0;
	pid_t pid = fork();

	if (pid == 0) {
		for (unsigned long i = 0; i < 30000000; i++)
			work += i;
		_exit(0);
	}
	EXPECT_EQ(wait4(pid, NULL, 0, &usage), pid);
	EXPECT(usage.ru_utime.tv_sec || usage.ru_utime.tv_usec);
}

/* A number is waited for only if it is that of a child. */
static void wait_for_no_child_is_echild(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	EXPECT_ERRNO(waitpid(getppid(), NULL, WNOHANG), ECHILD);
	EXPECT_ERRNO(waitpid(getpid(), NULL, WNOHANG), ECHILD);
	EXPECT_ERRNO(waitpid(0x3fffffff, NULL, WNOHANG), ECHILD);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERRNO(waitpid(child, NULL, WNOHANG), ECHILD);
}

/* C libraries choose by it how they copy: it is known, and stays. */
static void hwprobe_knows_misaligned_loads(void)
{
	struct riscv_hwprobe pairs[] = {
		{ .key = RISCV_HWPROBE_KEY_CPUPERF_0 },
		{ .key = RISCV_HWPROBE_KEY_MISALIGNED_SCALAR_PERF },
		{ .key = 0x7fffffff },
	};

	EXPECT_EQ(syscall(__NR_riscv_hwprobe, pairs, 3, 0, NULL, 0), 0);
	EXPECT(pairs[0].value == RISCV_HWPROBE_MISALIGNED_SLOW ||
	       pairs[0].value == RISCV_HWPROBE_MISALIGNED_FAST);
	EXPECT_EQ(pairs[1].value, pairs[0].value);
	EXPECT_EQ(pairs[2].key, -1);
}

static void many_children_in_turn(void)
{
	int code = 0;

	for (int i = 0; i < 200; i++)
		check_exited(check_child(exit_with, &code), 0);
}

static const struct check_test tests[] = {
	{ "exit_status_is_the_low_byte", exit_status_is_the_low_byte, 0 },
	{ "fork_copies_memory", fork_copies_memory, 0 },
	{ "fork_gives_pids", fork_gives_pids, 0 },
	{ "fork_shares_file_offsets", fork_shares_file_offsets, 0 },
	{ "vfork_shares_memory_and_waits", vfork_shares_memory_and_waits, 0 },
	{ "wait_without_children_is_echild", wait_without_children_is_echild,
	  0 },
	{ "wait_for_no_child_is_echild", wait_for_no_child_is_echild, 0 },
	{ "wait_nohang_returns_0", wait_nohang_returns_0, 0 },
	{ "wait_takes_any_child", wait_takes_any_child, 0 },
	{ "waitid_reports_without_reaping", waitid_reports_without_reaping, 0 },
	{ "wait_by_process_group", wait_by_process_group, 0 },
	{ "orphans_get_another_parent", orphans_get_another_parent, 0 },
	{ "zombies_keep_their_pid", zombies_keep_their_pid, 0 },
	{ "exec_passes_arguments", exec_passes_arguments, 0 },
	{ "exec_passes_environment", exec_passes_environment, 0 },
	{ "exec_closes_cloexec", exec_closes_cloexec, 0 },
	{ "exec_resets_handlers_keeps_ignored",
	  exec_resets_handlers_keeps_ignored, 0 },
	{ "exec_of_nothing_is_enoent", exec_of_nothing_is_enoent, 0 },
	{ "exec_runs_scripts", exec_runs_scripts, 0 },
	{ "exec_big_arguments_are_e2big", exec_big_arguments_are_e2big, 0 },
	{ "exec_takes_many_arguments", exec_takes_many_arguments, 0 },
	{ "threads_share_memory", threads_share_memory, 0 },
	{ "threads_share_the_pid", threads_share_the_pid, 0 },
	{ "exit_group_ends_all_threads", exit_group_ends_all_threads, 0 },
	{ "exec_ends_other_threads", exec_ends_other_threads, 0 },
	{ "clone_with_shared_memory", clone_with_shared_memory, 0 },
	{ "clone_bad_flags_are_einval", clone_bad_flags_are_einval, 0 },
	{ "groups_and_sessions", groups_and_sessions, 0 },
	{ "resource_usage_counts", resource_usage_counts, 0 },
	{ "hwprobe_knows_misaligned_loads", hwprobe_knows_misaligned_loads, 0 },
	{ "many_children_in_turn", many_children_in_turn, 60 },
};

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int exec_check_fds(const char *text)
{
	int keep, closed;

	if (sscanf(text, "fds:%d:%d", &keep, &closed) != 2)
		return 1;
	return is_open(keep) && !is_open(closed) ? 0 : 2;
}

static int exec_check_signals(void)
{
	struct sigaction handled, ignored;

	sigaction(SIGUSR1, NULL, &handled);
	sigaction(SIGUSR2, NULL, &ignored);
	return handled.sa_handler == SIG_DFL && ignored.sa_handler == SIG_IGN
		       ? 0
		       : 1;
}

/* What this program does when a test has executed it. */
static int exec_role(int argc, char **argv)
{
	const char *value = getenv("CHECK");

	if (strcmp(argv[2], "argv") == 0)
		return argc == 3 && strcmp(argv[0], "name") == 0 && !argv[3]
			       ? 0
			       : 1;
	if (strcmp(argv[2], "envp") == 0)
		return value && strcmp(value, "value") == 0 && getenv("X") &&
				       !getenv("PATH")
			       ? 0
			       : 1;
	if (strcmp(argv[2], "count") == 0)
		return argc == 1003 ? 0 : 1;
	if (strcmp(argv[2], "signals") == 0)
		return exec_check_signals();
	return exec_check_fds(argv[2]);
}

int main(int argc, char **argv)
{
	ssize_t len;

	if (argc > 2 && strcmp(argv[1], "-exec") == 0)
		return exec_role(argc, argv);
	len = readlink("/proc/self/exe", self_path, sizeof(self_path) - 1);
	if (len < 0 && argv[0][0] == '/')
		snprintf(self_path, sizeof(self_path), "%s", argv[0]);
	return check_main(argc, argv, tests, CHECK_ARRAY_SIZE(tests));
}
