// SPDX-License-Identifier: MIT
/*
 * The list of system calls: Linux's name (its number is __NR_name of
 * <asm/unistd.h>) and the handler.  By number.
 *
 * Included with SYSCALL() defined by who wants prototypes, the dispatch table
 * or names; so without #pragma once.
 */
SYSCALL(personality, sys_personality)
SYSCALL(futex, sys_futex)
SYSCALL(set_robust_list, sys_set_robust_list)
SYSCALL(get_robust_list, sys_get_robust_list)
SYSCALL(nanosleep, sys_nanosleep)
SYSCALL(clock_settime, sys_clock_settime)
SYSCALL(clock_gettime, sys_clock_gettime)
SYSCALL(clock_getres, sys_clock_getres)
SYSCALL(clock_nanosleep, sys_clock_nanosleep)
SYSCALL(syslog, sys_syslog)
SYSCALL(restart_syscall, sys_restart_syscall)
SYSCALL(reboot, sys_reboot)
SYSCALL(uname, sys_uname)
SYSCALL(sethostname, sys_sethostname)
SYSCALL(setdomainname, sys_setdomainname)
SYSCALL(getcpu, sys_getcpu)
SYSCALL(gettimeofday, sys_gettimeofday)
SYSCALL(settimeofday, sys_settimeofday)
SYSCALL(sysinfo, sys_sysinfo)
SYSCALL(getrandom, sys_getrandom)
