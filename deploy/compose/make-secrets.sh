#!/bin/sh
# Creates the secrets that docker-compose.yml mounts, in .secrets/ beside it. Existing files are not changed.
set -eu

folder="${1:-$(dirname "$0")/../../.secrets}"
mkdir -p "$folder"
# Only you can open the folder. The files are world-readable for the containers' own users.
chmod 700 "$folder"

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
create() {
  if [ -e "$folder/$1" ]; then return; fi
  printf '%s\n' "$2" > "$folder/$1"
  chmod 444 "$folder/$1"
  echo "made $folder/$1"
}

# The passwords are parts of URLs: replace the characters that are special there.
password() { random 24 | tr '+/' '-_'; }

create postgres_password "$(password)"
create database_url "postgresql://ghostpost:$(cat "$folder/postgres_password")@postgres:5432/ghostpost"
create redis_config "requirepass $(password)"
create queue_url "redis://:$(sed -n 's/^requirepass //p' "$folder/redis_config")@redis:6379"
create secret_keys "k1:$(random 32)"
