#!/usr/bin/env bash
# Installs what the tests start and this machine lacks: Debian packages, and Azurite into tests/tools/node_modules.
# Prints nothing where everything is there.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"

# program -> Debian package
missing=()
for pair in node:nodejs npm:npm redis-server:redis-server prometheus:prometheus chromium:chromium; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "installs ${missing[*]}"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -E)
  { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || { tail -20 "$log"; exit 1; }
  rm "$log"
  # The tests start servers of their own; those that came with the packages stay off.
  for service in redis-server prometheus; do
    if [[ " ${missing[*]} " == *" $service "* ]]; then "${as_root[@]}" service "$service" stop >/dev/null 2>&1 || true; fi
  done
fi

wanted=$(sed -nE 's/.*"azurite": "([^"]+)".*/\1/p' tools/package.json)
found=$(sed -nE 's/^  "version": "([^"]+)".*/\1/p' tools/node_modules/azurite/package.json 2>/dev/null || true)
if [ "$found" != "$wanted" ]; then
  echo "installs azurite $wanted"
  (cd tools && npm install --no-package-lock --no-audit --no-fund --loglevel=error >/dev/null)
fi
