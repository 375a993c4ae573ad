#!/usr/bin/env bash
# Runs every fuzz target of the module for a while, one after the other: scripts/fuzz.sh 1m [name]
# What one finds is kept as a case in its package's testdata/fuzz, so that the usual tests hold it from then on.
set -euo pipefail

time=${1:-1m}
wanted=${2:-}
failed=()

for file in $(grep -rl --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' internal | sort); do
	package=./$(dirname "$file")
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		[[ -z $wanted || $target == *"$wanted"* ]] || continue
		echo "== $package $target, $time"
		go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 100x || failed+=("$package $target")
	done
done

if ((${#failed[@]})); then
	printf 'something was found by:\n' >&2
	printf '  %s\n' "${failed[@]}" >&2
	exit 1
fi
