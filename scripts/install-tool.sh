#!/usr/bin/env bash
# Builds one pinned tool into .tools/bin, once per version:
#
#   scripts/install-tool.sh golangci-lint
#
# Each tool is a Go module of its own under tools/, so that its dependencies never meet the product's.
# The stamp holds the checksums of that module and the Go version; while they stand, nothing is built.
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:?usage: scripts/install-tool.sh NAME (a folder of tools/)}
module=tools/$name
binary=.tools/bin/$name
stamp=.tools/$name.stamp

if [ ! -f "$module/go.mod" ]; then
	echo "install-tool: there is no $module/go.mod" >&2
	exit 1
fi

want="$(cat "$module/go.mod" "$module/go.sum" | cksum) $(go env GOVERSION GOOS GOARCH | tr '\n' ' ')"
if [ -x "$binary" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
	exit 0
fi

package=$(sed -n 's/^tool //p' "$module/go.mod")
echo "building $name, once per version (golangci-lint: one to three minutes)"
mkdir -p .tools/bin
# Two builds at once would write the same file: build aside, then rename.
fresh=$(mktemp ".tools/bin/.$name.XXXXXX")
trap 'rm -f "$fresh"' EXIT
# Pure Go: no C compiler is needed, and the binary runs on any Linux of the same architecture.
CGO_ENABLED=0 go -C "$module" build -mod=readonly -o "$PWD/$fresh" "$package"
mv "$fresh" "$binary"
trap - EXIT
printf '%s\n' "$want" >"$stamp"
