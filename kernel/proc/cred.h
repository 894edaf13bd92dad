// SPDX-License-Identifier: MIT
/*
 * Credentials: who a task is.  Immutable and shared by reference; a change is a
 * copy that replaces the old one.  See credentials(7), capabilities(7).
 */
#pragma once

#include <core/refcount.h>
#include <lib/types.h>

#define NGROUPS_MAX_KEEL 64

struct cred {
	refcount_t refs; /* [a]; the rest [I] */
	uint32_t uid, euid, suid, fsuid;
	uint32_t gid, egid, sgid, fsgid;
	uint32_t nr_groups;
	uint32_t groups[NGROUPS_MAX_KEEL];
	uint64_t cap_effective, cap_permitted, cap_inheritable, cap_bounding,
		cap_ambient;
	uint32_t securebits; /* SECBIT_* of <linux/securebits.h> */
};

/* Of the running task; kernel threads are root. */
const struct cred *current_cred(void);
static inline const struct cred *cred_get(const struct cred *cred)
{
	refcount_get(&((struct cred *)cred)->refs);
	return cred;
}
void cred_put(const struct cred *cred);
/* A copy to change, one reference; NULL: no memory. */
struct cred *cred_copy(const struct cred *cred);
/* Make it the current task's; takes the reference over. */
void cred_install(const struct cred *cred);
/* fsgid or supplementary */
bool cred_in_group(const struct cred *cred, uint32_t gid);
/* CAP_* of <linux/capability.h>, effective, current */
bool capable(unsigned cap);
/* A user id changed: root's capabilities come and go with it. */
void cred_fix_capabilities(struct cred *cred, const struct cred *old);
