#!/usr/bin/env bash
# Builds the version that is checked out and puts it in place of the running one, one instance after the other: nobody waits,
# nothing is lost. The schema is brought up to date by the first new instance, in a way that the old one still works with.
set -euo pipefail
cd "$(dirname "$0")/compose"

[ -e .env ] || { echo "upgrade: there is no .env; run install.sh first" >&2; exit 1; }
compose() { docker compose --env-file .env -f production.yml "$@"; }

version=$(git -C ../.. describe --tags --always --dirty)
docker build -f ../docker/Dockerfile --build-arg "VERSION=$version" -t "botreserva:$version" ../..
previous=$(sed -n 's/^BOTRESERVA_VERSION=//p' .env)
sed -i "s/^BOTRESERVA_VERSION=.*/BOTRESERVA_VERSION=$version/" .env

compose up -d --wait postgres redis
for instance in app-1 app-2; do
	if ! compose up -d --no-deps --wait "$instance"; then
		sed -i "s/^BOTRESERVA_VERSION=.*/BOTRESERVA_VERSION=$previous/" .env
		echo "upgrade: $instance does not start with $version; its log:" >&2
		compose logs --tail 30 "$instance" >&2
		echo "upgrade: .env names $previous again; docker compose up -d $instance brings it back" >&2
		exit 1
	fi
done
compose up -d --wait
echo "upgrade: $version is running"
