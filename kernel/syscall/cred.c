// SPDX-License-Identifier: MIT
/*
 * User and group ids, supplementary groups; credentials(7).  An id of -1 means
 * "leave it".
 */
#include <syscall/handlers.h>

#include <linux/capability.h>

#include <lib/errno.h>
#include <mm/usercopy.h>
#include <proc/cred.h>
#include <proc/task.h>

#define ID_NONE UINT32_MAX

/* getuid(2), number 174.  Like the next three, it cannot fail. */
long sys_getuid(const struct syscall_args *args)
{
	(void)args;
	return current_cred()->uid;
}

/* geteuid(2), number 175. */
long sys_geteuid(const struct syscall_args *args)
{
	(void)args;
	return current_cred()->euid;
}

/* getgid(2), number 176. */
long sys_getgid(const struct syscall_args *args)
{
	(void)args;
	return current_cred()->gid;
}

/* getegid(2), number 177. */
long sys_getegid(const struct syscall_args *args)
{
	(void)args;
	return current_cred()->egid;
}

/* Three 32-bit ids where args 0 to 2 point: 0 or -EFAULT. */
static long put_three(const struct syscall_args *args, uint32_t real,
		      uint32_t effective, uint32_t saved)
{
	if (put_user(real, (uint32_t __user *)args->arg[0]) ||
	    put_user(effective, (uint32_t __user *)args->arg[1]) ||
	    put_user(saved, (uint32_t __user *)args->arg[2]))
		return -EFAULT;
	return 0;
}

/* getresuid(2), number 148.  0 or -EFAULT. */
long sys_getresuid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();

	return put_three(args, cred->uid, cred->euid, cred->suid);
}

/* getresgid(2), number 150.  0 or -EFAULT. */
long sys_getresgid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();

	return put_three(args, cred->gid, cred->egid, cred->sgid);
}

/* --- Changing -------------------------------------------------------- */

/* One of the ids that an unprivileged process may take on. */
static bool uid_is_mine(const struct cred *cred, uint32_t uid)
{
	return uid == ID_NONE || uid == cred->uid || uid == cred->euid ||
	       uid == cred->suid;
}

static bool gid_is_mine(const struct cred *cred, uint32_t gid)
{
	return gid == ID_NONE || gid == cred->gid || gid == cred->egid ||
	       gid == cred->sgid;
}

/* Set the ids that are not ID_NONE; the fsuid follows the effective one. */
static long change_uids(uint32_t uid, uint32_t euid, uint32_t suid)
{
	const struct cred *old = current_cred();
	struct cred *cred = cred_copy(old);

	if (!cred)
		return -ENOMEM;
	if (uid != ID_NONE)
		cred->uid = uid;
	if (euid != ID_NONE)
		cred->euid = euid;
	if (suid != ID_NONE)
		cred->suid = suid;
	cred->fsuid = cred->euid;
	cred_fix_capabilities(cred, old);
	cred_install(cred);
	return 0;
}

static long change_gids(uint32_t gid, uint32_t egid, uint32_t sgid)
{
	struct cred *cred = cred_copy(current_cred());

	if (!cred)
		return -ENOMEM;
	if (gid != ID_NONE)
		cred->gid = gid;
	if (egid != ID_NONE)
		cred->egid = egid;
	if (sgid != ID_NONE)
		cred->sgid = sgid;
	cred->fsgid = cred->egid;
	cred_install(cred);
	return 0;
}

/* setuid(2), number 146. */
long sys_setuid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t uid = (uint32_t)args->arg[0];

	if (uid == ID_NONE)
		return -EINVAL;
	if (capable(CAP_SETUID))
		return change_uids(uid, uid, uid);
	if (uid != cred->uid && uid != cred->suid)
		return -EPERM;
	return change_uids(ID_NONE, uid, ID_NONE);
}

/* setgid(2), number 144. */
long sys_setgid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t gid = (uint32_t)args->arg[0];

	if (gid == ID_NONE)
		return -EINVAL;
	if (capable(CAP_SETGID))
		return change_gids(gid, gid, gid);
	if (gid != cred->gid && gid != cred->sgid)
		return -EPERM;
	return change_gids(ID_NONE, gid, ID_NONE);
}

/* setreuid(2), number 145: the saved id follows when the real one is set. */
long sys_setreuid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t uid = (uint32_t)args->arg[0];
	uint32_t euid = (uint32_t)args->arg[1];
	uint32_t suid = ID_NONE;

	if (!capable(CAP_SETUID) &&
	    (!uid_is_mine(cred, euid) ||
	     (uid != ID_NONE && uid != cred->uid && uid != cred->euid)))
		return -EPERM;
	if (uid != ID_NONE || (euid != ID_NONE && euid != cred->uid))
		suid = euid != ID_NONE ? euid : cred->euid;
	return change_uids(uid, euid, suid);
}

/* setregid(2), number 143. */
long sys_setregid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t gid = (uint32_t)args->arg[0];
	uint32_t egid = (uint32_t)args->arg[1];
	uint32_t sgid = ID_NONE;

	if (!capable(CAP_SETGID) &&
	    (!gid_is_mine(cred, egid) ||
	     (gid != ID_NONE && gid != cred->gid && gid != cred->egid)))
		return -EPERM;
	if (gid != ID_NONE || (egid != ID_NONE && egid != cred->gid))
		sgid = egid != ID_NONE ? egid : cred->egid;
	return change_gids(gid, egid, sgid);
}

/* setresuid(2), number 147. */
long sys_setresuid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t uid = (uint32_t)args->arg[0];
	uint32_t euid = (uint32_t)args->arg[1];
	uint32_t suid = (uint32_t)args->arg[2];

	if (!capable(CAP_SETUID) &&
	    !(uid_is_mine(cred, uid) && uid_is_mine(cred, euid) &&
	      uid_is_mine(cred, suid)))
		return -EPERM;
	return change_uids(uid, euid, suid);
}

/* setresgid(2), number 149. */
long sys_setresgid(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	uint32_t gid = (uint32_t)args->arg[0];
	uint32_t egid = (uint32_t)args->arg[1];
	uint32_t sgid = (uint32_t)args->arg[2];

	if (!capable(CAP_SETGID) &&
	    !(gid_is_mine(cred, gid) && gid_is_mine(cred, egid) &&
	      gid_is_mine(cred, sgid)))
		return -EPERM;
	return change_gids(gid, egid, sgid);
}

/*
 * setfsuid(2), number 151: returns the old one, also when it may not or cannot
 * be changed; that is all the page offers to tell.
 */
long sys_setfsuid(const struct syscall_args *args)
{
	const struct cred *old = current_cred();
	uint32_t uid = (uint32_t)args->arg[0];
	uint32_t old_uid = old->fsuid;
	struct cred *cred;

	if (uid == ID_NONE || !(capable(CAP_SETUID) || uid_is_mine(old, uid)))
		return old_uid;
	cred = cred_copy(old);
	if (!cred)
		return old_uid;
	cred->fsuid = uid;
	cred_install(cred);
	return old_uid;
}

/* setfsgid(2), number 152: as setfsuid(2). */
long sys_setfsgid(const struct syscall_args *args)
{
	const struct cred *old = current_cred();
	uint32_t gid = (uint32_t)args->arg[0];
	uint32_t old_gid = old->fsgid;
	struct cred *cred;

	if (gid == ID_NONE || !(capable(CAP_SETGID) || gid_is_mine(old, gid)))
		return old_gid;
	cred = cred_copy(old);
	if (!cred)
		return old_gid;
	cred->fsgid = gid;
	cred_install(cred);
	return old_gid;
}

/* --- Groups ---------------------------------------------------------- */

/* getgroups(2), number 158. */
long sys_getgroups(const struct syscall_args *args)
{
	const struct cred *cred = current_cred();
	int size = (int)args->arg[0];

	if (size < 0)
		return -EINVAL;
	if (!size)
		return cred->nr_groups;
	if ((uint32_t)size < cred->nr_groups)
		return -EINVAL;
	if (copy_to_user((void __user *)args->arg[1], cred->groups,
			 cred->nr_groups * sizeof(cred->groups[0])))
		return -EFAULT;
	return cred->nr_groups;
}

/* setgroups(2), number 159. */
long sys_setgroups(const struct syscall_args *args)
{
	unsigned long size = args->arg[0];
	struct cred *cred;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (size > NGROUPS_MAX_KEEL)
		return -EINVAL;
	cred = cred_copy(current_cred());
	if (!cred)
		return -ENOMEM;
	if (copy_from_user(cred->groups, (const void __user *)args->arg[1],
			   size * sizeof(cred->groups[0]))) {
		cred_put(cred);
		return -EFAULT;
	}
	cred->nr_groups = (uint32_t)size;
	cred_install(cred);
	return 0;
}
