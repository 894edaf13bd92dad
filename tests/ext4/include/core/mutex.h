// SPDX-License-Identifier: MIT
/* Stands for kernel/core/mutex.h on the host; see core/thread.h there. */
#pragma once

#include <core/waitq.h>

struct mutex {
	struct thread *owner;
};

static inline void mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	(void)rank;
	mutex->owner = NULL;
}

static inline bool mutex_is_held(const struct mutex *mutex)
{
	return mutex->owner == current_thread();
}

static inline void mutex_lock(struct mutex *mutex)
{
	if (mutex_is_held(mutex))
		abort();
	host_may_sleep();
	while (mutex->owner)
		host_sleep();
	mutex->owner = current_thread();
}

static inline void mutex_unlock(struct mutex *mutex)
{
	if (!mutex_is_held(mutex))
		abort();
	mutex->owner = NULL;
	host_wake();
}

struct rwsem {
	int holders; /* -1: a writer */
	struct thread *writer;
};

static inline void rwsem_init(struct rwsem *sem, enum lock_rank rank)
{
	(void)rank;
	sem->holders = 0;
	sem->writer = NULL;
}

static inline bool rwsem_is_write_held(const struct rwsem *sem)
{
	return sem->writer == current_thread();
}

static inline void rwsem_read_lock(struct rwsem *sem)
{
	if (rwsem_is_write_held(sem))
		abort();
	host_may_sleep();
	while (sem->holders < 0)
		host_sleep();
	sem->holders++;
}

static inline void rwsem_read_unlock(struct rwsem *sem)
{
	if (sem->holders <= 0)
		abort();
	sem->holders--;
	host_wake();
}

static inline void rwsem_write_lock(struct rwsem *sem)
{
	if (rwsem_is_write_held(sem))
		abort();
	host_may_sleep();
	while (sem->holders)
		host_sleep();
	sem->holders = -1;
	sem->writer = current_thread();
}

static inline void rwsem_write_unlock(struct rwsem *sem)
{
	if (!rwsem_is_write_held(sem))
		abort();
	sem->holders = 0;
	sem->writer = NULL;
	host_wake();
}
