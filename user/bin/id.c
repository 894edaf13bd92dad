// SPDX-License-Identifier: MIT
/*
 * id: who we are.
 */
#include "applets.h"

#include <unistd.h>

#include <user/lib/util.h>

int id_main(int argc, char **argv)
{
	bool user = false, group = false, name = false;
	gid_t groups[64];
	int option, count;

	while ((option = opt_next(argc, argv, "ugn")) != -1) {
		if (option == '?')
			return usage_error("id [-u | -g] [-n]");
		user |= option == 'u';
		group |= option == 'g';
		name |= option == 'n';
	}
	if (user || group) {
		unsigned int number = user ? geteuid() : getegid();

		if (name)
			puts(user ? user_name(number) : group_name(number));
		else
			printf("%u\n", number);
		return finish_output(0);
	}
	printf("uid=%u(%s) gid=%u(%s)", geteuid(), user_name(geteuid()),
	       getegid(), group_name(getegid()));
	count = getgroups(ARRAY_SIZE(groups), groups);
	for (int i = 0; i < count; i++)
		printf("%s%u(%s)", i ? "," : " groups=", groups[i],
		       group_name(groups[i]));
	putchar('\n');
	return finish_output(0);
}
