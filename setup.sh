#!/usr/bin/env bash
# Installs what Keel's build and tests need, on Debian 12: host packages with
# apt, and riscv64 packages of Debian 13 into a cache of our own.
#
#   ./setup.sh               MIRROR=URL overrides the Debian mirror
#
# Quick when nothing is missing.  The host's apt configuration stays as it is.
set -euo pipefail

HOST_PACKAGES=(
	gcc libc6-dev gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
	scons device-tree-compiler e2fsprogs libfdt-dev
	qemu-system-misc qemu-user gdb-multiarch u-boot-qemu opensbi
	python3-pytest python3-pexpect python3-pytest-xdist
	sparse cppcheck clang-format lld gnuplot-nox
	debian-archive-keyring ca-certificates
)

# Of Debian 13; site_scons/site_tools/debian.py unpacks the first six.
RISCV_PACKAGES=(
	musl musl-dev libfdt-dev linux-libc-dev busybox-static bash-static
	opensbi linux-image-riscv64
)

cache="${XDG_CACHE_HOME:-$HOME/.cache}/keel"
debs="$cache/debs"

say() { printf 'setup: %s\n' "$*"; }
die() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		command -v sudo >/dev/null || die "need root or sudo for: $*"
		sudo "$@"
	fi
}

missing_host_packages() {
	dpkg-query -W -f '${Package} ${Status}\n' "${HOST_PACKAGES[@]}" \
		2>/dev/null | awk '/ok installed$/ { print $1 }' | sort -u |
		comm -13 - <(printf '%s\n' "${HOST_PACKAGES[@]}" | sort -u)
}

install_host_packages() {
	local missing
	mapfile -t missing < <(missing_host_packages)
	[ "${#missing[@]}" -gt 0 ] || return 0

	say "installing ${#missing[@]} packages: ${missing[*]}"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update ||
		die "apt-get update failed; is the network up?"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		--no-install-recommends install "${missing[@]}" >/dev/null ||
		die "apt-get install failed"
}

# Linux's package has its version in its name; linux-image-riscv64 only
# depends on it.
file_name() {
	case "$1" in
	linux-image-riscv64) echo 'linux-image-[0-9]*' ;;
	*) echo "$1" ;;
	esac
}

missing_riscv_packages() {
	local name
	for name in "${RISCV_PACKAGES[@]}"; do
		compgen -G "$debs/$(file_name "$name")_*.deb" >/dev/null ||
			echo "$name"
	done
}

# The mirror that the host itself uses for Debian, or the public one.
mirror() {
	local found
	found=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
	echo "${MIRROR:-${found:-http://deb.debian.org/debian}}"
}

# A tool of apt with state, cache, lists and configuration of its own.
private_apt() {
	"$1" -qq -o "Dir::State=$cache/apt/state" \
		-o "Dir::State::status=$cache/apt/state/status" \
		-o "Dir::Cache=$cache/apt/cache" \
		-o "Dir::Etc=$cache/apt/etc" \
		-o "Dir::Etc::sourcelist=$cache/apt/etc/sources.list" \
		-o "Dir::Etc::sourceparts=$cache/apt/etc/none" \
		-o "APT::Architecture=riscv64" -o "APT::Architectures=riscv64" \
		-o "APT::Sandbox::User=root" "${@:2}"
}

prepare_private_apt() {
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	mkdir -p "$cache"/apt/{state/lists/partial,cache/archives/partial} \
		"$cache"/apt/etc/{none,preferences.d,apt.conf.d} "$debs"
	: >"$cache/apt/state/status"
	echo "deb [arch=riscv64 signed-by=$keyring] $(mirror) trixie main" \
		>"$cache/apt/etc/sources.list"
}

package_name() {
	case "$1" in
	linux-image-riscv64)
		private_apt apt-cache depends "$1" |
			awk '$1 == "Depends:" { print $2; exit }'
		;;
	*) echo "$1" ;;
	esac
}

fetch_riscv_packages() {
	local missing name
	mapfile -t missing < <(missing_riscv_packages)
	[ "${#missing[@]}" -gt 0 ] || return 0

	say "fetching Debian 13 riscv64 packages: ${missing[*]}"
	prepare_private_apt
	private_apt apt-get update || die "no package lists from $(mirror)"
	for name in "${missing[@]}"; do
		(cd "$debs" &&
			private_apt apt-get download "$(package_name "$name")") ||
			die "download of $name failed; is the network up?"
	done
}

command -v apt-get >/dev/null ||
	die "this script knows Debian only; docs/building.md lists what to install"
install_host_packages
fetch_riscv_packages
say "all there; next: scons run"
