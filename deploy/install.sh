#!/usr/bin/env bash
# Installs everything on a fresh server with Docker: asks for a domain, makes secrets, gets a certificate, starts.
#   sudo deploy/install.sh hotel.example.com operator@example.com
# Again on a server that has it: changes nothing but what is missing.
set -euo pipefail
cd "$(dirname "$0")/compose"

die() { printf 'install: %s\n' "$@" >&2; exit 1; }

domain=${1:-} email=${2:-}
[ -n "$domain" ] && [ -n "$email" ] || die "say which domain and which e-mail address: $0 hotel.example.com you@example.com"
command -v docker >/dev/null || die "Docker is missing: https://docs.docker.com/engine/install/"
docker compose version >/dev/null 2>&1 || die "Docker's compose plugin is missing: https://docs.docker.com/compose/install/linux/"

version=$(git -C ../.. describe --tags --always --dirty)
docker build -f ../docker/Dockerfile --build-arg "VERSION=$version" -t "botreserva:$version" ../..

secret() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

if [ ! -e .env ]; then
	umask 077
	password=$(secret 12)
	cat >.env <<EOF
# Made by install.sh. Keep a copy in a safe place: ENCRYPTION_KEY opens the hotels' tokens and BACKUP_KEY
# the backups, and nothing else does.
DOMAIN=$domain
BOTRESERVA_VERSION=$version
POSTGRES_PASSWORD=$(secret 24)
REDIS_PASSWORD=$(secret 24)
METRICS_TOKEN=$(secret 24)
GRAFANA_PASSWORD=$(secret 12)
JWT_SECRET=$(secret 32)
JWT_REFRESH_SECRET=$(secret 32)
ENCRYPTION_KEY=$(secret 32)
BACKUP_KEY=$(docker run --rm "botreserva:$version" backup keygen)
SUPER_ADMIN_EMAIL=$email
SUPER_ADMIN_PASSWORD=$password
# From Meta's app dashboard, when the hotels share one app:
WHATSAPP_APP_SECRET=
WHATSAPP_WEBHOOK_VERIFY_TOKEN=$(secret 16)
# Where alerts are posted to: any address that takes Alertmanager's webhook.
ALERT_WEBHOOK_URL=http://127.0.0.1:9
EOF
	echo "install: wrote $(pwd)/.env; first log-in: $email / $password"
fi
grep -q "^DOMAIN=$domain\$" .env || die "$(pwd)/.env is of another domain"

compose() { docker compose --env-file .env -f production.yml "$@"; }

if ! compose run --rm --no-deps --entrypoint test certbot -e "/etc/letsencrypt/live/$domain/fullchain.pem"; then
	compose run --rm --no-deps -p 80:80 --entrypoint certbot certbot certonly --standalone -d "$domain" \
		-m "$email" --agree-tos --non-interactive
fi
../upgrade.sh
echo "install: ready at https://$domain"
