#!/usr/bin/env bash
# Makes sure that the programs the tests need are on this machine. Go and Node are asked of whoever works on
# the project; git, a C compiler (the race detector links with it), Redis (tests start their own), ffmpeg
# (makes voice notes), Chromium (pages are tried in it), nginx and promtool (settings are tried with them) and age
# (opens backups) are installed when root on Debian, otherwise named.
# PostgreSQL has a script of its own, setup-postgres.sh.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

die() {
	printf 'setup: %s\n' "$@" >&2
	exit 1
}

have go || die "Go is missing; install 1.26 or newer: https://go.dev/doc/install"
if ! have node || ! have npm; then
	die "Node with npm is missing; install 20 or newer: https://nodejs.org/en/download (Debian 13: apt-get install nodejs npm)"
fi
version=$(node --version)
major=${version#v}
if [ "${major%%.*}" -lt 20 ]; then
	die "Node $version is too old; install 20 or newer: https://nodejs.org/en/download"
fi

packages=()
have git || packages+=(git)
have gcc || have clang || have cc || packages+=(gcc libc6-dev)
have redis-server || have valkey-server || packages+=(redis-server)
have ffmpeg || packages+=(ffmpeg)
have chromium || packages+=(chromium)
have nginx || [ -x /usr/sbin/nginx ] || packages+=(nginx-light)
have age || packages+=(age)
have promtool || packages+=(prometheus)
if [ ${#packages[@]} -eq 0 ]; then
	exit 0
fi

if [ "$(id -u)" != 0 ] || ! have apt-get; then
	die "missing: ${packages[*]}" "on Debian or Ubuntu: sudo apt-get install ${packages[*]}"
fi
echo "setup: installing ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
# Debian starts and enables what is a service. Tests want the programs only: this is how a machine says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod +x "$policy"
	trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
if have systemctl; then
	for service in redis-server nginx-light prometheus; do
		case " ${packages[*]} " in *" $service "*) systemctl disable --quiet "${service%-light}" 2>/dev/null || true ;; esac
	done
fi
