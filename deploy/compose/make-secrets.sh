#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, in .secrets/ beside it. What is there already stays as it is.
set -eu

folder="${1:-$(dirname "$0")/../../.secrets}"
mkdir -p "$folder"
# Nobody but you gets into the folder; the files themselves are read by the containers' own users.
chmod 700 "$folder"

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
keep() {
  if [ -e "$folder/$1" ]; then return; fi
  printf '%s\n' "$2" > "$folder/$1"
  chmod 444 "$folder/$1"
  echo "made $folder/$1"
}

# The password goes into a URL: letters that mean something there are exchanged.
keep postgres_password "$(random 24 | tr '+/' '-_')"
keep database_url "postgresql://ghostpost:$(cat "$folder/postgres_password")@postgres:5432/ghostpost"
keep secret_keys "k1:$(random 32)"
