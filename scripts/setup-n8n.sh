#!/usr/bin/env bash
# setup-n8n.sh [folder]: a real n8n with a node of its own, in .tools/n8n unless another folder is named.
# Needs node, npm and a C++ compiler. What was installed once is not installed again until the lock changes.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD/n8n/e2e
to=${1:-$PWD/.tools/n8n}
want=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-16)
[ "$(cat "$to/stamp" 2>/dev/null)" = "$want" ] && exit 0

began=$SECONDS
for tool in node npm g++ make python3; do
	command -v "$tool" >/dev/null || { echo "setup-n8n: $tool is missing; on Debian: sudo apt-get install nodejs npm build-essential python3" >&2; exit 1; }
done
mkdir -p "$to"
rm -f "$to/stamp"
cp "$here/package.json" "$here/package-lock.json" "$to/"
node "$here/addresses.mjs" "$to/package-lock.json" "$(npm config get registry 2>/dev/null)"
cd "$to"
# Not npm ci: it wants optional packages of other systems, which not every registry has. No scripts: n8n
# needs none of them but that of sqlite3, whose binary comes from GitHub or, here, from the compiler.
npm i --ignore-scripts --legacy-peer-deps --omit-lockfile-registry-resolved=false --no-audit --no-fund --no-update-notifier --loglevel=error >npm.log 2>&1 ||
	{ tail -20 npm.log >&2; echo "setup-n8n: n8n cannot be installed" >&2; exit 1; }
node_dir=$(ls -d "$to"/node_modules/node-linux-*/ | head -1)
export PATH=$node_dir/bin:$PATH
# Without optimization: 40 s instead of 130 s, and no test here waits for SQLite.
CFLAGS=-O0 CXXFLAGS=-O0 MAKEFLAGS=-j2 npm_config_nodedir=$node_dir npm rebuild sqlite3 --build-from-source >sqlite.log 2>&1 ||
	{ tail -20 sqlite.log >&2; echo "setup-n8n: sqlite3 cannot be compiled" >&2; exit 1; }
node -e 'require(process.argv[1])' "$to/node_modules/sqlite3"
echo "$want" >stamp
echo "n8n $(node node_modules/n8n/bin/n8n --version) is set up in $to after $((SECONDS - began)) s"
