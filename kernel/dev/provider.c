// SPDX-License-Identifier: MIT
/*
 * Lists of devices that serve others.
 *
 * Entries are only ever put in front, complete: readers need no lock.
 */
#include <dev/provider.h>

#include <lib/errno.h>

#include <dev/device.h>

void provider_add(struct provider_list *list, struct provider *provider)
{
	struct provider *first =
		__atomic_load_n(&list->first, __ATOMIC_RELAXED);

	do {
		provider->next = first;
	} while (!__atomic_compare_exchange_n(&list->first, &first, provider,
					      false, __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}

struct provider *provider_find(const struct provider_list *list, int node)
{
	/* Pairs with the release in provider_add(). */
	struct provider *provider =
		__atomic_load_n(&list->first, __ATOMIC_ACQUIRE);

	while (provider && provider->node != node)
		provider = provider->next;
	return provider;
}

int provider_resolve(const struct provider_list *list, int node,
		     const char *property_name, const char *cells_name,
		     int index, struct provider **provider,
		     struct dt_args *args)
{
	int ret = dt_get_args(device_tree(), node, property_name, cells_name,
			      index, args);

	if (ret)
		return ret == -FDT_ERR_NOTFOUND ? -ENOENT : -EINVAL;
	*provider = provider_find(list, args->node);
	return *provider ? 0 : -EPROBE_DEFER;
}
