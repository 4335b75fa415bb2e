#!/usr/bin/env bash
# Runs every test, and installs what the tests need: a real Redis (Debian's redis-server) and the npm clients.
#   ./test.sh            everything
#   ./test.sh --fast     no format check, no clients
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
fast=${1:-}

say() { printf '\n== %s\n' "$*"; }

if ! command -v redis-server >/dev/null; then
  say "installing redis-server"
  sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
  if ! command -v apt-get >/dev/null; then
    echo "The tests need a redis-server (7.0 or newer) on the PATH." >&2
    exit 1
  fi
  $sudo apt-get update -qq
  # The tests start their own servers; the package's service is not wanted.
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $sudo apt-get install -y -qq --no-install-recommends redis-server >/dev/null
fi

say "build"
dotnet build PromptCache.sln -c Release -v quiet -nologo

if [ "$fast" != "--fast" ]; then
  say "format"
  dotnet format PromptCache.sln --verify-no-changes --no-restore
fi

# Under nohup SIGHUP is ignored, and so it would be by the gateways whose reload by SIGHUP is tested.
signals=""
if env --default-signal=HUP true 2>/dev/null; then signals="env --default-signal=HUP"; fi

passed=0 failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

for project in tests/*.Tests; do
  name=$(basename "$project")
  say "$name"
  $signals dotnet test "$project" -c Release --no-build --nologo -v quiet --logger "console;verbosity=minimal" 2>&1 | tee "$log/$name" || true
  summary=$(grep -E '(Passed|Failed)! +- ' "$log/$name" | tail -1 || true)
  if [ -z "$summary" ]; then
    echo "$name ran no test" >&2
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + $(sed -E 's/.*Passed: *([0-9]+).*/\1/' <<<"$summary")))
  failed=$((failed + $(sed -E 's/.*Failed: *([0-9]+).*/\1/' <<<"$summary")))
done

if [ "$fast" != "--fast" ]; then
  say "clients"
  (cd tests/clients && npm install --no-audit --no-fund --silent && node run.mjs) 2>&1 | tee "$log/clients" || true
  passed=$((passed + $(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$log/clients" | tail -1 | grep . || echo 0)))
  failed=$((failed + $(sed -nE 's/^(#|ℹ) fail ([0-9]+)$/\2/p' "$log/clients" | tail -1 | grep . || echo 1)))

  say "demo"
  if dotnet run --project src/PromptCache.Gateway -c Release --no-build -- demo; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
fi

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
