// SPDX-License-Identifier: MIT
/* The system's names, as uname(2) tells them. */
#pragma once

#include <linux/utsname.h>

enum uts_field { UTS_HOSTNAME, UTS_DOMAINNAME };

/* Any thread context. */
void uts_name_get(struct new_utsname *name);
/* name fits: at most __NEW_UTS_LEN characters. */
void uts_name_set(enum uts_field field, const char *name);
