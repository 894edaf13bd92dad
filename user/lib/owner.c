// SPDX-License-Identifier: MIT
/*
 * Users and groups by name and by number.
 */
#include "util.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>

/* The last one looked up: long listings ask for it again and again. */
struct last_name {
	unsigned int id;
	char text[32]; /* empty: none yet */
};

/* The number itself stands for who has no name. */
static const char *name_or_number(struct last_name *last, unsigned int id,
				  const char *(*find)(unsigned int id))
{
	const char *name;

	if (last->text[0] && id == last->id)
		return last->text;
	name = find(id);
	if (name)
		snprintf(last->text, sizeof(last->text), "%s", name);
	else
		snprintf(last->text, sizeof(last->text), "%u", id);
	last->id = id;
	return last->text;
}

static const char *find_user(unsigned int uid)
{
	const struct passwd *entry = getpwuid(uid);

	return entry ? entry->pw_name : NULL;
}

static const char *find_group(unsigned int gid)
{
	const struct group *entry = getgrgid(gid);

	return entry ? entry->gr_name : NULL;
}

const char *user_name(uid_t uid)
{
	static struct last_name last;

	return name_or_number(&last, uid, find_user);
}

const char *group_name(gid_t gid)
{
	static struct last_name last;

	return name_or_number(&last, gid, find_group);
}

bool user_find(const char *name, uid_t *uid, gid_t *gid)
{
	struct passwd *entry = getpwnam(name);
	long number;

	if (entry) {
		*uid = entry->pw_uid;
		*gid = entry->pw_gid;
		return true;
	}
	if (!parse_number(name, 0, 0xfffffffeL, &number))
		return false;
	*uid = (uid_t)number;
	*gid = (gid_t)-1;
	return true;
}

bool group_find(const char *name, gid_t *gid)
{
	struct group *entry = getgrnam(name);
	long number;

	if (entry) {
		*gid = entry->gr_gid;
		return true;
	}
	if (!parse_number(name, 0, 0xfffffffeL, &number))
		return false;
	*gid = (gid_t)number;
	return true;
}
