// SPDX-License-Identifier: MIT
/*
 * The system's names.  The release is the version of Linux whose system calls
 * we follow: programs test it to see what they may use.
 */
#include <proc/hostname.h>

#include <string.h>

#include <core/lock.h>
#include <core/version.h>

static spinlock_t uts_lock = SPINLOCK_INIT(LOCK_LEAF);
static struct new_utsname uts_name = {
	.sysname = "Linux",
	.nodename = "keel",
	.release = "6.12.0-keel",
	.version = "Keel " KEEL_RELEASE,
	.machine = "riscv64",
	.domainname = "(none)",
}; /* [uts_lock] */

void uts_name_get(struct new_utsname *name)
{
	spin_lock(&uts_lock);
	*name = uts_name;
	spin_unlock(&uts_lock);
}

void uts_name_set(enum uts_field field, const char *name)
{
	char *to =
		field == UTS_HOSTNAME ? uts_name.nodename : uts_name.domainname;

	spin_lock(&uts_lock);
	memset(to, 0, __NEW_UTS_LEN + 1);
	memcpy(to, name, strnlen(name, __NEW_UTS_LEN));
	spin_unlock(&uts_lock);
}
