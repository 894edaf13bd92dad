// SPDX-License-Identifier: MIT
/*
 * chown: change owner and group ("user", "user:group", ":group").
 */
#include "applets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <user/lib/util.h>

struct chown_owner {
	uid_t uid;
	gid_t gid;
	bool recursive, no_follow;
};

static int chown_one(const char *path, const char *name, void *arg)
{
	const struct chown_owner *owner = arg;
	bool follow = !name && !owner->no_follow;
	int status = 0;
	struct stat st;

	if (follow ? chown(path, owner->uid, owner->gid)
		   : lchown(path, owner->uid, owner->gid)) {
		warn_errno("%s", path);
		return 1;
	}
	if (owner->recursive && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		status = dir_for_each(path, chown_one, arg);
	return status;
}

static bool chown_parse(const char *spec, struct chown_owner *owner)
{
	const char *colon = strchr(spec, ':');
	char *name = xstrdup(spec);
	gid_t login_group = (gid_t)-1;
	bool ok = true;

	owner->uid = (uid_t)-1;
	owner->gid = (gid_t)-1;
	name[strcspn(name, ":")] = '\0';
	if (*name)
		ok = user_find(name, &owner->uid, &login_group);
	if (ok && colon && colon[1])
		ok = group_find(colon + 1, &owner->gid);
	else if (ok && colon)
		owner->gid = login_group;
	free(name);
	return ok;
}

int chown_main(int argc, char **argv)
{
	struct chown_owner owner = { 0 };
	int status = 0;
	int option;

	while ((option = opt_next(argc, argv, "Rh")) != -1) {
		if (option == '?')
			return usage_error(
				"chown [-Rh] [USER][:GROUP] FILE...");
		owner.recursive |= option == 'R';
		owner.no_follow |= option == 'h';
	}
	if (argc - optind < 2)
		return usage_error("chown [-Rh] [USER][:GROUP] FILE...");
	if (!chown_parse(argv[optind], &owner)) {
		warn_msg("%s: no such user or group", argv[optind]);
		return 1;
	}
	for (int i = optind + 1; i < argc; i++)
		status |= chown_one(argv[i], NULL, &owner);
	return status;
}
