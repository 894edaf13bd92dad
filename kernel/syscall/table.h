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
SYSCALL(brk, sys_brk)
SYSCALL(munmap, sys_munmap)
SYSCALL(mremap, sys_mremap)
SYSCALL(mmap, sys_mmap)
SYSCALL(mprotect, sys_mprotect)
SYSCALL(msync, sys_msync)
SYSCALL(mlock, sys_mlock)
SYSCALL(munlock, sys_munlock)
SYSCALL(mlockall, sys_mlockall)
SYSCALL(munlockall, sys_munlockall)
SYSCALL(mincore, sys_mincore)
SYSCALL(madvise, sys_madvise)
SYSCALL(getrandom, sys_getrandom)
SYSCALL(membarrier, sys_membarrier)
SYSCALL(mlock2, sys_mlock2)
