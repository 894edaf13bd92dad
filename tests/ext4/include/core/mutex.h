// SPDX-License-Identifier: MIT
/* Stands for kernel/core/mutex.h on the host; see core/lock.h there. */
#pragma once

#include <core/waitq.h>

struct mutex {
	bool held;
};

static inline void mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	(void)rank;
	mutex->held = false;
}

static inline void mutex_lock(struct mutex *mutex)
{
	if (mutex->held)
		abort();
	mutex->held = true;
}

static inline void mutex_unlock(struct mutex *mutex)
{
	if (!mutex->held)
		abort();
	mutex->held = false;
}

static inline bool mutex_is_held(const struct mutex *mutex)
{
	return mutex->held;
}

struct rwsem {
	int holders; /* -1: a writer */
};

static inline void rwsem_init(struct rwsem *sem, enum lock_rank rank)
{
	(void)rank;
	sem->holders = 0;
}

static inline void rwsem_read_lock(struct rwsem *sem)
{
	if (sem->holders)
		abort();
	sem->holders = 1;
}

static inline void rwsem_read_unlock(struct rwsem *sem)
{
	if (sem->holders != 1)
		abort();
	sem->holders = 0;
}

static inline void rwsem_write_lock(struct rwsem *sem)
{
	if (sem->holders)
		abort();
	sem->holders = -1;
}

static inline void rwsem_write_unlock(struct rwsem *sem)
{
	if (sem->holders != -1)
		abort();
	sem->holders = 0;
}

static inline bool rwsem_is_write_held(const struct rwsem *sem)
{
	return sem->holders < 0;
}
